import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { meanEstimate } from '../../stats/mean-estimate.ts';
import { sampleTotals } from './estimate-mean.ts';

/** A metric that is the mean of a measure from 1 to 10, epochs of a sample averaged first; Student's t, by clusters where samples share one. */
export function meanRating(id: string, title: string): Metric {
  const valueOf = ({ measures }: MetricRow): number | null => measures[id] ?? null;
  return defineMetric({
    id,
    title,
    higherIsBetter: true,
    range: [1, 10],
    sampleValue: valueOf,
    estimate(rows) {
      const totals = sampleTotals(rows, valueOf);
      const ratings = totals.map(({ passed, n }) => passed / n);
      return meanEstimate(ratings, { range: [1, 10], clusters: totals.map(({ cluster }) => cluster) });
    },
  });
}
