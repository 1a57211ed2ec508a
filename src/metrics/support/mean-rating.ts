import { defineMetric, type Metric } from '../../core/ports/metric.ts';
import { meanEstimate } from '../../stats/mean-estimate.ts';
import { sampleTotals } from './estimate-mean.ts';

/** A metric that is the mean of a measure from 1 to 10, epochs of a sample averaged first; Student's t, by clusters where samples share one. */
export const meanRating = (id: string, title: string): Metric =>
  defineMetric({
    id,
    title,
    higherIsBetter: true,
    range: [1, 10],
    estimate(rows) {
      const totals = sampleTotals(rows, ({ measures }) => measures[id] ?? null);
      const ratings = totals.map(({ passed, n }) => passed / n);
      return meanEstimate(ratings, { range: [1, 10], clusters: totals.map(({ cluster }) => cluster) });
    },
  });
