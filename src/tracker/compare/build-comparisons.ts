import { unavailable } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { cellIdentity, identityDifferences } from '../../diagnosis/cell-identity.ts';
import { wasDecidedEarly } from '../../diagnosis/compare/at-any-time.ts';
import { compareTasks, type TaskSides } from '../../diagnosis/compare/compare-tasks.ts';
import type { TaskScores } from '../../diagnosis/compare/task-scores.ts';
import type { PairedComparison } from '../../stats/compare-paired.ts';
import type { TrackedModel } from '../tracked-model.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackerCell } from '../tracker-cell.ts';
import type { ComparedTask, Place, TrackerComparison } from './tracker-comparison.ts';

type RunScores = ReadonlyMap<string, TaskScores>;

/** What comparisons are made from. */
export interface ComparisonSources {
  /** In the order of the tracker. */
  readonly cells: readonly TrackerCell[];
  readonly runs: readonly TrackedRun[];
  readonly models: readonly TrackedModel[];
  /** Preset that others are compared with where it was tested. */
  readonly basePreset: string;
  /** Scores of a run's samples by task; null when its journal cannot be read. */
  readonly readScores: (run: TrackedRun) => RunScores | null;
}

interface PlacedCells {
  readonly place: Place;
  readonly cells: readonly TrackerCell[];
}

type PairOf = readonly [a: PlacedCells, b: PlacedCells];

/** Compares presets of a model, modes of a model under a preset, and each model with the next smaller one, sample by sample over what both have tested; what has to be evaluated again is not compared. */
export function buildComparisons(sources: ComparisonSources): readonly TrackerComparison[] {
  const tested = sources.cells.filter((cell) => cell.status === 'tested' && cell.runId !== null);
  const places = groupBy(tested, (cell) => [cell.model, cell.preset, cell.mode ?? ''].join('\u0000')).map(
    ([, cells]): PlacedCells => ({
      place: { model: cells[0]?.model ?? '', preset: cells[0]?.preset ?? '', mode: cells[0]?.mode ?? '' },
      cells,
    }),
  );
  const runs = new Map(sources.runs.map((run) => [run.document.runId, run]));
  const scores = new Map<string, RunScores | null>();
  const readScores = (run: TrackedRun): RunScores | null => {
    const { runId } = run.document;
    if (!scores.has(runId)) scores.set(runId, sources.readScores(run));
    return scores.get(runId) ?? null;
  };
  const compare: Compare = (kind, pairs) =>
    pairs.flatMap(([a, b]) => {
      const tasks = compareCells(a, b, { runs, readScores });
      return tasks.length === 0 ? [] : [{ kind, a: a.place, b: b.place, tasks }];
    });
  return [
    ...presetComparisons(places, { basePreset: sources.basePreset, compare }),
    ...compare('mode', modePairs(places)),
    ...compare('model', modelPairs(places, sources.models)),
  ];
}

const groupsBy = (
  places: readonly PlacedCells[],
  keyOf: (place: Place) => string,
): readonly (readonly PlacedCells[])[] => groupBy(places, ({ place }) => keyOf(place)).map(([, group]) => group);

type Compare = (kind: TrackerComparison['kind'], pairs: readonly PairOf[]) => readonly TrackerComparison[];

/** Every preset with the base, and what the base was not asked with the first other preset that was. */
const presetComparisons = (
  places: readonly PlacedCells[],
  { basePreset, compare }: { readonly basePreset: string; readonly compare: Compare },
): readonly TrackerComparison[] =>
  groupsBy(places, ({ model, mode }) => `${model}\u0000${mode}`).flatMap((group) => {
    const base = group.find(({ place }) => place.preset === basePreset) ?? group[0];
    const others = group.filter((one) => one !== base);
    const withBase = compare(
      'preset',
      others.map((one): PairOf => [one, base as PlacedCells]),
    );
    const isLeft = ({ preset, task, choiceMode }: TrackerCell): boolean =>
      !withBase.some(
        ({ a, tasks }) =>
          a.preset === preset &&
          tasks.some((one) => one.task === task && one.choiceMode === choiceMode && one.verdict !== 'not comparable'),
      );
    const left = others
      .map(({ place, cells }): PlacedCells => ({ place, cells: cells.filter(isLeft) }))
      .filter(({ cells }) => cells.length > 0);
    const apart = left.slice(1).flatMap((one, index) => {
      const found = left.slice(0, index + 1).flatMap((earlier) => compare('preset', [[one, earlier]]));
      return found.find(({ tasks }) => tasks.some(({ verdict }) => verdict !== 'not comparable')) ?? [];
    });
    return [...withBase, ...apart];
  });

