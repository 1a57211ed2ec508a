import { type Estimate, unavailable, type Unavailable } from '../core/estimate.ts';
import { groupBy } from '../core/group-by.ts';
import { clusteredMean, clusterTotals, type ClusterTotal } from './clustered-mean.ts';
import { normalCdf, normalCritical } from './normal-distribution.ts';
import { studentTCdf, studentTCritical } from './student-t.ts';
import { imaginedWeight } from './proportion-estimate.ts';
import { type PairedCounts, tangoScoreInterval, tangoStatistic } from './tango.ts';
import type { Interval } from './wilson.ts';

export interface PairedOptions {
  /** One label a pair; pairs with the same label share a source. */
  readonly clusters?: readonly string[];
  /** One label a pair: the mean is taken within each stratum, and over the strata with the same weight each. Default one stratum. */
  readonly strata?: readonly string[];
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

/** Mean difference a − b of paired scores: Tango's score interval where all scores are 0 or 1, else Student's t, with effective sizes and t on G−1 degrees of freedom when pairs are clustered, and the mean over strata where there are some. */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  options: PairedOptions = {},
): PairedDifference | Unavailable {
  const { clusters, strata, range = [0, 1] } = options;
  if (a.length !== b.length) throw new RangeError(`paired scores need equal counts, got ${a.length} and ${b.length}`);
  const scores = [...a, ...b];
  if (!scores.every((score) => score >= range[0] && score <= range[1]))
    throw new RangeError(`paired scores must lie in [${range[0]}, ${range[1]}]`);
  if (a.length === 0) return unavailable('no sample was scored in both');
  const differences = a.map((score, index) => score - (b[index] as number));
  const totals = clusterTotals(differences, clusters);
  if (totals.length === 1 && a.length > 1) return unavailable(`all ${a.length} pairs belong to one cluster`);
  const isBinary = scores.every((score) => score === 0 || score === 1);
  if (!isBinary && a.length === 1) return unavailable('one pair has no interval');
  const width = range[1] - range[0];
  if (strata !== undefined && new Set(strata).size > 1)
    return ofStrata(strataOf(differences, strata, clusters), { totals, isBinary, width });
  return isBinary ? ofOutcomes(differences, totals) : ofMeans(totals, differences.length, width);
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
  const pairs = differences.length;
  const effectiveSize = totals.length === pairs ? pairs : effectivePairs(differences, totals);
  const { gained, lost } = flipsOf(differences);
  const scale = effectiveSize / pairs;
  return {
    ...ofCounts({ gained: gained * scale, lost: lost * scale, n: effectiveSize }, reference(totals, pairs)),
    value: (gained - lost) / pairs,
    pairs,
    n: totals.length,
    method: totals.length === pairs ? 'tango' : 'tango-clustered',
  };
}

const flipsOf = (differences: readonly number[]): Omit<PairedCounts, 'n'> => ({
  gained: differences.filter((difference) => difference > 0).length,
  lost: differences.filter((difference) => difference < 0).length,
});

/** Tango's interval for counts whose n is the effective size. */
function ofCounts(
  counts: PairedCounts,
  { pValue, critical }: ReturnType<typeof reference>,
): Omit<PairedDifference, 'value' | 'pairs' | 'n' | 'method'> {
  return {
    pValue: pValue(tangoStatistic(counts, 0)),
    effectiveSize: counts.n,
    variance: smoothedShare(counts.gained + counts.lost, counts.n),
    binary: true,
    interval: (level) => tangoScoreInterval(counts, critical(level)),
  };
}

/** The pairs of one stratum. */
interface Stratum {
  readonly differences: readonly number[];
  readonly totals: readonly ClusterTotal[];
}

function strataOf(
  differences: readonly number[],
  labels: readonly string[],
  clusters: readonly string[] | undefined,
): readonly Stratum[] {
  if (labels.length !== differences.length)
    throw new RangeError(`${differences.length} pairs need as many strata labels, got ${labels.length}`);
  const places = groupBy([...differences.keys()], (index) => labels[index] as string);
  return places.map(([, indices]) => {
    const own = indices.map((index) => differences[index] as number);
    return {
      differences: own,
      totals: clusterTotals(own, clusters && indices.map((index) => clusters[index] as string)),
    };
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The mean over strata of equal weight: its variance is Σ s²/n over their squared number, with s² of each stratum by itself (of all strata
 * together where one has a single unit); for outcomes the weighted shares get Tango's interval with the size that has this variance.
 */
function ofStrata(
  strata: readonly Stratum[],
  facts: { readonly totals: readonly ClusterTotal[]; readonly isBinary: boolean; readonly width: number },
): PairedDifference {
  const { totals, isBinary, width } = facts;
  const count = strata.length;
  const pairs = strata.reduce((sum, { differences }) => sum + differences.length, 0);
  const value = meanOf(strata.map(({ differences }) => meanOf(differences)));
  const squares = meanOf(strata.map(({ differences }) => meanOf(differences.map((difference) => difference ** 2))));
  const spread = Math.max(0, squares - value * value);
  // Var of a stratum's mean times its pairs: s² where the pairs are independent.
  const variances = strata.map((own) =>
    own.totals.length < 2 ? spread : clusteredMean(own.totals).standardError ** 2 * own.differences.length,
  );
  const perPair = strata.map(({ differences }) => 1 / (count * count * differences.length));
  const variance = variances.reduce((sum, own, index) => sum + own * (perPair[index] as number), 0);
  // Without any spread the strata tell nothing of it: sizes alone remain (Kish 1965).
  const bySizes = 1 / perPair.reduce((sum, share) => sum + share, 0);
  const isSpread = variance > 1e-24 * width * width && spread > 0;
  const named = { value, pairs, n: totals.length };
  if (isBinary) {
    const n = isSpread ? Math.min(pairs, spread / variance) : Math.min(totals.length, bySizes);
    const scaled = strata.map(({ differences }) => {
      const { gained, lost } = flipsOf(differences);
      return { gained: (n * gained) / differences.length, lost: (n * lost) / differences.length };
    });
    const counts = { gained: meanOf(scaled.map(({ gained }) => gained)), lost: meanOf(scaled.map(({ lost }) => lost)) };
    return { ...ofCounts({ ...counts, n }, reference(totals, pairs)), ...named, method: 'tango-stratified' };
  }
  if (!isSpread) return { ...ofEqualDifferences(value, Math.min(totals.length, bySizes), width), ...named };
  const standardError = Math.sqrt(variance);
  return {
    ...ofError({ mean: value, standardError, degrees: Math.max(1, totals.length - count), width }),
    ...named,
    method: 'stratified-paired-t',
    effectiveSize: totals.length,
    variance: totals.length * variance,
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
  return {
    ...ofError({ mean, standardError, degrees: clusters - 1, width }),
    value: mean,
    pairs,
    n: clusters,
    method: clusters === pairs ? 'paired-t' : 'clustered-paired-t',
    effectiveSize: clusters,
    variance: clusters * standardError ** 2,
  };
}

/** Student's t for a mean difference with this standard error, inside the range. */
function ofError(facts: {
  readonly mean: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly width: number;
}): Pick<PairedDifference, 'pValue' | 'binary' | 'interval'> {
  const { mean, standardError, degrees, width } = facts;
  return {
    pValue: 2 * studentTCdf(-Math.abs(mean) / standardError, degrees),
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
