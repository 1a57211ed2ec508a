import { defineMetric } from '../core/ports/metric.ts';
import { estimateMean } from './support/estimate-mean.ts';

/** Mean score, epochs of a sample averaged first: Wilson for right-or-wrong scores, cluster-robust where samples share a source. */
export default defineMetric({
  id: 'accuracy',
  title: 'Accuracy',
  higherIsBetter: true,
  range: [0, 1],
  sampleValue: ({ score }) => score,
  estimate: (rows) => estimateMean(rows, ({ score }) => score),
});
