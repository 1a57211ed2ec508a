import { normalCdf, normalCritical } from './normal-distribution.ts';
import type { Interval } from './wilson.ts';

/** Paired right-or-wrong outcomes; counts may be fractional (effective sample sizes). */
export interface PairedCounts {
  /** Pairs where only the first is right. */
  readonly gained: number;
  /** Pairs where only the second is right. */
  readonly lost: number;
  /** All pairs. */
  readonly n: number;
}

/** Tango's score statistic (1998) for the hypothesis that the difference of paired proportions is `difference`; at 0 it is McNemar's z without continuity correction. */
export function tangoStatistic({ gained, lost, n }: PairedCounts, difference: number): number {
  const distance = gained - lost - n * difference;
  if (distance === 0) return 0;
  const b = (2 * n - gained + lost) * difference - gained - lost;
  const c = -lost * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, b * b - 8 * n * c));
  // Both forms are the same root; each avoids cancellation on its side.
  const lostShare = b > 0 ? (-2 * c) / (b + root) : (root - b) / (4 * n);
  return distance / Math.sqrt(n * Math.max(0, 2 * lostShare + difference * (1 - difference)));
}

/** Tango's interval at a given critical value: the differences whose statistic lies within it. */
export function tangoScoreInterval(counts: PairedCounts, critical: number): Interval {
  const observed = (counts.gained - counts.lost) / counts.n;
  const crossing = (end: number, isInside: (statistic: number) => boolean): number => {
    let [inside, outside] = [observed, end];
    for (;;) {
      const middle = (inside + outside) / 2;
      if (middle === inside || middle === outside) return middle;
      if (isInside(tangoStatistic(counts, middle))) inside = middle;
      else outside = middle;
    }
  };
  return {
    low: observed === -1 ? -1 : crossing(-1, (statistic) => statistic <= critical),
    high: observed === 1 ? 1 : crossing(1, (statistic) => statistic >= -critical),
  };
}

/** Tango's score interval (1998) for the difference of paired proportions, inside [−1,1]; n = 0 gives [−1,1]. */
export function tangoInterval(counts: PairedCounts, level = 0.95): Interval {
  const { gained, lost, n } = counts;
  if (!(gained >= 0 && lost >= 0 && gained + lost <= n && n < Infinity))
    throw new RangeError(`tangoInterval needs gained + lost <= n, got ${gained} + ${lost} of ${n}`);
  return n === 0 ? { low: -1, high: 1 } : tangoScoreInterval(counts, normalCritical(level));
}

/** Two-sided p-value that agrees with `tangoInterval`: below 1 − level exactly when the interval excludes 0. */
export const tangoPValue = (counts: PairedCounts): number => 2 * normalCdf(-Math.abs(tangoStatistic(counts, 0)));
