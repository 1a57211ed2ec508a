import type { Estimate } from '../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../core/ports/metric.ts';
import { clusterTotals } from '../stats/clustered-mean.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';
import { proportionEstimate } from '../stats/proportion-estimate.ts';

export interface MeasureMean {
  readonly id: string;
  readonly title: string;
  /** Name of the measure to average; null averages the score itself. Rows without it are left out. */
  readonly measure: string | null;
  /** Takes only these rows; all by default. */
  readonly where?: (row: MetricRow) => boolean;
  readonly higherIsBetter?: boolean;
  /** Range of the measure, [0,1] by default. */
  readonly range?: readonly [number, number];
}

/** A metric that is the mean of the score or of a measure over the samples that have it, clustered by what samples share. */
export const measureMean = ({
  id,
  title,
  measure,
  where,
  higherIsBetter = true,
  range = [0, 1],
}: MeasureMean): Metric =>
  defineMetric({
    id,
    title,
    higherIsBetter,
    range,
    estimate: (rows) =>
      estimateMean(
        rows.flatMap((row) => {
          const value = measure === null ? row.score : (row.measures[measure] ?? null);
          return value === null || (where && !where(row)) ? [] : [{ value, cluster: row.cluster ?? row.sampleId }];
        }),
        range,
      ),
  });

/** Mean of values that may share clusters: a proportion where all are 0 or 1, else a mean within the range. */
export function estimateMean(
  values: readonly { readonly value: number; readonly cluster: string }[],
  range: readonly [number, number] = [0, 1],
): Estimate {
  const plain = values.map(({ value }) => value);
  const clusters = values.map(({ cluster }) => cluster);
  if (range[0] === 0 && range[1] === 1 && plain.every((value) => value === 0 || value === 1)) {
    const sum = plain.reduce<number>((total, value) => total + value, 0);
    return proportionEstimate(sum, plain.length, { clusters: clusterTotals(plain, clusters) });
  }
  return meanEstimate(plain, { clusters, range });
}

/** One metric a level of difficulty: `<id>_level_<n>`, from the measure `level`. */
export const byLevel = (id: string, title: string, levels: readonly number[]): readonly Metric[] =>
  levels.map((level) =>
    measureMean({
      id: `${id}_level_${level}`,
      title: `${title}, level ${level}`,
      measure: null,
      where: (row) => row.measures['level'] === level,
    }),
  );

/** One metric a category of the samples: `<id>_<category>`. */
export const byCategory = (id: string, title: string, categories: readonly string[]): readonly Metric[] =>
  categories.map((category) =>
    measureMean({
      id: `${id}_${category}`,
      title: `${title}, ${category.replaceAll('_', ' ')}`,
      measure: null,
      where: (row) => row.category === category,
    }),
  );
