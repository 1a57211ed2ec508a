import { isEstimated, type Estimate } from '../core/estimate.ts';

/**
 * Difference `a − b` of two estimates from independent samples, its interval by square-and-add from theirs (MOVER: Zou and Donner 2008,
 * Newcombe's method 10 where both are Wilson intervals); `n` is the smaller of the two. Unavailable where one of them is.
 */
export function independentDifference(a: Estimate, b: Estimate): Estimate {
  if (!isEstimated(a)) return a;
  if (!isEstimated(b)) return b;
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
    level: a.level,
    method: 'mover',
    n: Math.min(a.n, b.n),
  };
}
