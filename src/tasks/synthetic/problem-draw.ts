import type { Rng } from '../../stats/rng.ts';
import { people, things } from '../reasoning/word-lists.ts';

/** One more calculation of a word problem: what is told, what is calculated, and how the problem asks when it ends here. */
export interface ProblemStage {
  readonly told: string;
  /** As it stands in a worked solution, without its result: `12 + 5`. */
  readonly sum: string;
  readonly result: number;
  readonly asked: string;
}

/** Draws the names and numbers of a word problem; ranges grow with the level. */
export interface ProblemDraw {
  readonly name: string;
  readonly other: string;
  readonly thing: string;
  /** A number to add or take away. */
  amount(): number;
  /** A number to multiply or divide by. */
  factor(): number;
  /** A whole number from 1 to below `limit`; 1 when there is none. */
  below(limit: number): number;
  /** A divisor of a number, neither 1 nor itself; null when it has none up to 12. */
  divisorOf(value: number): number | null;
}

const amounts: readonly (readonly [number, number])[] = [
  [2, 9],
  [11, 60],
  [3, 40],
  [12, 150],
];
const factors: readonly (readonly [number, number])[] = [
  [2, 5],
  [3, 12],
  [2, 9],
  [3, 15],
];

/** Levels of difficulty and how many calculations each takes: small numbers, larger ones, two steps, three steps. */
export const stagesOfLevel: readonly number[] = [1, 1, 2, 3];

/** A draw for one attempt at a problem of a level. */
export function problemDraw(rng: Rng, level: number): ProblemDraw {
  const [lowAmount, highAmount] = amounts[level] ?? [3, 40];
  const [lowFactor, highFactor] = factors[level] ?? [2, 9];
  const [name = '', other = ''] = rng.sample(people, 2);
  return {
    name,
    other,
    thing: rng.pick(things),
    amount: () => rng.integer(lowAmount, highAmount),
    factor: () => rng.integer(lowFactor, highFactor),
    below: (limit) => rng.integer(1, Math.max(1, limit - 1)),
    divisorOf: (value) => {
      const divisors = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12].filter((by) => value % by === 0 && by < value);
      return divisors.length === 0 ? null : rng.pick(divisors);
    },
  };
}
