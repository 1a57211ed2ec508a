import type { Rng } from '../../stats/rng.ts';

/** What a drawn function takes and gives back, with pairs of Python literals that show it. */
interface DrawnFunction {
  readonly parameters: readonly string[];
  /** In words, as in `the sum of a and b`. */
  readonly returns: string;
  readonly expression: string;
  /** Arguments and the value wanted for them. */
  readonly cases: readonly (readonly [given: string, wanted: string])[];
}

/** A kind of function to draw from. */
interface TinyFunctionShape {
  readonly level: number;
  make(rng: Rng): DrawnFunction;
}

const numberNames = ['n', 'x', 'value', 'count'];
const pairNames: readonly (readonly [string, string])[] = [
  ['a', 'b'],
  ['x', 'y'],
  ['left', 'right'],
  ['first', 'second'],
];
const textNames = ['text', 'word', 'line', 's'];
const words = ['river', 'stone', 'cloud', 'green', 'table', 'amber', 'north', 'piano', 'lemon', 'tiger', 'ocean'];

const inputs = Array.from({ length: 60 }, (_, index) => index + 3);

/** A function of one number; `draw` gets the parameter's name. */
function ofNumber(
  level: number,
  draw: (
    n: string,
    rng: Rng,
  ) => { readonly returns: string; readonly expression: string; readonly run: (n: number) => number },
): TinyFunctionShape {
  return {
    level,
    make: (rng) => {
      const name = rng.pick(numberNames);
      const { returns, expression, run } = draw(name, rng);
      const cases = rng.sample(inputs, 4).map((n) => [String(n), String(run(n))] as const);
      return { parameters: [name], returns, expression, cases };
    },
  };
}

/** A function of two numbers. */
function ofTwo(
  level: number,
  write: (a: string, b: string) => { readonly returns: string; readonly expression: string },
  run: (a: number, b: number) => number,
): TinyFunctionShape {
  return {
    level,
    make: (rng) => {
      const parameters = rng.pick(pairNames);
      const pairs = Array.from({ length: 4 }, () => rng.sample(inputs, 2));
      const cases = pairs.map(([a = 0, b = 0]) => [`${a}, ${b}`, String(run(a, b))] as const);
      return { parameters, ...write(...parameters), cases };
    },
  };
}

/** A function of a text; `run` gives a Python literal. */
function ofText(
  level: number,
  write: (text: string) => { readonly returns: string; readonly expression: string },
  run: (text: string) => string,
): TinyFunctionShape {
  return {
    level,
    make: (rng) => {
      const name = rng.pick(textNames);
      const cases = rng.sample(words, 4).map((word) => [`'${word}'`, run(word)] as const);
      return { parameters: [name], ...write(name), cases };
    },
  };
}

const quoted = (text: string): string => `'${text}'`;

