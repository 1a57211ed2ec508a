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
  const { mean, standardError, clusters: n } = clusteredMean(totals);
  const largest = values.reduce((most, item) => Math.max(most, Math.abs(item)), 0);
  // Rounding leaves about 1e-16 where all values are equal.
  if (standardError <= 1e-12 * largest) return ofEqualValues(mean, n, options);
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

/** Equal values show no spread: at most the share z²/(n+z²) of the population differs (Wilson's limit for 0 of n), in the worst case by the whole range. */
function ofEqualValues(value: number, n: number, { range, level = 0.95 }: MeanOptions): Estimate {
  if (range === undefined)
    return unavailable(`all ${n} independent values are ${Number(value.toPrecision(12))}: no spread to estimate from`);
  const square = normalCritical(level) ** 2;
  const share = square / (n + square);
  const low = value - share * (value - range[0]);
  const high = value + share * (range[1] - value);
  return { value, low, high, level, method: 'wilson-equal-values', n };
}
