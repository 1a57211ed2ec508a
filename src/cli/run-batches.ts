import type { JsonObject } from '../core/json.ts';
import { exitCodeOf, exitCodes, isQwenEvalError, type ErrorCode, type ExitCode } from '../core/errors.ts';
import { resume, run, type RunOptions } from '../runner/run.ts';
import type { PlanBudget, SkippedItem } from '../tracker/plan/select-items.ts';
import { batchItems, type PlanBatch } from '../tracker/plan/select-items.ts';
import type { PlanItem } from '../tracker/plan/evaluation-plan.ts';
import type { Invocation } from './command.ts';
import { downloadProgress } from './download-progress.ts';
import { engineProgress } from './engine-progress.ts';
import { watchRun } from './watch-run.ts';

/** What came of cells that were run together. */
export interface RanBatch {
  readonly cells: readonly Pick<PlanItem, 'model' | 'preset' | 'task'>[];
  /** Null when no run came of it. */
  readonly runId: string | null;
  readonly status: 'complete' | 'incomplete' | 'failed';
  /** Tasks that were refused. */
  readonly refused: readonly string[];
  readonly seconds: number;
  readonly outputTokens: number | null;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string | null } | null;
  readonly exitCode: ExitCode;
}

export interface BatchRunning {
  readonly ran: readonly RanBatch[];
  /** Items that were chosen and not begun because the budget was spent. */
  readonly skipped: readonly SkippedItem[];
}

/** Runs the chosen cells in order, those of one model and preset together, until the budget is spent. `given` are the user's own options, which win. A run that fails does not keep the next from starting. */
export async function runBatches(
  items: readonly PlanItem[],
  invocation: Invocation,
  spending: { readonly given: RunOptions; readonly budget: PlanBudget },
): Promise<BatchRunning> {
  const { given, budget } = spending;
  const started = performance.now();
  const elapsedSeconds = (): number => (performance.now() - started) / 1000;
  const ran: RanBatch[] = [];
  const skipped: SkippedItem[] = [];
  let tokens = 0;
  for (const batch of batchItems(items)) {
    const reason = invocation.control.drain.aborted
      ? 'interrupted before it began'
      : budget.seconds !== null && elapsedSeconds() >= budget.seconds
        ? 'the time of the budget was used up'
        : budget.outputTokens !== null && tokens >= budget.outputTokens
          ? 'the tokens of the budget were used up'
          : null;
    if (reason !== null) {
      skipped.push(...batch.items.map((item) => ({ item, reason })));
      continue;
    }
    const left = budget.seconds === null ? null : budget.seconds - elapsedSeconds();
    const result = await runBatch(batch, invocation, { given, seconds: left });
    tokens += result.outputTokens ?? 0;
    ran.push(result);
  }
  return { ran, skipped };
}

async function runBatch(
  batch: PlanBatch,
  invocation: Invocation,
  limits: { readonly given: RunOptions; readonly seconds: number | null },
): Promise<RanBatch> {
  const { control, options, streams } = invocation;
  const cells = batch.items.map(({ model, preset, task }) => ({ model, preset, task }));
  streams.err(`plan: ${cells[0]?.model}, ${cells[0]?.preset}: ${cells.map((cell) => cell.task).join(', ')}\n`);
  const deadline = new AbortController();
  const timer = limits.seconds === null ? null : setTimeout(() => deadline.abort(), limits.seconds * 1000);
  const steering = { drain: AbortSignal.any([control.drain, deadline.signal]), stop: control.stop };
  const started = performance.now();
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  const onProgress = engineProgress(streams, () => performance.now());
  try {
    const events =
      batch.resume === null
        ? run(mergedOptions(batch.options, limits.given), {
            control: steering,
            onProgress,
            onDownload: downloadProgress(streams, () => performance.now()),
          })
        : resume(batch.resume, limits.given, { control: steering, onProgress });
    const { result, exitCode } = await watchRun(events, { options, streams });
    return {
      cells,
      runId: result.runId,
      status: result.status,
      refused: result.tasks.flatMap(({ task, refused }) => (refused ? [task] : [])),
      seconds: seconds(),
      outputTokens: result.usage.completionTokens,
      error: null,
      exitCode,
    };
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    const { code, message, hint } = error;
    streams.err(`${code}: ${message}\n${hint === null ? '' : `  ${hint}\n`}`);
    return {
      cells,
      runId: null,
      status: 'failed',
      refused: [],
      seconds: seconds(),
      outputTokens: null,
      error: { code, message, hint },
      exitCode: exitCodeOf(error),
    };
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

/** An address given now replaces where and under which name the model was reached before. */
function mergedOptions(planned: JsonObject, given: RunOptions): RunOptions {
  const { model: _model, engine: _engine, ...rest } = planned;
  return { ...(given.baseUrl ? rest : planned), ...given };
}

/** The exit code of a plan's runs: the first that was not well, as a run of its own would give it. */
export const exitCodeOfRan = (ran: readonly RanBatch[]): ExitCode =>
  ran.find((batch) => batch.exitCode !== exitCodes.ok)?.exitCode ?? exitCodes.ok;
