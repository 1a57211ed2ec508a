import type { Estimate } from '../../core/estimate.ts';
import type { MetricRow } from '../../core/ports/metric.ts';
import { passAtKEstimate } from '../../stats/pass-at-k.ts';
import { scoreEstimate } from '../../stats/score-estimate.ts';

/** The epochs of one sample taken together. */
export interface SampleTotal {
  /** Sum of the values over the epochs in which they were measured. */
  readonly passed: number;
  /** How many epochs those are. */
  readonly n: number;
  readonly cluster: string;
}

/** Sums a value over the epochs of each sample on which it was measured, in plan order. */
export function sampleTotals(
  rows: readonly MetricRow[],
  valueOf: (row: MetricRow) => number | null,
): readonly SampleTotal[] {
  const samples = new Map<string, { passed: number; n: number; cluster: string }>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null) continue;
    const known = samples.get(row.sampleId);
    if (known !== undefined) {
      known.passed += value;
      known.n++;
      continue;
    }
    // A sample without a cluster is one of its own; the prefixes keep the two kinds of label apart.
    const cluster = row.cluster === null ? `sample ${row.sampleId}` : `cluster ${row.cluster}`;
    samples.set(row.sampleId, { passed: value, n: 1, cluster });
  }
  return [...samples.values()];
}

/**
 * Estimate of a mean of values in [0,1], over the epochs of a sample first and then over samples: Wilson's interval where all values are
 * 0 or 1, else Student's t; by clusters where samples share one or have several epochs.
 */
export function estimateMean(rows: readonly MetricRow[], valueOf: (row: MetricRow) => number | null): Estimate {
  const totals = sampleTotals(rows, valueOf);
  const isBinary = rows.every((row) => [0, 1, null].includes(valueOf(row)));
  if (isBinary) return passAtKEstimate(totals, { k: 1 });
  const means = totals.map(({ passed, n }) => passed / n);
  return scoreEstimate(means, { clusters: totals.map(({ cluster }) => cluster) });
}
