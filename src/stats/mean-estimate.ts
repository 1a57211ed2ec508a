import { type Estimate, unavailable } from '../core/estimate.ts';
import { clusteredMean, clusterTotals } from './clustered-mean.ts';
import { normalCritical } from './normal-distribution.ts';
import { studentTCritical } from './student-t.ts';

export interface MeanOptions {
  /** One label a value; values with the same label share a source. */
  readonly clusters?: readonly string[];
  /** Confidence level in (0,1), default 0.95. */
  readonly level?: number;
  /** Lowest and highest possible value: the interval stays inside, and equal values still get an interval. */
  readonly range?: readonly [number, number];
}

/** Estimate of a mean: Student's t, cluster-robust (CR2, G−1 degrees of freedom) when values are clustered; unavailable without values, with one independent value, and with equal values of unknown range. */
export function meanEstimate(values: readonly number[], options: MeanOptions = {}): Estimate {
  const { level = 0.95, range } = options;
  const totals = clusterTotals(values, options.clusters);
  if (values.length === 0) return unavailable('no samples were scored');
  if (range && values.some((value) => value < range[0] || value > range[1]))
    throw new RangeError(`meanEstimate got a value outside [${range[0]}, ${range[1]}]`);
  if (totals.length === 1)
    return unavailable(
      values.length === 1 ? 'one value has no interval' : `all ${values.length} values belong to one cluster`,
    );
  const n = totals.length;
  const first = values[0] ?? 0;
  if (values.every((value) => value === first)) {
    if (range === undefined) return unavailable(`all ${values.length} values are ${first}: no spread to estimate from`);
    // At most this share of the population differs (Wilson's upper limit for 0 of n), in the worst case by the whole range.
    const square = normalCritical(level) ** 2;
    const share = square / (n + square);
    const low = first - share * (first - range[0]);
    const high = first + share * (range[1] - first);
    return { value: first, low, high, level, method: 'wilson-equal-values', n };
  }
  const { mean, standardError } = clusteredMean(totals);
  const half = studentTCritical(level, n - 1) * standardError;
  const [lowest, highest] = range ?? [-Infinity, Infinity];
  return {
    value: mean,
    low: Math.max(lowest, mean - half),
    high: Math.min(highest, mean + half),
    level,
    method: n === values.length ? 'student-t' : 'clustered-t',
    n,
  };
}
