import { isEstimated, type Estimate } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { meanOfIndependent } from '../../stats/mean-of-independent.ts';
import { cellEntries, modelOf, outcomeOf, presetOf, type CellEntry } from '../cell-entry.ts';
import { systemOf } from '../cell-system.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import type { TrackerCell } from '../tracker-cell.ts';

/** A score of a run under its whole configuration. */
export interface MeasuredScore {
  readonly model: string;
  readonly preset: string;
  readonly engine: string;
  readonly quantization: string | null;
  readonly mode: string;
  readonly task: string;
  readonly category: string;
  readonly headline: string;
  /** In the unit of its metric. */
  readonly estimate: Estimate;
  readonly runId: string;
}

/** What a run cost under its configuration. */
export interface MeasuredSystem {
  readonly model: string;
  readonly preset: string;
  readonly engine: string;
  readonly quantization: string | null;
  readonly outputTokensPerSecond: Estimate;
  /** 95th percentile; null when not measured. */
  readonly timeToFirstTokenMs: number | null;
  /** Null when not measured. */
  readonly memoryBytes: number | null;
  /** Cards of the run's machine; empty when none is known. */
  readonly cards: readonly string[];
  readonly runId: string;
}

const fullPrecision = new Set(['bf16', 'f16', 'fp16', 'f32', 'none']);

/** A quantisation as the registry spells it; null for 16 bits and where nothing is said. */
export function plainQuantization(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const word = value.toLowerCase().replaceAll('-', '_');
  return fullPrecision.has(word) ? null : word;
}

const configurationOf = ({ document }: TrackedRun) => ({
  model: modelOf(document),
  preset: presetOf(document),
  engine: document.plan.engine.id,
  quantization: plainQuantization(document.plan.model.facts['quantization']),
  mode: document.plan.mode,
});

/** Newest score of each configuration and task; what has to be evaluated again does not count. Runs are given oldest first. */
export function measuredScores(
  runs: readonly TrackedRun[],
  context: { readonly cells: readonly TrackerCell[]; readonly tasks: ReadonlyMap<string, TrackedTask> },
): readonly MeasuredScore[] {
  const stale = new Set(
    context.cells.filter((cell) => cell.status === 're-evaluate').map(({ runId, task }) => `${runId}\u0000${task}`),
  );
  const entries = runs
    .toReversed()
    .flatMap(cellEntries)
    .filter((entry) => isCurrent(entry, { stale, tasks: context.tasks }));
  const scores = entries.map((entry): MeasuredScore => ({
    ...configurationOf(entry.run),
    task: entry.plan.task,
    category: context.tasks.get(entry.plan.task)?.category ?? '',
    headline: entry.plan.headline,
    estimate: outcomeOf(entry).estimate,
    runId: entry.run.document.runId,
  }));
  const keyOf = (score: MeasuredScore): string =>
    [score.model, score.preset, score.engine, score.quantization ?? '', score.mode, score.task].join('\u0000');
  return groupBy(scores, keyOf).flatMap(([, [newest]]) => newest ?? []);
}

/** Scored with the installed versions of task and scorer, and not marked for re-evaluation. */
function isCurrent(
  entry: CellEntry,
  context: { readonly stale: ReadonlySet<string>; readonly tasks: ReadonlyMap<string, TrackedTask> },
): boolean {
  const { plan, run } = entry;
  const task = context.tasks.get(plan.task);
  return (
    task !== undefined &&
    outcomeOf(entry).status === 'tested' &&
    plan.taskVersion === task.version &&
    plan.scorer === task.scorer &&
    plan.scorerVersion === task.scorerVersion &&
    !context.stale.has(`${run.document.runId}\u0000${plan.task}`)
  );
}

/** What each complete run cost, newest first. */
export const measuredSystems = (runs: readonly TrackedRun[]): readonly MeasuredSystem[] =>
  runs.toReversed().flatMap((run): readonly MeasuredSystem[] => {
    const { result, document } = run;
    if (result?.status !== 'complete') return [];
    const { measured } = systemOf(run);
    const { mode: _mode, ...configuration } = configurationOf(run);
    return [
      {
        ...configuration,
        outputTokensPerSecond: result.system?.throughput.outputTokensPerSecond ?? {
          unavailable: 'the run has no telemetry',
        },
        timeToFirstTokenMs: result.timings.timeToFirstTokenMs?.p95 ?? null,
        memoryBytes: 'unavailable' in measured ? null : measured.bytes,
        cards: cardsOf(run),
        runId: document.runId,
      },
    ];
  });

const cardsOf = ({ result }: TrackedRun): readonly string[] => {
  const gpus = result?.system?.gpus;
  return gpus === undefined || 'unavailable' in gpus ? [] : gpus.map(({ name }) => name ?? 'card');
};

/** A score in [0,1], whatever the unit of its metric. */
export function shareOfScore({ headline, estimate }: Pick<MeasuredScore, 'headline' | 'estimate'>): Estimate {
  if (headline !== 'rating' || !isEstimated(estimate)) return estimate;
  const share = (rating: number): number => (rating - 1) / 9;
  return { ...estimate, value: share(estimate.value), low: share(estimate.low), high: share(estimate.high) };
}

/** Mean over categories of the mean over their tasks, each counting the same; unavailable without scores. */
export const overallQuality = (scores: readonly MeasuredScore[]): Estimate =>
  meanOfIndependent(
    groupBy(scores, ({ category }) => category).map(([, own]) => meanOfIndependent(own.map(shareOfScore))),
  );
