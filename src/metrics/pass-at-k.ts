import { defineMetric, type Metric } from '../core/ports/metric.ts';
import { passAtKEstimate } from '../stats/pass-at-k.ts';
import { sampleTotals } from './support/estimate-mean.ts';

/** `pass@k` over the epochs of each sample, unbiased; a score of 1 is a pass. Unavailable where a sample has fewer than k epochs. */
export const passAtK = (k: number): Metric =>
  defineMetric({
    id: `pass@${k}`,
    title: k === 1 ? 'pass@1' : `pass@${k}: at least one of ${k} attempts passes`,
    higherIsBetter: true,
    range: [0, 1],
    estimate: (rows) =>
      passAtKEstimate(
        sampleTotals(rows, ({ score }) => (score === 1 ? 1 : 0)),
        { k },
      ),
  });
