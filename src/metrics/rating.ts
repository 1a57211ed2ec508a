import { defineMetric } from '../core/ports/metric.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';
import { sampleTotals } from './support/estimate-mean.ts';

/** Mean rating from 1 to 10 (the measure `rating`), epochs of a sample averaged first; Student's t, by clusters where samples share one. */
export default defineMetric({
  id: 'rating',
  title: 'Rating from 1 to 10',
  higherIsBetter: true,
  range: [1, 10],
  estimate(rows) {
    const totals = sampleTotals(rows, ({ measures }) => measures['rating'] ?? null);
    const ratings = totals.map(({ passed, n }) => passed / n);
    return meanEstimate(ratings, { range: [1, 10], clusters: totals.map(({ cluster }) => cluster) });
  },
});
