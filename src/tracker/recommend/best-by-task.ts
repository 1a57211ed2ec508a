import { isEstimated, type Estimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import type { MeasuredScore } from './measured-evidence.ts';

/** The configuration that scored highest on a task, and those that may be as good. */
export interface BestOfTask {
  readonly task: string;
  readonly category: string;
  readonly best: MeasuredScore & { readonly estimate: Estimated };
  /** Other configurations whose interval overlaps, the highest first. */
  readonly rivals: readonly MeasuredScore[];
  readonly others: number;
}

/** The best measured configuration of each task, whatever its preset, model or engine. */
export const bestByTask = (scores: readonly MeasuredScore[]): readonly BestOfTask[] =>
  groupBy(scores, ({ task }) => task).flatMap(([task, own]): readonly BestOfTask[] => {
    const ranked = own
      .flatMap((score) => (isEstimated(score.estimate) ? [{ ...score, estimate: score.estimate }] : []))
      .toSorted((a, b) => b.estimate.value - a.estimate.value);
    const [best, ...others] = ranked;
    if (best === undefined) return [];
    const rivals = others.filter(({ estimate }) => estimate.high >= best.estimate.low);
    return [{ task, category: best.category, best, rivals, others: others.length }];
  });
