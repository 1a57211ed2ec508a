import { QwenEvalError } from '../../core/errors.ts';
import { unavailable, type Estimate } from '../../core/estimate.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { PairedComparison } from '../../stats/compare-paired.ts';
import { pairedDifferenceEstimate } from '../../stats/paired-difference.ts';
import type { LoadedRun } from '../loaded-run.ts';
import { wasDecidedEarly } from './at-any-time.ts';
import { compareTasks, type Averaged } from './compare-tasks.ts';
import {
  differingIdentity,
  requireComparable,
  requireIdentityNames,
  type DifferingIdentity,
  type TaskPair,
} from './identity-check.ts';
import { noiseFloor } from './noise-floor.ts';
import { clustersOf, rangeOf, type SamplePair } from './pair-samples.ts';
import { systemFigures, type SystemFigures } from './system-figures.ts';
import { headlinesOf, readTaskScores } from './task-scores.ts';

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
  readonly averaged: Averaged;
  /** Samples scored in one run only, which count for neither. */
  readonly unpaired: { readonly a: number; readonly b: number };
  readonly flips: { readonly gained: number; readonly lost: number; readonly samples: readonly Flip[] };
  /** Samples that flip between right and wrong when the same run is repeated, from epochs and from runs of the same plan. */
  readonly noiseFloor: { readonly a: Estimate; readonly b: Estimate };
  /** What the runs report as their headline, over all their samples. */
  readonly headlines: { readonly a: Estimate; readonly b: Estimate };
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
  /** Other runs of the plans of a and b, which show the noise of each; default none. */
  readonly repeats?: { readonly a: readonly LoadedRun[]; readonly b: readonly LoadedRun[] };
}

/** Compares two runs sample by sample. Throws E_NOT_COMPARABLE when they share no task or differ in what must be equal, E_OPTION_INVALID when what is allowed to differ does not exist. */
export function compareRuns(a: LoadedRun, b: LoadedRun, options: CompareOptions): RunComparison {
  const documents = { a: a.document, b: b.document };
  const pairs = commonTasks(documents, options.tasks);
  requireIdentityNames(options.allowDifferent);
  const differing = differingIdentity(documents, pairs);
  requireComparable(differing, options.allowDifferent);
  const names = pairs.map((pair) => pair.a.task);
  const plans = pairs.map(({ a: plan, b: other }) => ({ ...other, ...plan }));
  const headlines = headlinesOf({ tasks: plans });
  const read = (run: LoadedRun): ScoresByTask => readTaskScores(run.directory.samplesFile, headlines);
  const scores = { a: read(a), b: read(b) };
  const compared = compareTasks(
    plans.map((plan) => ({
      plan,
      a: scores.a.get(plan.task) ?? new Map(),
      b: scores.b.get(plan.task) ?? new Map(),
      isEarly: [a, b].some(({ result }) => wasDecidedEarly(result, plan.task)),
    })),
    options,
  );
  const repeats = repeatedScores({ a, b }, { scores, read, repeats: options.repeats ?? { a: [], b: [] } });
  return {
    a: sideOf(a.document),
    b: sideOf(b.document),
    comparable: !differing.some(({ mustBeEqual }) => mustBeEqual),
    differingIdentity: differing,
    comparisons: compared.map(({ comparison, samples, averaged }) => {
      const { task } = comparison;
      const { headline: metric } = headlines.get(task) ?? { headline: 'accuracy' };
      return {
        ...comparison,
        metric,
        averaged,
        unpaired: samples.unpaired,
        flips: { ...comparison.flips, samples: flipsOf(samples.both) },
        noiseFloor: { a: noiseOf(repeats.a, task), b: noiseOf(repeats.b, task) },
        headlines: { a: headlineOf(a, task), b: headlineOf(b, task) },
        categories: byCategory(samples.both, rangeOf(metric)),
      };
    }),
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

const flipsOf = (pairs: readonly SamplePair[]): readonly Flip[] =>
  pairs
    .filter((pair) => pair.a.score !== pair.b.score)
    .map(({ sampleId, a, b }) => ({
      sampleId,
      category: a.category,
      a: a.score,
      b: b.score,
      code: a.score < b.score ? a.code : b.code,
    }));

type ScoresByTask = ReturnType<typeof readTaskScores>;

/** The scores of each side and of its repeats; two runs of one plan repeat each other. */
function repeatedScores(
  { a, b }: { readonly a: LoadedRun; readonly b: LoadedRun },
  input: {
    readonly scores: { readonly a: ScoresByTask; readonly b: ScoresByTask };
    readonly read: (run: LoadedRun) => ScoresByTask;
    readonly repeats: Required<CompareOptions>['repeats'];
  },
): { readonly a: readonly ScoresByTask[]; readonly b: readonly ScoresByTask[] } {
  const isSame = a.document.planHash === b.document.planHash;
  const others = (runs: readonly LoadedRun[]): readonly ScoresByTask[] =>
    runs
      .filter((run) => ![a.document.runId, b.document.runId].includes(run.document.runId))
      .map((run) => input.read(run));
  const { scores, repeats } = input;
  return {
    a: [scores.a, ...(isSame ? [scores.b] : []), ...others(repeats.a)],
    b: [scores.b, ...(isSame ? [scores.a] : []), ...others(repeats.b)],
  };
}

const noiseOf = (repeated: readonly ScoresByTask[], task: string): Estimate =>
  noiseFloor(repeated.flatMap((scores) => scores.get(task) ?? []));

function headlineOf({ result }: LoadedRun, task: string): Estimate {
  const found = result?.tasks.find((entry) => entry.task === task);
  return found?.metrics[found.headline] ?? unavailable('the run has no result');
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