const modePairs = (places: readonly PlacedCells[]): readonly PairOf[] =>
  groupsBy(places, ({ model, preset }) => `${model}\u0000${preset}`).flatMap((group) => {
    const thinking = group.find(({ place }) => place.mode === 'thinking');
    const plain = group.find(({ place }) => place.mode === 'non-thinking');
    return thinking && plain ? [[thinking, plain] as const] : [];
  });

/** Each model with the next smaller one of the same preset and mode, base models among themselves; models of unknown size are left out. */
function modelPairs(places: readonly PlacedCells[], models: readonly TrackedModel[]): readonly PairOf[] {
  const known = new Map(models.map((model) => [model.id, model]));
  const sizeOf = ({ place }: PlacedCells): number | null => known.get(place.model)?.parameters ?? null;
  const kindOf = ({ model }: Place): string => (known.get(model)?.variant === 'base' ? 'base' : 'tuned');
  return groupsBy(places, (place) => `${place.preset}\u0000${place.mode}\u0000${kindOf(place)}`).flatMap((group) => {
    const sized = group.filter((one) => sizeOf(one) !== null).toSorted((x, y) => (sizeOf(x) ?? 0) - (sizeOf(y) ?? 0));
    return sized.slice(1).map((larger, index): PairOf => [larger, sized[index] as PlacedCells]);
  });
}

interface Reading {
  readonly runs: ReadonlyMap<string, TrackedRun>;
  readonly readScores: (run: TrackedRun) => RunScores | null;
}

interface CellPair {
  readonly a: TrackerCell;
  readonly b: TrackerCell;
  readonly runA: TrackedRun;
  readonly runB: TrackedRun;
  readonly barrier: string | null;
}

function compareCells(a: PlacedCells, b: PlacedCells, reading: Reading): readonly ComparedTask[] {
  const pairs = a.cells.flatMap((cell): CellPair[] => {
    const other = b.cells.find((one) => one.task === cell.task && one.choiceMode === cell.choiceMode);
    const runA = reading.runs.get(cell.runId ?? '');
    const runB = reading.runs.get(other?.runId ?? '');
    if (!other || !runA || !runB) return [];
    return [{ a: cell, b: other, runA, runB, barrier: barrierOf({ runA, runB, task: cell.task }, reading) }];
  });
  const comparable = pairs.filter(({ barrier }) => barrier === null);
  const compared = compareTasks(comparable.map((pair) => sidesOf(pair, reading)));
  const results = new Map(comparable.map((pair, index) => [pair, compared[index]?.comparison]));
  return pairs.map((pair) => comparedTask(pair, results.get(pair)));
}

/** What must be equal and is not, or cannot be read. */
function barrierOf(
  { runA, runB, task }: Pick<CellPair, 'runA' | 'runB'> & { readonly task: string },
  { readScores }: Reading,
): string | null {
  const [a, b] = [runA, runB].map((run) => run.document.plan.tasks.find((plan) => plan.task === task));
  if (!a || !b) return 'the task is not in both runs';
  const parts = identityDifferences(cellIdentity(runA.document, a), cellIdentity(runB.document, b))
    .filter(({ comparable }) => !comparable)
    .map(({ part }) => part);
  if (parts.length > 0)
    return `${parts.join(', ')} ${parts.length === 1 && !parts[0]?.endsWith('s') ? 'differs' : 'differ'}`;
  const unread = [runA, runB].find((run) => readScores(run) === null);
  return unread ? `the journal of run ${unread.document.runId} cannot be read` : null;
}

const noScores: TaskScores = new Map();

function sidesOf({ a: { task, headline }, runA, runB }: CellPair, { readScores }: Reading): TaskSides {
  return {
    plan: runA.document.plan.tasks.find((plan) => plan.task === task) ?? { task, headline },
    a: readScores(runA)?.get(task) ?? noScores,
    b: readScores(runB)?.get(task) ?? noScores,
    isEarly: [runA, runB].some(({ result }) => wasDecidedEarly(result, task)),
  };
}

function comparedTask({ a, b, runA, runB, barrier }: CellPair, found: PairedComparison | undefined): ComparedTask {
  const names = {
    task: a.task,
    choiceMode: a.choiceMode,
    metric: a.headline,
    runs: { a: runA.document.runId, b: runB.document.runId },
    barrier,
  };
  if (found === undefined) {
    const reason = unavailable(`not comparable: ${barrier}`);
    return {
      ...names,
      pairs: 0,
      a: a.estimate,
      b: b.estimate,
      difference: reason,
      equivalence: reason,
      verdict: 'not comparable',
      minimumDetectableEffect: null,
      pairsToDecide: null,
    };
  }
  const { pairs, difference, equivalence, verdict, minimumDetectableEffect, pairsToDecide } = found;
  return {
    ...names,
    pairs,
    a: found.a,
    b: found.b,
    difference,
    equivalence,
    verdict,
    minimumDetectableEffect,
    pairsToDecide,
  };
}
