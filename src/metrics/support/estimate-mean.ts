import type { Estimate } from '../../core/estimate.ts';
import type { MetricRow } from '../../core/ports/metric.ts';
import { clusterTotals } from '../../stats/clustered-mean.ts';
import { meanEstimate } from '../../stats/mean-estimate.ts';
import { proportionEstimate } from '../../stats/proportion-estimate.ts';

interface SampleMean {
  readonly value: number;
  readonly cluster: string;
}

/** The mean over the epochs of each sample on which the value was measured, in plan order. */
export function sampleMeans(
  rows: readonly MetricRow[],
  valueOf: (row: MetricRow) => number | null,
): readonly SampleMean[] {
  const samples = new Map<string, { sum: number; n: number; cluster: string }>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null) continue;
    // A sample without a cluster is one of its own; the prefixes keep the two kinds of label apart.
    const cluster = row.cluster === null ? `sample ${row.sampleId}` : `cluster ${row.cluster}`;
    const sample = samples.get(row.sampleId) ?? { sum: 0, n: 0, cluster };
    sample.sum += value;
    sample.n++;
    samples.set(row.sampleId, sample);
  }
  return [...samples.values()].map(({ sum, n, cluster }) => ({ value: sum / n, cluster }));
}

/**
 * Estimate of a mean of values in [0,1]: over the epochs of a sample first, then over samples. Wilson's interval when every sample mean
 * is 0 or 1, else Student's t; by clusters where samples share one.
 */
export function estimateMean(rows: readonly MetricRow[], valueOf: (row: MetricRow) => number | null): Estimate {
  const means = sampleMeans(rows, valueOf);
  const values = means.map(({ value }) => value);
  const labels = means.map(({ cluster }) => cluster);
  const isClustered = new Set(labels).size < labels.length;
  if (values.some((value) => value !== 0 && value !== 1)) {
    return meanEstimate(values, { range: [0, 1], ...(isClustered ? { clusters: labels } : {}) });
  }
  const successes = values.reduce((sum, value) => sum + value, 0);
  const clusters = isClustered ? { clusters: clusterTotals(values, labels) } : {};
  return proportionEstimate(successes, values.length, clusters);
}
