import { studentTCdf } from './student-t.ts';
import type { Interval } from './wilson.ts';

/** True when the whole interval lies strictly within ±delta: with a 90 % interval this is the pair of one-sided 5 % tests (Schuirmann 1987). */
export function isEquivalent({ low, high }: Interval, delta: number): boolean {
  if (!(delta > 0)) throw new RangeError(`equivalence needs delta > 0, got ${delta}`);
  return low > -delta && high < delta;
}

/** A mean difference as the one-sided tests see it. */
export interface MeanDifference {
  readonly difference: number;
  readonly standardError: number;
  /** Of Student's t; Infinity for the normal distribution. */
  readonly degrees: number;
}

/** p-value of the two one-sided tests for |difference| < delta: the larger of the two, below (1 − level)/2 exactly when the t interval at `level` lies within ±delta. */
export function equivalencePValue({ difference, standardError, degrees }: MeanDifference, delta: number): number {
  if (!(delta > 0 && standardError > 0))
    throw new RangeError(`equivalence needs delta > 0 and a standard error, got ${delta} and ${standardError}`);
  return studentTCdf((Math.abs(difference) - delta) / standardError, degrees);
}
