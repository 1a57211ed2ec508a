import { isEstimated, unavailable, type Estimate } from '../core/estimate.ts';

/**
 * Mean of independent estimates, each counting the same, its interval by square-and-add from theirs (MOVER: Zou and Donner 2008); `n` is
 * their sum. `level` is the lowest of theirs. Unavailable where there is none or one of them is.
 */
export function meanOfIndependent(estimates: readonly Estimate[]): Estimate {
  const known = estimates.filter(isEstimated);
  const missing = estimates.find((estimate) => !isEstimated(estimate));
  if (missing) return missing;
  const [first] = known;
  if (first === undefined) return unavailable('nothing was measured');
  if (known.length === 1) return first;
  const k = known.length;
  const value = known.reduce((sum, estimate) => sum + estimate.value, 0) / k;
  const below = Math.hypot(...known.map((estimate) => estimate.value - estimate.low)) / k;
  const above = Math.hypot(...known.map((estimate) => estimate.high - estimate.value)) / k;
  return {
    value,
    low: value - below,
    high: value + above,
    level: Math.min(...known.map(({ level }) => level)),
    method: 'mover',
    n: known.reduce((sum, estimate) => sum + estimate.n, 0),
  };
}
