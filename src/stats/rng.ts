/** A seeded source of random numbers: the same seed gives the same numbers on every platform. */
export interface Rng {
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0,1) with 53 bits. */
  uniform(): number;
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** One element; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A new list in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** `count` different elements in random order. */
  sample<T>(items: readonly T[], count: number): T[];
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** An independent generator for a named part, so that adding draws in one place does not move another. */
  fork(name: string): Rng;
}

/** 32-bit FNV-1a over UTF-16 code units, with a final avalanche (murmur3 fmix32). */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** splitmix32 (Steele, Lea, Flood 2014, 32-bit variant): fills the state of the main generator. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** xoshiro128** 1.1 (Blackman and Vigna 2018) seeded from any text; 32-bit integer arithmetic only. */
export function seededRng(seed: string | number): Rng {
  const key = String(seed);
  const fill = splitmix32(hash32(key));
  let [a, b, c, d] = [fill(), fill(), fill(), fill() || 1];

  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const carry = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= carry;
    d = rotateLeft(d, 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  // Rejection keeps small ranges exactly uniform.
  const below = (bound: number): number => {
    if (bound > 0x100000000) return Math.floor(uniform() * bound);
    const limit = Math.floor(0x100000000 / bound) * bound;
    for (;;) {
      const value = uint32();
      if (value < limit) return value % bound;
    }
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const copy = [...items];
    for (let index = copy.length - 1; index > 0; index--) {
      const other = below(index + 1);
      [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
    }
    return copy;
  };
  return {
    uint32,
    uniform,
    integer: (low, high) => low + below(high - low + 1),
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick from an empty list');
      return items[below(items.length)] as (typeof items)[number];
    },
    shuffle,
    sample: (items, count) => shuffle(items).slice(0, count),
    chance: (probability) => uniform() < probability,
    fork: (name) => seededRng(`${key}/${name}`),
  };
}
