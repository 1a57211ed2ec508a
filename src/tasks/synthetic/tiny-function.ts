import type { Rng } from '../../stats/rng.ts';

/** A small Python function to write: what is asked, one right body, and asserts that only a right function passes. */
export interface TinyFunction {
  readonly name: string;
  /** The instruction, naming the function and its parameters. */
  readonly instruction: string;
  /** A whole definition, four spaces deep. */
  readonly solution: string;
  readonly tests: readonly string[];
}

interface Shape {
  readonly level: number;
  make(rng: Rng): {
    readonly name: string;
    readonly parameters: string;
    readonly returns: string;
    readonly body: string;
    readonly cases: readonly (readonly [string, string])[];
  };
}

const numbers = (rng: Rng, count: number): readonly number[] =>
  rng.sample(
    Array.from({ length: 60 }, (_, index) => index + 3),
    count,
  );

/** A function of one number given by a JavaScript double of its Python expression. */
function ofNumber(
  level: number,
  draw: (rng: Rng) => {
    readonly name: string;
    readonly says: string;
    readonly python: string;
    readonly run: (n: number) => number;
  },
): Shape {
  return {
    level,
    make: (rng) => {
      const { name, says, python, run } = draw(rng);
      const cases = numbers(rng, 4).map((n) => [String(n), String(run(n))] as const);
      return { name, parameters: 'n', returns: says, body: `return ${python}`, cases };
    },
  };
}

const words = [
  'river',
  'stone',
  'cloud',
  'green',
  'table',
  'amber',
  'north',
  'piano',
  'lemon',
  'tiger',
  'ocean',
  'candle',
];

function ofText(
  level: number,
  shape: {
    readonly name: string;
    readonly says: string;
    readonly python: string;
    readonly run: (text: string) => string;
  },
): Shape {
  return {
    level,
    make: (rng) => ({
      name: shape.name,
      parameters: 'text',
      returns: shape.says,
      body: `return ${shape.python}`,
      cases: rng.sample(words, 4).map((word) => [`'${word}'`, shape.run(word)] as const),
    }),
  };
}

function ofTwo(
  level: number,
  shape: {
    readonly name: string;
    readonly says: string;
    readonly python: string;
    readonly run: (a: number, b: number) => number;
  },
): Shape {
  return {
    level,
    make: (rng) => {
      const pairs = Array.from({ length: 4 }, () => numbers(rng, 2));
      return {
        name: shape.name,
        parameters: 'a, b',
        returns: shape.says,
        body: `return ${shape.python}`,
        cases: pairs.map(([a = 0, b = 0]) => [`${a}, ${b}`, String(shape.run(a, b))] as const),
      };
    },
  };
}

const quoted = (text: string): string => `'${text}'`;

const shapes: readonly Shape[] = [
  ofNumber(0, (rng) => {
    const k = rng.integer(2, 20);
    return { name: `add_${k}`, says: `n plus ${k}`, python: `n + ${k}`, run: (n) => n + k };
  }),
  ofNumber(0, (rng) => {
    const k = rng.integer(2, 20);
    return { name: `take_${k}`, says: `n minus ${k}`, python: `n - ${k}`, run: (n) => n - k };
  }),
  ofNumber(0, (rng) => {
    const k = rng.integer(2, 12);
    return { name: `times_${k}`, says: `n times ${k}`, python: `n * ${k}`, run: (n) => n * k };
  }),
  ofTwo(0, { name: 'add', says: 'the sum of a and b', python: 'a + b', run: (a, b) => a + b }),
  ofTwo(0, { name: 'multiply', says: 'the product of a and b', python: 'a * b', run: (a, b) => a * b }),
  ofTwo(0, { name: 'larger', says: 'the larger of a and b', python: 'max(a, b)', run: Math.max }),
  ofTwo(0, { name: 'smaller', says: 'the smaller of a and b', python: 'min(a, b)', run: Math.min }),
  ofText(0, {
    name: 'length',
    says: 'the number of characters of text',
    python: 'len(text)',
    run: (text) => String(text.length),
  }),
  ofText(0, {
    name: 'shout',
    says: 'text in capitals',
    python: 'text.upper()',
    run: (text) => quoted(text.toUpperCase()),
  }),
  ofText(0, {
    name: 'backwards',
    says: 'text reversed',
    python: 'text[::-1]',
    run: (text) => quoted(Array.from(text).toReversed().join('')),
  }),
  ofText(0, {
    name: 'first',
    says: 'the first character of text',
    python: 'text[0]',
    run: (text) => quoted(text.charAt(0)),
  }),
  ofText(0, {
    name: 'last',
    says: 'the last character of text',
    python: 'text[-1]',
    run: (text) => quoted(text.at(-1) ?? ''),
  }),
  ofNumber(1, (rng) => {
    const [k, m] = [rng.integer(2, 9), rng.integer(2, 20)];
    return {
      name: `times_${k}_plus_${m}`,
      says: `n times ${k}, plus ${m}`,
      python: `n * ${k} + ${m}`,
      run: (n) => n * k + m,
    };
  }),
  ofNumber(1, (rng) => {
    const [k, m] = [rng.integer(2, 9), rng.integer(2, 20)];
    return {
      name: `times_${k}_minus_${m}`,
      says: `n times ${k}, minus ${m}`,
      python: `n * ${k} - ${m}`,
      run: (n) => n * k - m,
    };
  }),
  ofNumber(1, (rng) => {
    const k = rng.integer(3, 9);
    return { name: `rest_${k}`, says: `the remainder of n divided by ${k}`, python: `n % ${k}`, run: (n) => n % k };
  }),
  ofTwo(1, {
    name: 'distance',
    says: 'the absolute difference of a and b',
    python: 'abs(a - b)',
    run: (a, b) => Math.abs(a - b),
  }),
  ofTwo(1, { name: 'twice_sum', says: 'twice the sum of a and b', python: '2 * (a + b)', run: (a, b) => 2 * (a + b) }),
  ofText(1, { name: 'doubled', says: 'text written twice', python: 'text * 2', run: (text) => quoted(text + text) }),
  ofText(1, {
    name: 'ends',
    says: 'the first and the last character of text together',
    python: 'text[0] + text[-1]',
    run: (text) => quoted(text.charAt(0) + (text.at(-1) ?? '')),
  }),
  ofText(1, {
    name: 'count_e',
    says: "how often 'e' stands in text",
    python: "text.count('e')",
    run: (text) => String(text.split('e').length - 1),
  }),
];

/** Levels of difficulty: one operation, two operations. */
export const tinyFunctionLevels: readonly number[] = [0, 1];

/** Makes a function of a level; the same generator state gives the same one. */
export function makeTinyFunction(rng: Rng, level: number): TinyFunction {
  const { name, parameters, returns, body, cases } = rng
    .pick(shapes.filter((shape) => shape.level === level))
    .make(rng);
  return {
    name,
    instruction: `Write a Python function ${name}(${parameters}) that returns ${returns}.`,
    solution: `def ${name}(${parameters}):\n    ${body}\n`,
    tests: cases.map(([given, wanted]) => `assert ${name}(${given}) == ${wanted}`),
  };
}
