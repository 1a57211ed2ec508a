/** A source of Python's random integers. */
export interface PythonRandom {
  /** `random.randint(low, high)`: uniform in [low, high], both included, at most 2^53 apart. */
  integer(low: number, high: number): number;
  /** `random.random()`: uniform in [0, 1). */
  fraction(): number;
}

const size = 624;

/** A word inside the state; the index is never outside. */
const wordAt = (state: Uint32Array, index: number): number => state[index] as number;

/** The state of MT19937 after `init_by_array([seed])`, as Python seeds it from a whole number below 2^32. */
function initialState(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = 19650218;
  const mixed = (index: number): number => wordAt(state, index) ^ (wordAt(state, index) >>> 30);
  for (let index = 1; index < size; index++) state[index] = Math.imul(mixed(index - 1), 1812433253) + index;
  let position = 1;
  const step = (factor: number, add: number): void => {
    const previous = mixed(position - 1);
    state[position] = (wordAt(state, position) ^ Math.imul(previous, factor)) + add;
    position++;
    if (position < size) return;
    state[0] = wordAt(state, size - 1);
    position = 1;
  };
  for (let count = 0; count < size; count++) step(1664525, seed);
  for (let count = 0; count < size - 1; count++) step(1566083941, -position);
  state[0] = 0x80000000;
  return state;
}

/** Python's `random.Random(seed)` (Matsumoto and Nishimura 1998, MT19937) for whole seeds below 2^32. */
export function pythonRandom(seed: number): PythonRandom {
  const state = initialState(seed);
  let next = size;
  const refill = (): void => {
    for (let index = 0; index < size; index++) {
      const high = wordAt(state, index) & 0x80000000;
      const joined = high | (wordAt(state, (index + 1) % size) & 0x7fffffff);
      const odd = joined & 1 ? 0x9908b0df : 0;
      state[index] = wordAt(state, (index + 397) % size) ^ (joined >>> 1) ^ odd;
    }
    next = 0;
  };
  const uint32 = (): number => {
    if (next >= size) refill();
    let value = wordAt(state, next++);
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  };
  /** Words come lowest first; the last one gives its upper bits. */
  const bits = (count: number): number =>
    count <= 32 ? uint32() >>> (32 - count) : uint32() + (uint32() >>> (64 - count)) * 0x100000000;
  return {
    fraction: () => ((uint32() >>> 5) * 0x4000000 + (uint32() >>> 6)) / 2 ** 53,
    integer(low, high) {
      const range = high - low + 1;
      const count = Math.floor(Math.log2(range)) + 1;
      for (;;) {
        const value = bits(count);
        if (value < range) return low + value;
      }
    },
  };
}