/** Kinds of function by level: one operation, two operations, and ones that take some thought. */
export const tinyFunctionShapes: readonly TinyFunctionShape[] = [
  ofNumber(0, (n, rng) => {
    const k = rng.integer(2, 20);
    return { returns: `${n} plus ${k}`, expression: `${n} + ${k}`, run: (value) => value + k };
  }),
  ofNumber(0, (n, rng) => {
    const k = rng.integer(2, 20);
    return { returns: `${n} minus ${k}`, expression: `${n} - ${k}`, run: (value) => value - k };
  }),
  ofNumber(0, (n, rng) => {
    const k = rng.integer(2, 12);
    return { returns: `${n} times ${k}`, expression: `${n} * ${k}`, run: (value) => value * k };
  }),
  ofTwo(
    0,
    (a, b) => ({ returns: `the sum of ${a} and ${b}`, expression: `${a} + ${b}` }),
    (a, b) => a + b,
  ),
  ofTwo(
    0,
    (a, b) => ({ returns: `the product of ${a} and ${b}`, expression: `${a} * ${b}` }),
    (a, b) => a * b,
  ),
  ofTwo(0, (a, b) => ({ returns: `the larger of ${a} and ${b}`, expression: `max(${a}, ${b})` }), Math.max),
  ofTwo(0, (a, b) => ({ returns: `the smaller of ${a} and ${b}`, expression: `min(${a}, ${b})` }), Math.min),
  ofText(
    0,
    (text) => ({ returns: `the number of characters of ${text}`, expression: `len(${text})` }),
    (text) => String(text.length),
  ),
  ofText(
    0,
    (text) => ({ returns: `${text} in capitals`, expression: `${text}.upper()` }),
    (text) => quoted(text.toUpperCase()),
  ),
  ofText(
    0,
    (text) => ({ returns: `${text} reversed`, expression: `${text}[::-1]` }),
    (text) => quoted(Array.from(text).toReversed().join('')),
  ),
  ofText(
    0,
    (text) => ({ returns: `the first character of ${text}`, expression: `${text}[0]` }),
    (text) => quoted(text.charAt(0)),
  ),
  ofText(
    0,
    (text) => ({ returns: `the last character of ${text}`, expression: `${text}[-1]` }),
    (text) => quoted(text.at(-1) ?? ''),
  ),
  ofNumber(1, (n, rng) => {
    const [k, m] = [rng.integer(2, 9), rng.integer(2, 20)];
    return { returns: `${n} times ${k}, plus ${m}`, expression: `${n} * ${k} + ${m}`, run: (value) => value * k + m };
  }),
  ofNumber(1, (n, rng) => {
    const [k, m] = [rng.integer(2, 9), rng.integer(2, 20)];
    return { returns: `${n} times ${k}, minus ${m}`, expression: `${n} * ${k} - ${m}`, run: (value) => value * k - m };
  }),
  ofNumber(1, (n, rng) => {
    const k = rng.integer(3, 9);
    return { returns: `the remainder of ${n} divided by ${k}`, expression: `${n} % ${k}`, run: (value) => value % k };
  }),
  ofTwo(
    1,
    (a, b) => ({ returns: `the absolute difference of ${a} and ${b}`, expression: `abs(${a} - ${b})` }),
    (a, b) => Math.abs(a - b),
  ),
  ofTwo(
    1,
    (a, b) => ({ returns: `twice the sum of ${a} and ${b}`, expression: `2 * (${a} + ${b})` }),
    (a, b) => 2 * (a + b),
  ),
  ofText(
    1,
    (text) => ({ returns: `${text} written twice`, expression: `${text} * 2` }),
    (text) => quoted(text + text),
  ),
  ofText(
    1,
    (text) => ({
      returns: `the first and the last character of ${text} together`,
      expression: `${text}[0] + ${text}[-1]`,
    }),
    (text) => quoted(text.charAt(0) + (text.at(-1) ?? '')),
  ),
  ofText(
    1,
    (text) => ({ returns: `how often 'e' stands in ${text}`, expression: `${text}.count('e')` }),
    (text) => String(text.split('e').length - 1),
  ),
  {
    level: 2,
    make: (rng) => {
      const name = rng.pick(numberNames);
      const [limit, k, m] = [rng.integer(15, 45), rng.integer(2, 9), rng.integer(2, 9)];
      const small = inputs.filter((value) => value <= limit);
      const large = inputs.filter((value) => value > limit);
      const cases = [...rng.sample(small, 2), ...rng.sample(large, 2)].map(
        (value) => [String(value), String(value > limit ? value + k : value * m)] as const,
      );
      return {
        parameters: [name],
        returns: `${name} plus ${k} if ${name} is larger than ${limit}, else ${name} times ${m}`,
        expression: `${name} + ${k} if ${name} > ${limit} else ${name} * ${m}`,
        cases,
      };
    },
  },
  ofNumber(2, (n) => ({
    returns: `the sum of the whole numbers from 1 to ${n}`,
    expression: `sum(range(1, ${n} + 1))`,
    run: (value) => (value * (value + 1)) / 2,
  })),
  ofNumber(2, (n, rng) => {
    const k = rng.integer(2, 7);
    return {
      returns: `how many whole numbers from 1 to ${n} can be divided by ${k}`,
      expression: `${n} // ${k}`,
      run: (value) => Math.floor(value / k),
    };
  }),
  ofTwo(
    2,
    (a, b) => ({
      returns: `three times the larger of ${a} and ${b}, minus the smaller`,
      expression: `3 * max(${a}, ${b}) - min(${a}, ${b})`,
    }),
    (a, b) => 3 * Math.max(a, b) - Math.min(a, b),
  ),
  ofTwo(
    2,
    (a, b) => ({ returns: `the product of ${a} and ${b}, minus their sum`, expression: `${a} * ${b} - (${a} + ${b})` }),
    (a, b) => a * b - (a + b),
  ),
  ofTwo(
    2,
    (a, b) => ({ returns: `the mean of ${a} and ${b}, rounded down`, expression: `(${a} + ${b}) // 2` }),
    (a, b) => Math.floor((a + b) / 2),
  ),
  ofText(
    2,
    (text) => ({ returns: `${text} reversed and in capitals`, expression: `${text}[::-1].upper()` }),
    (text) => quoted(Array.from(text).toReversed().join('').toUpperCase()),
  ),
  ofText(
    2,
    (text) => ({ returns: `${text} without its first and last character`, expression: `${text}[1:-1]` }),
    (text) => quoted(text.slice(1, -1)),
  ),
  ofText(
    2,
    (text) => ({ returns: `every second character of ${text}, from the first on`, expression: `${text}[::2]` }),
    (text) =>
      quoted(
        Array.from(text)
          .filter((_, index) => index % 2 === 0)
          .join(''),
      ),
  ),
  ofText(
    2,
    (text) => ({
      returns: `how many of the characters of ${text} are vowels (a, e, i, o, u)`,
      expression: `sum(c in 'aeiou' for c in ${text})`,
    }),
    (text) => String(Array.from(text).filter((character) => 'aeiou'.includes(character)).length),
  ),
];
