import { isEstimated, unavailable, type Estimate, type Estimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import type { TaskCategory } from '../../core/ports/task.ts';
import { meanOfIndependent } from '../../stats/mean-of-independent.ts';
import { formatShare } from '../../text/format-estimate.ts';
import { shareOfScore } from './measured-evidence.ts';
import type { ComparedTask, TrackerComparison } from '../compare/tracker-comparison.ts';
import type { TrackedTask } from '../tracked-task.ts';
import type { TrackerCell } from '../tracker-cell.ts';

/** One preset's standing in one category of tasks. */
export interface MatrixEntry {
  readonly preset: string;
  /** Mean over the tasks, each counting the same, in [0,1]. */
  readonly estimate: Estimate;
  /** Scored samples it rests on. */
  readonly samples: number;
  readonly tasks: readonly string[];
  readonly runIds: readonly string[];
}

/** What the matrix says of one category: which preset to take, or why nothing can be said. */
export interface MatrixVerdict {
  readonly kind: 'best' | 'tied' | 'undecided' | 'not enough data';
  /** The best preset; null unless `best`. */
  readonly preset: string | null;
  readonly reason: string;
}

/** A category of tasks of one model and mode over all presets. */
export interface MatrixRow {
  readonly model: string;
  readonly mode: string;
  readonly category: TaskCategory;
  readonly entries: readonly MatrixEntry[];
  readonly verdict: MatrixVerdict;
}

/** Scored samples below which a category of a preset is not judged. */
const leastSamples = 30;

/** Differences within ±delta are a tie. */
const delta = 0.02;

/** Preset × category of tasks for each model and mode, with what paired comparisons say of the presets. */
export function categoryMatrix(
  cells: readonly TrackerCell[],
  context: {
    readonly tasks: ReadonlyMap<string, TrackedTask>;
    readonly comparisons: readonly TrackerComparison[];
  },
): readonly MatrixRow[] {
  const tested = cells.filter((cell) => cell.status === 'tested' && context.tasks.has(cell.task));
  const categoryOf = (cell: TrackerCell): string => context.tasks.get(cell.task)?.category ?? '';
  return groupBy(tested, (cell) => [cell.model, cell.mode ?? '', categoryOf(cell)].join('\u0000')).map(([, group]) => {
    const [first] = group;
    const entries = groupBy(group, (cell) => cell.preset).map(([preset, own]) => entryOf(preset, own));
    const names = { model: first?.model ?? '', mode: first?.mode ?? '' };
    const pairs = context.comparisons.filter(
      ({ kind, a }) => kind === 'preset' && a.model === names.model && a.mode === names.mode,
    );
    return {
      ...names,
      category: categoryOf(first as TrackerCell) as TaskCategory,
      entries,
      verdict: verdictOf(entries, { pairs, tasks: new Set(group.map((cell) => cell.task)) }),
    };
  });
}

/** A preset's score in a category as it is shown; where presets were tested on other tasks, with their names. */
export function matrixEntryText({ entries }: MatrixRow, preset: string): string {
  const entry = entries.find((one) => one.preset === preset);
  if (entry === undefined) return 'not tested';
  if (!isEstimated(entry.estimate)) return 'not enough data';
  const named = (tasks: readonly string[]): string => [...new Set(tasks)].toSorted().join(', ');
  const areSame = entries.every(({ tasks }) => named(tasks) === named(entry.tasks));
  return `${formatShare(entry.estimate)}${areSame ? '' : ` (${named(entry.tasks)})`}`;
}

function entryOf(preset: string, cells: readonly TrackerCell[]): MatrixEntry {
  const samples = cells.reduce((sum, cell) => sum + (isEstimated(cell.estimate) ? cell.estimate.n : 0), 0);
  return {
    preset,
    estimate:
      samples < leastSamples
        ? unavailable(`not enough data: ${samples} samples, at least ${leastSamples} are needed`)
        : meanOfIndependent(cells.map(shareOfScore)),
    samples,
    tasks: cells.map((cell) => cell.task),
    runIds: [...new Set(cells.flatMap((cell) => cell.runId ?? []))],
  };
}

function verdictOf(
  entries: readonly MatrixEntry[],
  context: { readonly pairs: readonly TrackerComparison[]; readonly tasks: ReadonlySet<string> },
): MatrixVerdict {
  const judged = entries.filter((entry) => isEstimated(entry.estimate));
  if (judged.length < 2) {
    return { kind: 'not enough data', preset: null, reason: missingText(entries) };
  }
  const presets = new Set(judged.map(({ preset }) => preset));
  const pairs = context.pairs
    .filter(({ a, b }) => presets.has(a.preset) && presets.has(b.preset))
    .map((pair) => ({ pair, difference: differenceOf(pair.tasks.filter(({ task }) => context.tasks.has(task))) }));
  const known = pairs.flatMap(({ pair, difference }) => (difference === null ? [] : [{ pair, ...difference }]));
  const [widest] = groupBy(known, ({ pair }) => pair.b.preset).toSorted(([, a], [, b]) => b.length - a.length);
  if (widest === undefined)
    return { kind: 'not enough data', preset: null, reason: 'the presets were not asked the same samples of any task' };
  const [base, compared] = widest;
  const apart = [...presets].filter(
    (preset) => preset !== base && !compared.some(({ pair }) => pair.a.preset === preset),
  );
  const verdict = decide(compared);
  if (apart.length === 0) return verdict;
  const others = `${verdict.preset ?? verdict.kind}, ${verdict.reason}`;
  return {
    kind: 'not enough data',
    preset: null,
    reason: `${apart.join(' and ')} not asked the same samples; of the others: ${others}`,
  };
}

function missingText(entries: readonly MatrixEntry[]): string {
  const [first] = entries;
  if (entries.length === 1) return `only ${first?.preset} was tested`;
  const have = entries.map(({ preset, samples }) => `${preset} has ${samples}`);
  return `a preset needs ${leastSamples} samples: ${have.join(', ')}`;
}

interface KnownDifference {
  readonly pair: TrackerComparison;
  /** a − b over the common tasks, at 95 % and at 90 %. */
  readonly difference: Estimated;
  readonly equivalence: Estimated;
  readonly pairsToDecide: number | null;
}

function decide(known: readonly KnownDifference[]): MatrixVerdict {
  const base = known[0]?.pair.b.preset ?? '';
  const named = (rows: readonly KnownDifference[]): string => rows.map(({ pair }) => pair.a.preset).join(' and ');
  const better = known.filter(({ difference }) => difference.low > 0);
  const worse = known.filter(({ difference }) => difference.high < 0);
  const open = known.filter((row) => !better.includes(row) && !worse.includes(row));
  if (worse.length === known.length) return { kind: 'best', preset: base, reason: `better than ${named(worse)}` };
  const [only] = better;
  // The others are compared with the base, not with one another.
  if (only && better.length === 1 && open.length === 0)
    return {
      kind: 'best',
      preset: only.pair.a.preset,
      reason: `better than ${base}${worse.length > 0 ? `, which is better than ${named(worse)}` : ''}`,
    };
  const beside = [
    ...(better.length > 0 ? [`${named(better)} better than ${base}`] : []),
    ...(worse.length > 0 ? [`${named(worse)} worse than ${base}`] : []),
  ].join(', ');
  if (better.length === 0 && open.every(({ equivalence }) => equivalence.low >= -delta && equivalence.high <= delta))
    return {
      kind: 'tied',
      preset: null,
      reason: `${[base, ...open.map(({ pair }) => pair.a.preset)].join(' and ')} within ±${delta * 100} points${beside === '' ? '' : `; ${beside}`}`,
    };
  const sizes = open.flatMap(({ pairsToDecide }) => pairsToDecide ?? []);
  const more = sizes.length === 0 ? '' : `, about ${Math.max(...sizes)} samples of each task would decide`;
  const between = open.length === 0 ? named(better) : `${base} and ${named(open)}`;
  return { kind: 'undecided', preset: null, reason: `between ${between}${more}${beside === '' ? '' : `; ${beside}`}` };
}

function differenceOf(tasks: readonly ComparedTask[]): Omit<KnownDifference, 'pair'> | null {
  const usable = tasks.filter(({ difference, equivalence }) => isEstimated(difference) && isEstimated(equivalence));
  if (usable.length === 0 || usable.reduce((sum, task) => sum + task.pairs, 0) < leastSamples) return null;
  const scale = (task: ComparedTask, estimate: Estimate): Estimate => {
    if (task.metric !== 'rating' || !isEstimated(estimate)) return estimate;
    return { ...estimate, value: estimate.value / 9, low: estimate.low / 9, high: estimate.high / 9 };
  };
  const difference = meanOfIndependent(usable.map((task) => scale(task, task.difference)));
  const equivalence = meanOfIndependent(usable.map((task) => scale(task, task.equivalence)));
  if (!isEstimated(difference) || !isEstimated(equivalence)) return null;
  const sizes = usable.flatMap((task) => task.pairsToDecide ?? []);
  return { difference, equivalence, pairsToDecide: sizes.length === 0 ? null : Math.max(...sizes) };
}
