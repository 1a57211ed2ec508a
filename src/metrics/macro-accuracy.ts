import { type Estimate, isEstimated, unavailable } from '../core/estimate.ts';
import { groupBy } from '../core/group-by.ts';
import { defineMetric, type Metric, type MetricRow } from '../core/ports/metric.ts';
import { meanOfIndependent } from '../stats/mean-of-independent.ts';
import { estimateMean } from './support/estimate-mean.ts';

/** Mean of the category means, each category with the same weight; unavailable when a category has no interval. `n` counts distinct samples. */
export function macroMean(rows: readonly MetricRow[]): Estimate {
  if (rows.length === 0) return unavailable('no samples were scored');
  const estimates = groupBy(rows, ({ category }) => category ?? '').map(([category, group]) => {
    const estimate = estimateMean(group, ({ score }) => score);
    return isEstimated(estimate)
      ? estimate
      : unavailable(`category ${category} has no interval: ${estimate.unavailable}`);
  });
  return meanOfIndependent(estimates);
}

/** A metric that gives each category of the samples the same weight. */
export const macroAccuracy = (id: string, title: string): Metric =>
  defineMetric({ id, title, higherIsBetter: true, range: [0, 1], parts: { unit: 'category' }, estimate: macroMean });
