import { type Estimate, isEstimated, unavailable } from '../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../core/ports/metric.ts';
import { estimateMean } from './support/estimate-mean.ts';

/** Scores by category, in order of first appearance. */
function byCategory(rows: readonly MetricRow[]): ReadonlyMap<string, readonly MetricRow[]> {
  const groups = new Map<string, MetricRow[]>();
  for (const row of rows) {
    const group = groups.get(row.category ?? '');
    if (group === undefined) groups.set(row.category ?? '', [row]);
    else group.push(row);
  }
  return groups;
}

/**
 * Mean of the category means, each category with the same weight. The interval combines the intervals of the categories by the method of
 * variance estimates recovery (Zou and Donner 2008): with m = (1/k) Σ p_i and [l_i, u_i] the interval of category i, it is
 * [m − √Σ(p_i − l_i)²/k, m + √Σ(u_i − p_i)²/k], so that categories at 0 or 1 still add their uncertainty. `n` counts distinct samples.
 * Unavailable when a category has no interval.
 */
export function macroMean(rows: readonly MetricRow[]): Estimate {
  const groups = byCategory(rows);
  if (groups.size === 0) return unavailable('no samples were scored');
  let [value, below, above, n] = [0, 0, 0, 0];
  let level = 0.95;
  for (const [category, group] of groups) {
    const estimate = estimateMean(group, ({ score }) => score);
    if (!isEstimated(estimate)) return unavailable(`category ${category} has no interval: ${estimate.unavailable}`);
    value += estimate.value;
    below += (estimate.value - estimate.low) ** 2;
    above += (estimate.high - estimate.value) ** 2;
    n += estimate.n;
    level = estimate.level;
  }
  const k = groups.size;
  const mean = value / k;
  return {
    value: mean,
    low: Math.max(0, mean - Math.sqrt(below) / k),
    high: Math.min(1, mean + Math.sqrt(above) / k),
    level,
    method: 'mover-wilson',
    n,
  };
}

/** A metric that gives each category of the samples the same weight. */
export const macroAccuracy = (id: string, title: string): Metric =>
  defineMetric({ id, title, higherIsBetter: true, range: [0, 1], estimate: macroMean });
