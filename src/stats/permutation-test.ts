import { clusterTotals } from './clustered-mean.ts';
import type { Rng } from './rng.ts';

export interface PermutationOptions {
  /** One label a difference; differences with the same label change sign together. */
  readonly clusters?: readonly string[];
  /** Draws where enumeration would be too long. */
  readonly rng: Rng;
  /** Random sign changes where enumeration would be too long, default 20,000. */
  readonly draws?: number;
}

/** A permutation p-value and how it was found. */
export interface PermutationResult {
  /** Two-sided. */
  readonly pValue: number;
  /** True when all sign changes were counted; else the p-value is (1 + extreme) / (1 + draws) (Phipson and Smyth 2010). */
  readonly exact: boolean;
}

const enumerationLimit = 20;

/** Paired permutation test of "no difference" by changing signs (Fisher 1935): exact up to 20 clusters that differ, else by seeded draws. */
export function permutationTest(differences: readonly number[], options: PermutationOptions): PermutationResult {
  const { rng, draws = 20_000 } = options;
  const sums = clusterTotals(differences, options.clusters)
    .map(({ sum }) => sum)
    .filter((sum) => sum !== 0);
  const size = sums.reduce((total, sum) => total + Math.abs(sum), 0);
  // Sums that differ by rounding alone are ties.
  const threshold = Math.abs(sums.reduce((total, sum) => total + sum, 0)) - 1e-12 * size;
  if (sums.length <= enumerationLimit) return { pValue: countExtreme(sums, threshold) / 2 ** sums.length, exact: true };
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    let total = 0;
    for (const sum of sums) total += rng.uint32() & 1 ? sum : -sum;
    if (Math.abs(total) >= threshold) extreme += 1;
  }
  return { pValue: (1 + extreme) / (1 + draws), exact: false };
}

/** How many of the 2^n sign changes give a sum at least as far from 0 as the threshold. */
function countExtreme(sums: readonly number[], threshold: number): number {
  const count = (index: number, total: number): number => {
    const sum = sums[index];
    if (sum === undefined) return Math.abs(total) >= threshold ? 1 : 0;
    return count(index + 1, total + sum) + count(index + 1, total - sum);
  };
  return count(0, 0);
}
