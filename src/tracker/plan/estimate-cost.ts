import type { TaskKind } from '../../core/ports/task.ts';
import { cellEntries, isComplete, modelOf, presetOf, type CellEntry } from '../cell-entry.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import type { CostEstimate } from './evaluation-plan.ts';

/** What is known of the cell whose cost is estimated. */
export interface CostRequest {
  readonly model: string;
  readonly preset: string;
  readonly task: string;
  readonly mode: string | null;
  /** Samples × epochs; null when not known. */
  readonly samples: number | null;
}

/** Estimates costs from runs that were made, and by stated assumptions where there are none. */
export type EstimateCost = (request: CostRequest) => CostEstimate;

/** Output tokens a sample of a kind is taken to need without thinking, until a run has measured it. */
const assumedOutputTokens: Readonly<Record<TaskKind, number>> = {
  text: 250,
  choice: 60,
  code: 250,
  judged: 600,
  tools: 80,
  dialogue: 400,
  long_context: 80,
};

/** Prompt tokens a sample is taken to have, until a run has measured it. */
const assumedPromptTokens = 500;

/** How much more a thinking model is taken to write. */
const assumedThinkingFactor = 10;

/** Output tokens a second over all requests, until a run of the model has measured it. */
const assumedTokensPerSecond = 200;

interface MeasuredTokens {
  readonly entry: CellEntry;
  readonly promptPerSample: number | null;
  readonly outputPerSample: number;
}

/** Reads what runs measured; `runs` are given oldest first and the newest counts. */
export function costEstimator(runs: readonly TrackedRun[], tasks: ReadonlyMap<string, TrackedTask>): EstimateCost {
  const complete = runs.toReversed().filter((run) => run.result?.status === 'complete');
  const tokens = new Map<string, MeasuredTokens[]>();
  for (const entry of complete.flatMap(cellEntries)) {
    const measured = tokensOf(entry);
    if (measured) tokens.set(entry.plan.task, [...(tokens.get(entry.plan.task) ?? []), measured]);
  }
  return (request) => {
    const task = tasks.get(request.task);
    const { samples } = request;
    const used = tokenUse(request, { measured: tokens.get(request.task) ?? [], task });
    const times = (perSample: number | null): number | null =>
      samples === null || perSample === null ? null : Math.round(samples * perSample);
    const outputTokens = times(used.output);
    const time = timeUse(request, { complete, samples, outputTokens });
    return {
      samples,
      promptTokens: times(used.prompt),
      outputTokens,
      seconds: time.seconds,
      basis: { tokens: samples === null ? 'the number of samples is not known' : used.basis, time: time.basis },
    };
  };
}

function tokensOf(entry: CellEntry): MeasuredTokens | null {
  const { result } = entry;
  if (result === null || !isComplete(entry) || result.tokens.meanCompletion === null || result.counts.planned === 0)
    return null;
  const { prompt, meanCompletion } = result.tokens;
  return {
    entry,
    promptPerSample: prompt === null ? null : prompt / result.counts.planned,
    outputPerSample: meanCompletion,
  };
}

function tokenUse(
  request: CostRequest,
  known: { readonly measured: readonly MeasuredTokens[]; readonly task: TrackedTask | undefined },
): { readonly prompt: number | null; readonly output: number | null; readonly basis: string } {
  const { measured, task } = known;
  const isSameMode = ({ entry }: MeasuredTokens): boolean =>
    request.mode === null || entry.run.document.plan.mode === request.mode;
  const own = measured.filter(({ entry }) => modelOf(entry.run.document) === request.model);
  const found = own.find(isSameMode) ?? measured.find(isSameMode);
  if (found) {
    const { document } = found.entry.run;
    const whose = modelOf(document) === request.model ? '' : `, another model (${modelOf(document)})`;
    return {
      prompt: found.promptPerSample,
      output: found.outputPerSample,
      basis: `measured in run ${document.runId}${whose}`,
    };
  }
  if (task === undefined) return { prompt: null, output: null, basis: 'the task is not installed' };
  const plain = Math.min(task.maxTokens, assumedOutputTokens[task.kind]);
  const isThinking = request.mode === 'thinking';
  const output = isThinking ? plain * assumedThinkingFactor : plain;
  return {
    prompt: assumedPromptTokens,
    output,
    basis: `assumed: ${assumedPromptTokens} prompt and ${output} output tokens a sample`,
  };
}

function timeUse(
  request: CostRequest,
  known: {
    readonly complete: readonly TrackedRun[];
    readonly samples: number | null;
    readonly outputTokens: number | null;
  },
): { readonly seconds: number | null; readonly basis: string } {
  const { complete, samples, outputTokens } = known;
  const own = complete.filter(({ document }) => modelOf(document) === request.model);
  const same = own.filter(({ document }) => presetOf(document) === request.preset);
  const alone = same.find(
    ({ document }) => document.plan.tasks.length === 1 && document.plan.tasks[0]?.task === request.task,
  );
  const measured = alone?.result?.tasks[0]?.counts.planned ?? 0;
  const wallMs = alone?.result?.timings.wallMs ?? null;
  if (alone && wallMs !== null && measured > 0 && samples !== null) {
    return {
      seconds: ((wallMs / 1000) * samples) / measured,
      basis: `run ${alone.document.runId} took ${(wallMs / 1000).toFixed(0)} s for ${measured} samples`,
    };
  }
  const timed = [...same, ...own].find(({ result }) => (result?.timings.outputTokensPerSecond ?? 0) > 0);
  const speed = timed?.result?.timings.outputTokensPerSecond ?? assumedTokensPerSecond;
  return {
    seconds: outputTokens === null ? null : outputTokens / speed,
    basis: timed
      ? `${speed.toFixed(0)} tokens/s as in run ${timed.document.runId}`
      : `assumed: ${assumedTokensPerSecond} output tokens/s, no run of this model has measured it`,
  };
}
