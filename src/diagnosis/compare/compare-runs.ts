import { QwenEvalError } from '../../core/errors.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { comparePaired, type PairedComparison } from '../../stats/compare-paired.ts';
import { pairedDifferenceEstimate } from '../../stats/paired-difference.ts';
import type { LoadedRun } from '../loaded-run.ts';
import { differingIdentity, requireComparable, type DifferingIdentity, type TaskPair } from './identity-check.ts';
import { clustersOf, pairSamples, rangeOf, type PairedSamples, type SamplePair } from './pair-samples.ts';
import { systemFigures, type SystemFigures } from './system-figures.ts';
import { readTaskScores } from './task-scores.ts';

/** Which run a side of a comparison is. */
export interface ComparedSide {
  readonly runId: string;
  readonly model: string;
  readonly engine: string;
  readonly preset: string;
  readonly mode: string;
}

/** A sample that the two runs score differently. */
export interface Flip {
  readonly sampleId: string;
  readonly category: string | null;
  readonly a: number;
  readonly b: number;
  /** Why the lower side missed it. */
  readonly code: string | null;
}

/** The paired difference within one category of a task, at 95 % and without correction: a place to look, not a verdict. */
export interface CategoryComparison {
  readonly category: string;
  readonly pairs: number;
  readonly difference: Estimate;
}

/** One task of a comparison. */
export interface TaskComparison extends Omit<PairedComparison, 'flips'> {
  readonly metric: string;
  /** Samples scored in one run only, which count for neither. */
  readonly unpaired: { readonly a: number; readonly b: number };
  readonly flips: { readonly gained: number; readonly lost: number; readonly samples: readonly Flip[] };
  readonly categories: readonly CategoryComparison[];
}

/** What `compare` gives. Differences are a − b. */
export interface RunComparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** False when runs that differ in what must be equal were compared all the same. */
  readonly comparable: boolean;
  readonly differingIdentity: readonly DifferingIdentity[];
  readonly comparisons: readonly TaskComparison[];
  /** Tasks that only one of the runs has. */
  readonly onlyIn: { readonly a: readonly string[]; readonly b: readonly string[] };
  readonly system: { readonly a: SystemFigures; readonly b: SystemFigures };
}

export interface CompareOptions {
  /** Tasks to compare; null for all that both runs have. */
  readonly tasks: readonly string[] | null;
  /** Differences within ±delta are a tie; share of the score's range. */
  readonly delta: number;
  /** Parts of the identity that may differ although they must be equal. */
  readonly allowDifferent: readonly string[];
  /** `none` where every task must hold by itself, so that many tasks make no false winner likelier; default `holm`. */
  readonly correction?: 'holm' | 'none';
}

/** Compares two runs sample by sample. Throws E_NOT_COMPARABLE when they share no task or differ in what must be equal. */
export function compareRuns(a: LoadedRun, b: LoadedRun, options: CompareOptions): RunComparison {
  const documents = { a: a.document, b: b.document };
  const pairs = commonTasks(documents, options.tasks);
  const differing = differingIdentity(documents, pairs);
  requireComparable(differing, options.allowDifferent);
  const names = pairs.map((pair) => pair.a.task);
  const headlines = new Map(pairs.map((pair) => [pair.a.task, pair.a.headline]));
  const [scoresOfA, scoresOfB] = [a, b].map((run) => readTaskScores(run.directory.samplesFile, headlines));
  const paired = names.map((task) => pairSamples(scoresOfA?.get(task) ?? new Map(), scoresOfB?.get(task) ?? new Map()));
  const comparisons = comparePaired(
    paired.map((samples, index) => ({
      task: names[index] ?? '',
      a: samples.both.map((pair) => pair.a.score),
      b: samples.both.map((pair) => pair.b.score),
      ...clustersOf(samples.both),
      range: rangeOf(headlines.get(names[index] ?? '')),
    })),
    { delta: options.delta, correction: options.correction ?? 'holm' },
  );
  return {
    a: sideOf(a.document),
    b: sideOf(b.document),
    comparable: !differing.some(({ mustBeEqual }) => mustBeEqual),
    differingIdentity: differing,
    comparisons: comparisons.map((comparison, index) => taskComparison(comparison, paired[index], headlines)),
    onlyIn: { a: onlyIn(documents.a, documents.b), b: onlyIn(documents.b, documents.a) },
    system: { a: systemFigures(a.result, names), b: systemFigures(b.result, names) },
  };
}

const sideOf = ({ runId, plan }: RunDocument): ComparedSide => ({
  runId,
  model: plan.model.registryId ?? plan.model.name,
  engine: plan.engine.id,
  preset: plan.preset.requested,
  mode: plan.mode,
});

const runnable = ({ plan }: RunDocument) => plan.tasks.filter((task) => task.refused === null);

const onlyIn = (one: RunDocument, other: RunDocument): readonly string[] =>
  runnable(one)
    .map((plan) => plan.task)
    .filter((task) => !runnable(other).some((plan) => plan.task === task));

function commonTasks(
  { a, b }: { readonly a: RunDocument; readonly b: RunDocument },
  asked: readonly string[] | null,
): readonly TaskPair[] {
  const pairs = runnable(a).flatMap((plan) => {
    const other = runnable(b).find((candidate) => candidate.task === plan.task);
    return other && (asked?.includes(plan.task) ?? true) ? [{ a: plan, b: other }] : [];
  });
  const missing = (asked ?? []).filter((task) => !pairs.some((pair) => pair.a.task === task));
  if (pairs.length > 0 && missing.length === 0) return pairs;
  const have = ({ runId, plan }: RunDocument): string =>
    `${runId} has ${plan.tasks.map(({ task }) => task).join(', ')}`;
  throw new QwenEvalError(
    'E_NOT_COMPARABLE',
    missing.length > 0
      ? `not in both runs: ${missing.join(', ')}; ${have(a)}; ${have(b)}`
      : `the runs have no task in common: ${have(a)}; ${have(b)}`,
    { hint: 'compare runs that share a task; see `qwen-eval list runs`' },
  );
}

function taskComparison(
  comparison: PairedComparison,
  samples: PairedSamples | undefined,
  headlines: ReadonlyMap<string, string>,
): TaskComparison {
  const metric = headlines.get(comparison.task) ?? 'accuracy';
  const { both, unpaired } = samples ?? { both: [], unpaired: { a: 0, b: 0 } };
  const flips = both
    .filter((pair) => pair.a.score !== pair.b.score)
    .map(({ sampleId, a, b }) => ({
      sampleId,
      category: a.category,
      a: a.score,
      b: b.score,
      code: a.score < b.score ? a.code : b.code,
    }));
  return {
    ...comparison,
    metric,
    unpaired,
    flips: { ...comparison.flips, samples: flips },
    categories: byCategory(both, rangeOf(metric)),
  };
}

function byCategory(pairs: readonly SamplePair[], range: readonly [number, number]): readonly CategoryComparison[] {
  const groups = new Map<string, SamplePair[]>();
  for (const pair of pairs) {
    if (pair.a.category === null) continue;
    const group = groups.get(pair.a.category);
    if (group) group.push(pair);
    else groups.set(pair.a.category, [pair]);
  }
  return [...groups]
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
    .map(([category, group]) => ({
      category,
      pairs: group.length,
      difference: pairedDifferenceEstimate(
        group.map((pair) => pair.a.score),
        group.map((pair) => pair.b.score),
        { ...clustersOf(group), range },
      ),
    }));
}
