import { unavailable, type Estimate } from '../../core/estimate.ts';
import type { ResultDocument } from '../../core/result-document.ts';
import type { SystemSeries } from '../../core/system-report.ts';

/** What a run cost, beside its quality; null is not measured. */
export interface SystemFigures {
  readonly outputTokensPerSecond: number | null;
  readonly timeToFirstTokenMs: { readonly p50: number; readonly p95: number; readonly n: number } | null;
  readonly tokensPerAnswer: number | null;
  readonly samplesPerSecond: number | null;
  readonly wallMs: number | null;
  /** Output tokens a second and the median time to the first token with their intervals, where the run was measured. */
  readonly measured: { readonly outputTokensPerSecond: Estimate; readonly timeToFirstTokenMs: Estimate };
  /** Memory of the engine in bytes; null when the run was not measured. */
  readonly memory: SystemSeries | null;
  /** Of all cards together, and money in the currency of the prices given. */
  readonly joulesPerThousandSamples: Estimate;
  readonly pricePerThousandSamples: Estimate;
}

/** The system figures of a run. `tasks` limits tokens per answer to the tasks that are compared; throughput is of the whole run. */
export function systemFigures(result: ResultDocument | null, tasks: readonly string[]): SystemFigures {
  if (result === null)
    return {
      outputTokensPerSecond: null,
      timeToFirstTokenMs: null,
      tokensPerAnswer: null,
      samplesPerSecond: null,
      wallMs: null,
      measured: { outputTokensPerSecond: notMeasured, timeToFirstTokenMs: notMeasured },
      memory: null,
      joulesPerThousandSamples: notMeasured,
      pricePerThousandSamples: notMeasured,
    };
  const { outputTokensPerSecond, timeToFirstTokenMs, samplesPerSecond, wallMs } = result.timings;
  return {
    outputTokensPerSecond,
    timeToFirstTokenMs,
    tokensPerAnswer: tokensPerAnswer(result, tasks),
    samplesPerSecond,
    wallMs,
    measured: {
      outputTokensPerSecond: result.system?.throughput.outputTokensPerSecond ?? notMeasured,
      timeToFirstTokenMs: result.system?.latency.timeToFirstTokenMs.p50 ?? notMeasured,
    },
    memory: result.system?.memory.engineBytes ?? null,
    joulesPerThousandSamples: result.system?.cost.joulesPerThousandSamples ?? notMeasured,
    pricePerThousandSamples: result.system?.cost.pricePerThousandSamples ?? notMeasured,
  };
}

const notMeasured = unavailable('the run was not measured');

function tokensPerAnswer(result: ResultDocument, names: readonly string[]): number | null {
  const tasks = result.tasks.filter((task) => names.includes(task.task) && task.counts.planned > 0);
  let [tokens, answers] = [0, 0];
  for (const { tokens: spent } of tasks) {
    if (spent.completion === null || spent.meanCompletion === null || spent.meanCompletion === 0) return null;
    tokens += spent.completion;
    answers += spent.completion / spent.meanCompletion;
  }
  return answers === 0 ? null : tokens / answers;
}
