import { type Estimate, unavailable } from '../core/estimate.ts';
import { clusteredMean, type ClusterTotal } from './clustered-mean.ts';
import { normalCritical } from './normal-distribution.ts';
import { studentTCritical } from './student-t.ts';
import { scoreInterval } from './wilson.ts';

export interface ProportionOptions {
  /** Successes (`sum`) and trials (`n`) of each cluster, when trials share a source (epochs of a sample, questions of a passage). */
  readonly clusters?: readonly ClusterTotal[];
  /** Confidence level in (0,1), default 0.95. */
  readonly level?: number;
}

/** Estimate of a proportion: Wilson's interval, with the effective sample size and t on G−1 degrees of freedom when trials are clustered (Korn and Graubard 1998); unavailable for n = 0 and for a single cluster. */
export function proportionEstimate(successes: number, n: number, options: ProportionOptions = {}): Estimate {
  const { clusters, level = 0.95 } = options;
  if (!(successes >= 0 && successes <= n && n < Infinity))
    throw new RangeError(`proportionEstimate needs 0 <= successes <= n, got ${successes} of ${n}`);
  if (clusters && !addUp(clusters, successes, n))
    throw new RangeError(`proportionEstimate got clusters that do not add up to ${successes} of ${n}`);
  if (n === 0) return unavailable('no samples were scored');
  const value = successes / n;
  if (clusters === undefined || clusters.every((cluster) => cluster.n === 1))
    return { value, ...scoreInterval(value, n, normalCritical(level)), level, method: 'wilson', n };
  if (clusters.length === 1) return unavailable(`all ${n} samples belong to one cluster: no interval can be computed`);
  const critical = studentTCritical(level, clusters.length - 1);
  const size = effectiveSampleSize(clusters);
  return { value, ...scoreInterval(value, size, critical), level, method: 'wilson-clustered', n: clusters.length };
}

function addUp(clusters: readonly ClusterTotal[], successes: number, n: number): boolean {
  const sum = clusters.reduce((total, cluster) => total + cluster.sum, 0);
  const size = clusters.reduce((total, cluster) => total + cluster.n, 0);
  return sum === successes && size === n && clusters.every((cluster) => cluster.sum >= 0 && cluster.sum <= cluster.n);
}

/** The weight of each imagined cluster in a design effect; chosen by simulated coverage (docs/statistics.md). */
export const imaginedWeight = 0.25;

/** How many independent trials carry as much information about a share as these clusters: trials / design effect, at most `limit` (default: the trials). A quarter of an all-right and of an all-wrong cluster is imagined beside the observed ones, so that few or equal outcomes count as correlated. */
export function effectiveSampleSize(clusters: readonly ClusterTotal[], limit?: number): number {
  const trials = clusters.reduce((total, cluster) => total + cluster.n, 0);
  const size = trials / clusters.length;
  const imagined = [
    { sum: size, n: size, weight: imaginedWeight },
    { sum: 0, n: size, weight: imaginedWeight },
  ];
  const { mean, standardError, n } = clusteredMean([...clusters, ...imagined]);
  const designEffect = (standardError ** 2 * (n - 1)) / (mean * (1 - mean));
  return Math.min(trials / designEffect, limit ?? trials);
}
