import { isEstimated, unavailable, type Estimate, type Estimated } from '../../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { independentDifference } from '../../stats/independent-difference.ts';
import { estimateMean } from './estimate-mean.ts';
import { measureMean } from './measure-mean.ts';

/** Score from which a length counts as usable: what Llama-2-7B reached at 4K tokens (Hsieh et al. 2024, RULER). */
export const effectiveThreshold = 0.856;

/** One metric a length: `<id>_<tokens>`, from the measure `length`. */
export const byLength = (id: string, lengths: readonly number[]): readonly Metric[] =>
  lengths.map((length) =>
    measureMean({
      id: `${id}_${length}`,
      title: `score at ${length} tokens`,
      measure: null,
      where: (row) => row.measures['length'] === length,
    }),
  );

/**
 * Longest length up to which every length scores at least the threshold, in tokens; 0 when even the shortest does not. The interval goes
 * from the same rule on the lower limits of the scores to the same rule on their upper limits.
 */
export const effectiveLength = (threshold: number = effectiveThreshold): Metric =>
  defineMetric({
    id: 'effective_length',
    title: `effective context length (score of at least ${(threshold * 100).toFixed(1)} %)`,
    higherIsBetter: true,
    range: [0, Number.MAX_SAFE_INTEGER],
    estimate(rows) {
      const scores = scoresByLength(rows);
      if (scores.length === 0) return unavailable('no length has enough scored samples for an interval');
      const reach = (value: (estimate: Estimated) => number): number => {
        let longest = 0;
        for (const { length, estimate } of scores) {
          if (value(estimate) < threshold) break;
          longest = length;
        }
        return longest;
      };
      return {
        value: reach(({ value }) => value),
        low: reach(({ low }) => low),
        high: reach(({ high }) => high),
        level: scores[0]?.estimate.level ?? 0.95,
        method: 'by-length-limits',
        n: scores.reduce((sum, { estimate }) => sum + estimate.n, 0),
      };
    },
  });

function scoresByLength(
  rows: readonly MetricRow[],
): readonly { readonly length: number; readonly estimate: Estimated }[] {
  const groups = new Map<number, MetricRow[]>();
  for (const row of rows) {
    const length = row.measures['length'] ?? null;
    if (length === null) continue;
    const group = groups.get(length);
    if (group) group.push(row);
    else groups.set(length, [row]);
  }
  return [...groups]
    .flatMap(([length, group]) => {
      const estimate = estimateMean(group, (row) => row.score);
      return isEstimated(estimate) ? [{ length, estimate }] : [];
    })
    .toSorted((a, b) => a.length - b.length);
}

const share = (rows: readonly MetricRow[], where: (depth: number) => boolean): Estimate =>
  estimateMean(rows, (row) => {
    const depth = row.measures['depth'] ?? null;
    return depth !== null && where(depth) ? row.score : null;
  });

/** Score for facts in the middle (depth 0.4 to 0.6) less the score for facts near the ends (up to 0.2 and from 0.8): negative when the middle is lost. */
export const middleContrast: Metric = defineMetric({
  id: 'middle_minus_ends',
  title: 'facts in the middle against facts near the ends',
  higherIsBetter: true,
  range: [-1, 1],
  estimate: (rows) =>
    independentDifference(
      share(rows, (depth) => depth >= 0.4 && depth <= 0.6),
      share(rows, (depth) => depth <= 0.2 || depth >= 0.8),
    ),
});

/** The metrics of every long-context task. */
export const contextMetrics = (lengths: readonly number[]): readonly [Metric, ...Metric[]] => [
  measureMean({ id: 'accuracy', title: 'values found, less wrong ones', measure: null }),
  measureMean({ id: 'recall', title: 'values found', measure: 'recall' }),
  measureMean({ id: 'precision', title: 'listed values that are right', measure: 'precision' }),
  effectiveLength(),
  middleContrast,
  ...byLength('accuracy', lengths),
];
