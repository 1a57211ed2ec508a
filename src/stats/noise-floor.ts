import { type Estimate, unavailable } from '../core/estimate.ts';
import { proportionEstimate } from './proportion-estimate.ts';

/** Right answers among the repeats of one sample under one setting. */
export interface Repeats {
  readonly right: number;
  readonly repeats: number;
}

/** Flip rate: the chance that two repeats of the same sample differ in being right, over the samples that were repeated; the sample is the cluster. */
export function noiseFloorEstimate(samples: readonly Repeats[], level = 0.95): Estimate {
  const clusters = samples
    .filter(({ repeats }) => repeats >= 2)
    .map(({ right, repeats }) => ({ sum: right * (repeats - right), n: (repeats * (repeats - 1)) / 2 }));
  if (clusters.length === 0) return unavailable('no sample was repeated: run with --epochs 2 or more');
  const flips = clusters.reduce((total, cluster) => total + cluster.sum, 0);
  const pairs = clusters.reduce((total, cluster) => total + cluster.n, 0);
  return proportionEstimate(flips, pairs, { clusters, level });
}
