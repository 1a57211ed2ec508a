import { defineMetric, type Metric } from '../../core/ports/metric.ts';
import { ratioOfMeans } from '../../stats/ratio-of-means.ts';

/** Output tokens spent for each right answer, from the measure `tokens`: all tokens over all that was right, by clusters where samples share one. */
export const tokensPerRight: Metric = defineMetric({
  id: 'tokens_per_right',
  title: 'output tokens a right answer',
  higherIsBetter: false,
  range: [0, Number.MAX_SAFE_INTEGER],
  estimate(rows) {
    const groups = new Map<string, { a: number; b: number }>();
    for (const { sampleId, cluster, score, measures } of rows) {
      const tokens = measures['tokens'] ?? null;
      if (tokens === null) continue;
      const key = cluster === null ? `sample ${sampleId}` : `cluster ${cluster}`;
      const group = groups.get(key) ?? { a: 0, b: 0 };
      groups.set(key, { a: group.a + tokens, b: group.b + score });
    }
    return ratioOfMeans([...groups.values()]);
  },
});
