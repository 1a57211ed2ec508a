import { unavailable } from '../../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { ratioOfMeans } from '../../stats/ratio-of-means.ts';
import { estimateMean } from './estimate-mean.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Scores of the samples of each cluster, by the value of a grouping function; epochs of a sample are put together. */
function scoresByCluster(rows: readonly MetricRow[], group: (row: MetricRow) => string | null) {
  const clusters = new Map<string, Map<string, number[]>>();
  for (const row of rows) {
    const key = group(row);
    if (row.cluster === null || key === null) continue;
    const cluster = clusters.get(row.cluster) ?? new Map<string, number[]>();
    clusters.set(row.cluster, cluster.set(key, [...(cluster.get(key) ?? []), row.score]));
  }
  return [...clusters.values()];
}

/** What is left of the score when the same problem is told bit by bit: mean score of `sharded` over mean score of `full`, paired by problem. */
export const retention: Metric = defineMetric({
  id: 'retention',
  title: 'score told bit by bit over score told at once',
  higherIsBetter: true,
  range: [0, Number.MAX_SAFE_INTEGER],
  estimate(rows) {
    const asking = (row: MetricRow): string | null => {
      if ((row.measures['asking_full'] ?? null) !== null) return 'full';
      return (row.measures['asking_sharded'] ?? null) === null ? null : 'sharded';
    };
    const pairs = scoresByCluster(rows, asking).flatMap((cluster) => {
      const full = cluster.get('full');
      const sharded = cluster.get('sharded');
      return full && sharded ? [{ a: mean(sharded), b: mean(full) }] : [];
    });
    return ratioOfMeans(pairs);
  },
});

/** Values at the 90th and 10th percentile apart (linear interpolation). */
function spreadOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? low) - low);
  };
  return at(0.9) - at(0.1);
}

/** Fewest epochs from which a spread is read. */
const fewestEpochs = 5;

/** Mean over samples of the 90th less the 10th percentile of a sample's scores over its epochs (Laban et al. 2025); needs five epochs. */
export const unreliability: Metric = defineMetric({
  id: 'unreliability',
  title: 'spread of the score between epochs (P90 − P10)',
  higherIsBetter: false,
  range: [0, 1],
  estimate(rows) {
    const samples = new Map<string, MetricRow[]>();
    for (const row of rows) samples.set(row.sampleId, [...(samples.get(row.sampleId) ?? []), row]);
    const spreads = [...samples.values()].flatMap((sample) => {
      const [first] = sample;
      if (!first || sample.length < fewestEpochs) return [];
      return [{ ...first, score: spreadOf(sample.map(({ score }) => score)) }];
    });
    if (spreads.length === 0) return unavailable(`needs ${fewestEpochs} epochs or more (--epochs ${fewestEpochs})`);
    return estimateMean(spreads, (row) => row.score);
  },
});
