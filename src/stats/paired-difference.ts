import { type Estimate, unavailable, type Unavailable } from '../core/estimate.ts';
import { clusteredMean, clusterTotals, type ClusterTotal } from './clustered-mean.ts';
import { normalCdf, normalCritical } from './normal-distribution.ts';
import { studentTCdf, studentTCritical } from './student-t.ts';
import { imaginedWeight } from './proportion-estimate.ts';
import { type PairedCounts, tangoScoreInterval, tangoStatistic } from './tango.ts';
import type { Interval } from './wilson.ts';

export interface PairedOptions {
  /** One label a pair; pairs with the same label share a source. */
  readonly clusters?: readonly string[];
  /** Lowest and highest possible score, default [0,1]; equal differences are judged by it. */
  readonly range?: readonly [number, number];
}

/** A mean paired difference a − b with an interval at any level and the p-value that agrees with it. */
export interface PairedDifference {
  /** Mean of a − b. */
  readonly value: number;
  readonly pairs: number;
  /** Independent units: clusters, or pairs. */
  readonly n: number;
  readonly method: string;
  /** Two-sided: below 1 − level exactly when the interval at that level excludes 0. */
  readonly pValue: number;
  /** Pairs that carry as much information when independent: pairs / design effect. */
  readonly effectiveSize: number;
  /** Variance of one independent difference for plans; above 0 also where no difference was seen. */
  readonly variance: number;
  /** True where all scores are 0 or 1, so that `variance` is the share of pairs that differ. */
  readonly binary: boolean;
  readonly interval: (level: number) => Interval;
}

/** Mean difference a − b of paired scores: Tango's score interval where all scores are 0 or 1, else Student's t, with effective sizes and t on G−1 degrees of freedom when pairs are clustered. */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  options: PairedOptions = {},
): PairedDifference | Unavailable {
  const { clusters, range = [0, 1] } = options;
  if (a.length !== b.length) throw new RangeError(`paired scores need equal counts, got ${a.length} and ${b.length}`);
  const scores = [...a, ...b];
  if (!scores.every((score) => score >= range[0] && score <= range[1]))
    throw new RangeError(`paired scores must lie in [${range[0]}, ${range[1]}]`);
  if (a.length === 0) return unavailable('no sample was scored in both');
  const differences = a.map((score, index) => score - (b[index] as number));
  const totals = clusterTotals(differences, clusters);
  if (totals.length === 1 && a.length > 1) return unavailable(`all ${a.length} pairs belong to one cluster`);
  if (scores.every((score) => score === 0 || score === 1)) return ofOutcomes(differences, totals);
  if (a.length === 1) return unavailable('one pair has no interval');
  return ofMeans(totals, differences.length, range[1] - range[0]);
}

/** The p-value and critical value of a design: normal for independent pairs, t on G−1 degrees of freedom for clusters. */
function reference(totals: readonly ClusterTotal[], pairs: number) {
  const degrees = totals.length === pairs ? Infinity : totals.length - 1;
  return {
    pValue: (statistic: number) => 2 * studentTCdf(-Math.abs(statistic), degrees),
    critical: (level: number) => studentTCritical(level, degrees),
  };
}

function ofOutcomes(differences: readonly number[], totals: readonly ClusterTotal[]): PairedDifference {
  const n = differences.length;
  const effectiveSize = totals.length === n ? n : effectivePairs(differences, totals);
  const scale = effectiveSize / n;
  const counts: PairedCounts = {
    gained: differences.filter((difference) => difference > 0).length * scale,
    lost: differences.filter((difference) => difference < 0).length * scale,
    n: effectiveSize,
  };
  const { pValue, critical } = reference(totals, n);
  return {
    value: differences.reduce((sum, difference) => sum + difference, 0) / n,
    pairs: n,
    n: totals.length,
    method: totals.length === n ? 'tango' : 'tango-clustered',
    pValue: pValue(tangoStatistic(counts, 0)),
    effectiveSize,
    variance: smoothedShare(counts.gained + counts.lost, effectiveSize),
    binary: true,
    interval: (level) => tangoScoreInterval(counts, critical(level)),
  };
}

/** Pairs over the design effect, at most the pairs; imagined clusters keep few or equal differences from counting as independent, as in `effectiveSampleSize`. */
function effectivePairs(differences: readonly number[], totals: readonly ClusterTotal[]): number {
  const pairs = differences.length;
  const size = pairs / totals.length;
  const imagined = [1, -1].map((sign) => ({ sum: sign * size, n: size, weight: imaginedWeight }));
  const { mean, standardError, n } = clusteredMean([...totals, ...imagined]);
  const squares =
    differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) +
    imagined.reduce((sum, cluster) => sum + cluster.weight * size * (cluster.sum / size - mean) ** 2, 0);
  const designEffect = (standardError ** 2 * n * (n - 1)) / squares;
  return Math.min(pairs, pairs / designEffect);
}

function ofMeans(totals: readonly ClusterTotal[], pairs: number, width: number): PairedDifference {
  const { mean, standardError, clusters } = clusteredMean(totals);
  // Rounding leaves about 1e-16 where all differences are equal.
  if (standardError <= 1e-12 * width) return { ...ofEqualDifferences(mean, clusters, width), pairs };
  const degrees = clusters - 1;
  return {
    value: mean,
    pairs,
    n: clusters,
    method: clusters === pairs ? 'paired-t' : 'clustered-paired-t',
    pValue: 2 * studentTCdf(-Math.abs(mean) / standardError, degrees),
    effectiveSize: clusters,
    variance: clusters * standardError ** 2,
    binary: false,
    interval: (level) => {
      const half = studentTCritical(level, degrees) * standardError;
      return { low: Math.max(-width, mean - half), high: Math.min(width, mean + half) };
    },
  };
}

/** Equal differences show no spread: at most the share z²/(n+z²) of the population differs (Wilson's limit for 0 of n), in the worst case by the whole range. */
function ofEqualDifferences(difference: number, n: number, width: number): Omit<PairedDifference, 'pairs'> {
  return {
    value: difference,
    n,
    method: 'wilson-equal-values',
    pValue: 2 * normalCdf(-Math.sqrt((n * Math.abs(difference)) / width)),
    effectiveSize: n,
    variance: smoothedShare(0, n) * width ** 2,
    binary: false,
    interval: (level) => {
      const square = normalCritical(level) ** 2;
      const share = square / (n + square);
      return { low: difference - share * (difference + width), high: difference + share * (width - difference) };
    },
  };
}

/** The centre of Wilson's 95 % interval: a share for plans that is never 0. */
function smoothedShare(count: number, n: number): number {
  const square = normalCritical(0.95) ** 2;
  return (count + square / 2) / (n + square);
}

/** Estimate of the mean difference a − b of paired scores; unavailable without pairs and where no interval exists. */
export function pairedDifferenceEstimate(
  a: readonly number[],
  b: readonly number[],
  options: PairedOptions & { readonly level?: number } = {},
): Estimate {
  const difference = pairedDifference(a, b, options);
  return 'unavailable' in difference ? difference : estimateOf(difference, options.level ?? 0.95);
}

/** The estimate of a paired difference at a level. */
export const estimateOf = (difference: PairedDifference, level: number): Estimate => ({
  value: difference.value,
  ...difference.interval(level),
  level,
  method: difference.method,
  n: difference.n,
});
