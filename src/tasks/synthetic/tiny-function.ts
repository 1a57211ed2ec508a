import type { Rng } from '../../stats/rng.ts';
import { tinyFunctionShapes } from './tiny-function-shapes.ts';

/** A small Python function to write: what is asked, one right body, and asserts that only a right function passes. */
export interface TinyFunction {
  readonly name: string;
  /** The instruction, naming the function and its parameters. */
  readonly instruction: string;
  /** A whole definition, four spaces deep. */
  readonly solution: string;
  readonly tests: readonly string[];
}

const nameWords = (
  'river stone cloud green table amber north piano lemon tiger ocean candle silver garden window ' +
  'market bridge winter copper forest letter island marble engine summer valley pepper rocket ' +
  'velvet meadow harbor pencil basket ribbon'
).split(' ');

/** Levels of difficulty: one operation, two operations, a condition or a combination. */
export const tinyFunctionLevels: readonly number[] = [0, 1, 2];

/**
 * Makes a function of a level; the same generator state gives the same one. Names of function and parameters are drawn, so that a
 * name tells nothing of what the function does.
 */
export function makeTinyFunction(rng: Rng, level: number): TinyFunction {
  const shape = rng.pick(tinyFunctionShapes.filter((candidate) => candidate.level === level));
  const { parameters, returns, expression, cases } = shape.make(rng);
  const name = rng.sample(nameWords, 2).join('_');
  const head = `${name}(${parameters.join(', ')})`;
  return {
    name,
    instruction: `Write a Python function ${head} that returns ${returns}.`,
    solution: `def ${head}:\n    return ${expression}\n`,
    tests: cases.map(([given, wanted]) => `assert ${name}(${given}) == ${wanted}`),
  };
}
