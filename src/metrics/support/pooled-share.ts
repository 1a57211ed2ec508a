import { defineMetric, type Metric } from '../../core/ports/metric.ts';
import { proportionEstimate } from '../../stats/proportion-estimate.ts';

/** Share of all parts that succeeded, parts of all samples in one pot: `part` counts successes and `whole` parts in each sample; the parts of a sample (or cluster) share a source. */
export const pooledShare = (options: {
  readonly id: string;
  readonly title: string;
  readonly part: string;
  readonly whole: string;
}): Metric =>
  defineMetric({
    id: options.id,
    title: options.title,
    higherIsBetter: true,
    range: [0, 1],
    estimate(rows) {
      const clusters = new Map<string, { sum: number; n: number }>();
      for (const row of rows) {
        const sum = row.measures[options.part] ?? null;
        const n = row.measures[options.whole] ?? null;
        if (sum === null || n === null || n === 0) continue;
        const key = row.cluster ?? row.sampleId;
        const cluster = clusters.get(key) ?? { sum: 0, n: 0 };
        clusters.set(key, { sum: cluster.sum + sum, n: cluster.n + n });
      }
      const totals = [...clusters.values()];
      const successes = totals.reduce((sum, cluster) => sum + cluster.sum, 0);
      const parts = totals.reduce((sum, cluster) => sum + cluster.n, 0);
      return proportionEstimate(successes, parts, { clusters: totals });
    },
  });
