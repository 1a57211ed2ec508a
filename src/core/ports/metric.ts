import type { Estimate } from '../estimate.ts';
import type { HeadlineParts } from '../run-plan.ts';
import type { Measures } from '../score.ts';

/** One scored sample as a metric sees it. */
export interface MetricRow {
  readonly sampleId: string;
  readonly epoch: number;
  readonly category: string | null;
  readonly cluster: string | null;
  /** In [0,1]. */
  readonly score: number;
  readonly measures: Measures;
}

/** Turns scored samples into an estimate. Rows come in plan order. */
export interface Metric {
  /** Name in result.json, e.g. `accuracy`, `rating`, `acc`, `pass@5`. */
  readonly id: string;
  readonly title: string;
  readonly higherIsBetter: boolean;
  /** Range of the value; [0,1] is shown as a percentage. */
  readonly range: readonly [number, number];
  /** Value of one sample, where the metric is the mean of those; null where it was not measured. */
  readonly sampleValue?: (row: MetricRow) => number | null;
  /** What is averaged, where that is not the samples: comparisons average the same. */
  readonly parts?: HeadlineParts;
  readonly estimate: (rows: readonly MetricRow[]) => Estimate;
}

/** Declares a metric. */
export const defineMetric = (metric: Metric): Metric => metric;
