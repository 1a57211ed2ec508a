import { normalCritical } from './normal-distribution.ts';

/** An interval, low ≤ high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval (1927) for a share at a given critical value; counts may be fractional (effective sample sizes). */
export function scoreInterval(share: number, n: number, critical: number): Interval {
  const ratio = (critical * critical) / n;
  const centre = (share + ratio / 2) / (1 + ratio);
  const half = Math.sqrt(ratio * (share * (1 - share) + ratio / 4)) / (1 + ratio);
  return {
    low: share === 0 ? 0 : Math.max(0, centre - half),
    high: share === 1 ? 1 : Math.min(1, centre + half),
  };
}

/** Wilson's score interval for a binomial proportion, inside [0,1]; n = 0 gives [0,1]. */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  if (!(successes >= 0 && successes <= n && n < Infinity))
    throw new RangeError(`wilsonInterval needs 0 <= successes <= n, got ${successes} of ${n}`);
  return n === 0 ? { low: 0, high: 1 } : scoreInterval(successes / n, n, normalCritical(level));
}
