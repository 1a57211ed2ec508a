import { type Estimate, unavailable } from '../core/estimate.ts';
import { anytimeInterval } from './anytime-interval.ts';
import { isEquivalent } from './equivalence.ts';

export interface UntilDecidedOptions {
  /** Differences within ±delta are a tie; share of the score's range, default 0.02. */
  readonly delta?: number;
  /** Confidence level over all tasks of the call together, default 0.95. */
  readonly level?: number;
  /** Tasks that are compared in the same call; each gets its share of the error (Bonferroni). Default 1. */
  readonly tasks?: number;
  /** Lowest and highest possible score, default [0,1]. */
  readonly range?: readonly [number, number];
}

/** What the differences so far say; may be asked after each of them without spending the error rate. */
export interface SequentialVerdict {
  readonly verdict: 'a' | 'b' | 'tied' | 'undecided';
  /** Mean of a − b with its confidence sequence. */
  readonly difference: Estimate;
}

/** Verdict on paired differences a − b that arrive in random order, one an independent unit: a or b when the confidence sequence excludes 0, tied when the 90 % sequence lies within ±delta; stopping at the first verdict keeps both error rates. */
export function untilDecided(differences: readonly number[], options: UntilDecidedOptions = {}): SequentialVerdict {
  const { delta = 0.02, level = 0.95, tasks = 1, range = [0, 1] } = options;
  if (!(Number.isInteger(tasks) && tasks >= 1))
    throw new RangeError(`untilDecided needs one task or more, got ${tasks}`);
  const n = differences.length;
  if (n === 0) return { verdict: 'undecided', difference: unavailable('no sample was scored in both') };
  const width = range[1] - range[0];
  const shares = differences.map((difference) => difference / width);
  const share = 1 - (1 - level) / tasks;
  const { low, high } = anytimeInterval(shares, share);
  const isTied = isEquivalent(anytimeInterval(shares, 0.9), delta);
  return {
    verdict: low > 0 ? 'a' : high < 0 ? 'b' : isTied ? 'tied' : 'undecided',
    difference: {
      value: differences.reduce((sum, difference) => sum + difference, 0) / n,
      low: low * width,
      high: high * width,
      level: share,
      method: 'anytime-betting',
      n,
    },
  };
}
