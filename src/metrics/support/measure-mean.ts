import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { meanEstimate } from '../../stats/mean-estimate.ts';
import { estimateMean, sampleTotals } from './estimate-mean.ts';

export interface MeasureMean {
  readonly id: string;
  readonly title: string;
  /** Name of the measure to average, in [0,1]; null averages the score itself. Rows without it are left out. */
  readonly measure: string | null;
  /** Takes only these rows; all by default. */
  readonly where?: (row: MetricRow) => boolean;
  readonly higherIsBetter?: boolean;
}

/** A metric that is the mean of the score or of a measure over the samples that have it. */
export const measureMean = ({ id, title, measure, where, higherIsBetter = true }: MeasureMean): Metric =>
  defineMetric({
    id,
    title,
    higherIsBetter,
    range: [0, 1],
    estimate: (rows) =>
      estimateMean(where ? rows.filter(where) : rows, (row) =>
        measure === null ? row.score : (row.measures[measure] ?? null),
      ),
  });

/** A metric that is the mean of a count, from 0 up; Student's t, by clusters where samples share one. */
export const countMean = (options: {
  readonly id: string;
  readonly title: string;
  readonly measure: string;
  readonly higherIsBetter: boolean;
}): Metric =>
  defineMetric({
    id: options.id,
    title: options.title,
    higherIsBetter: options.higherIsBetter,
    range: [0, Number.MAX_SAFE_INTEGER],
    estimate(rows) {
      const totals = sampleTotals(rows, ({ measures }) => measures[options.measure] ?? null);
      return meanEstimate(
        totals.map(({ passed, n }) => passed / n),
        { clusters: totals.map(({ cluster }) => cluster), range: [0, Number.MAX_SAFE_INTEGER] },
      );
    },
  });

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
