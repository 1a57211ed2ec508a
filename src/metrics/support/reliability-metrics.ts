import { unavailable } from '../../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { estimateMean } from './estimate-mean.ts';

/** Rows of each sample, in order of first appearance. */
function bySample(rows: readonly MetricRow[]): readonly (readonly MetricRow[])[] {
  const samples = new Map<string, MetricRow[]>();
  for (const row of rows) {
    const sample = samples.get(row.sampleId);
    if (sample) sample.push(row);
    else samples.set(row.sampleId, [row]);
  }
  return [...samples.values()];
}

/** Mean over samples of a value of their epochs, one row a sample; samples with fewer than `least` epochs are left out. */
function overSamples(rows: readonly MetricRow[], least: number, valueOf: (epochs: readonly MetricRow[]) => number) {
  const means = bySample(rows).flatMap((epochs) => {
    const [first] = epochs;
    return first && epochs.length >= least ? [{ ...first, score: valueOf(epochs) }] : [];
  });
  if (means.length === 0) return unavailable(`needs ${least} epochs or more (--epochs ${least})`);
  return estimateMean(means, (row) => row.score);
}

/** `pass^k`: probability that k independent tries of a sample all succeed, C(c,k)/C(n,k) for c successes of n (Yao et al. 2024, tau-bench). */
export const passHatK = (k: number): Metric =>
  defineMetric({
    id: `pass^${k}`,
    title: `all of ${k} tries succeed`,
    higherIsBetter: true,
    range: [0, 1],
    estimate: (rows) =>
      overSamples(rows, k, (epochs) => {
        const right = epochs.filter(({ score }) => score === 1).length;
        let share = 1;
        for (let draw = 0; draw < k; draw++) share *= Math.max(0, right - draw) / (epochs.length - draw);
        return share;
      }),
  });

/** Probability that two tries of a sample come out differently, right or not: 2c(n − c) / (n(n − 1)). */
export const flipRate: Metric = defineMetric({
  id: 'flip_rate',
  title: 'two tries of a sample disagree',
  higherIsBetter: false,
  range: [0, 1],
  estimate: (rows) =>
    overSamples(rows, 2, (epochs) => {
      const right = epochs.filter(({ score }) => score === 1).length;
      return (2 * right * (epochs.length - right)) / (epochs.length * (epochs.length - 1));
    }),
});

/** What repeated tries tell: shown where a run has epochs. */
export const reliabilityMetrics: readonly Metric[] = [passHatK(2), passHatK(4), flipRate];
