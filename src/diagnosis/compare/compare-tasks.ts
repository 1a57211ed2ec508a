import type { TaskPlan } from '../../core/run-plan.ts';
import { comparePaired, type ComparisonOptions, type PairedComparison } from '../../stats/compare-paired.ts';
import { atAnyTime } from './at-any-time.ts';
import { clustersOf, pairSamples, rangeOf, strataOf, type PairedSamples } from './pair-samples.ts';
import type { TaskScores } from './task-scores.ts';

/** One task of a comparison as both runs scored it. */
export interface TaskSides {
  readonly plan: Pick<TaskPlan, 'task' | 'headline' | 'headlineParts'>;
  readonly a: TaskScores;
  readonly b: TaskScores;
  /** True when a run ended the task because it was decided, so that its number of samples depends on what they said. */
  readonly isEarly: boolean;
}

/** A task's comparison with the pairs that it rests on. */
export interface ComparedSamples {
  readonly comparison: PairedComparison;
  readonly samples: PairedSamples;
  readonly averaged: Averaged;
}

/** What a comparison averages with equal weight: samples, categories of them, or items of several samples that count when all are right. */
export type Averaged = 'samples' | 'categories' | 'items';

/**
 * Compares tasks by their headlines, sample by sample, as one call. Tasks that ended early get intervals that hold whenever one stops, on the
 * mean over their samples and each at its share of the error; the others get Holm's correction beside them.
 */
export function compareTasks(
  tasks: readonly TaskSides[],
  options: Pick<ComparisonOptions, 'correction' | 'delta'> = {},
): readonly ComparedSamples[] {
  const { delta = 0.02, correction = 'holm' } = options;
  const paired = tasks.map((sides) => ({ ...sides, samples: pairSamples(sides.a, sides.b) }));
  const early = paired.filter(({ isEarly }) => isEarly).length;
  const compare = (some: typeof paired, others: number): ReadonlyMap<string, PairedComparison> =>
    new Map(comparePaired(some.map(toPairedTask), { delta, correction, others }).map((found) => [found.task, found]));
  const fixed = compare(
    paired.filter(({ isEarly }) => !isEarly),
    early,
  );
  const described = compare(
    paired.filter(({ isEarly }) => isEarly),
    0,
  );
  const share = correction === 'holm' ? tasks.length : 1;
  return paired.map(({ plan, samples }) => {
    const comparison = fixed.get(plan.task);
    if (comparison) return { comparison, samples, averaged: averagedBy[plan.headlineParts?.unit ?? 'sample'] };
    const early = described.get(plan.task) as PairedComparison;
    return {
      comparison: atAnyTime(early, samples.both, { delta, tasks: share, metric: plan.headline }),
      samples,
      averaged: plan.headlineParts?.unit === 'item' ? 'items' : 'samples',
    };
  });
}

const averagedBy = { sample: 'samples', category: 'categories', item: 'items' } as const;

function toPairedTask({ plan, samples: { both } }: TaskSides & { readonly samples: PairedSamples }) {
  return {
    task: plan.task,
    a: both.map((pair) => pair.a.score),
    b: both.map((pair) => pair.b.score),
    ...clustersOf(both),
    ...(plan.headlineParts?.unit === 'category' && { strata: strataOf(both) }),
    range: rangeOf(plan.headline),
  };
}
