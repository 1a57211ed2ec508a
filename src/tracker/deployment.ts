import type { JsonObject } from '../core/json.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { groupBy } from '../core/group-by.ts';
import type { Estimate } from '../core/estimate.ts';
import type { Verdict } from '../core/result-document.ts';
import type { SystemReport } from '../core/system-report.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';
import { modelOf, presetOf } from './cell-entry.ts';
import { systemOf, type CellSystem } from './cell-system.ts';
import type { TrackedRun } from './tracked-run.ts';

/** What is known of one model under one preset beside its scores. */
export interface Deployment {
  readonly model: string;
  readonly preset: string;
  readonly engine: string;
  /** Newest run with a result. */
  readonly runId: string;
  readonly performance: {
    /** Over repetitions of the newest run's plan. */
    readonly outputTokensPerSecond: Estimate;
    readonly lastOutputTokensPerSecond: number | null;
    readonly timeToFirstTokenMs: { readonly p50: number; readonly p95: number; readonly n: number } | null;
    readonly completionTokens: number | null;
    readonly wallMs: number | null;
  };
  readonly system: SystemReport | null;
  /** Memory and bottleneck of the run. */
  readonly figures: CellSystem;
  readonly configuration: JsonObject;
  readonly presetNotes: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Failure codes by task, most frequent first. */
  readonly failures: readonly {
    readonly task: string;
    readonly code: string;
    readonly count: number;
    readonly planned: number;
  }[];
}

/** The deployments of runs that have a result, in order of first appearance; runs are given oldest first. */
export function deploymentsOf(runs: readonly TrackedRun[]): readonly Deployment[] {
  const groups = groupBy(
    runs.filter((run) => run.result !== null),
    ({ document }) => `${modelOf(document)}\u0000${presetOf(document)}`,
  );
  return groups.flatMap(([, group]) => {
    const newest = group.findLast((run) => run.result?.status === 'complete') ?? group.at(-1);
    return newest?.result ? [deploymentOf(newest, group)] : [];
  });
}

function deploymentOf(newest: TrackedRun, group: readonly TrackedRun[]): Deployment {
  const { document, result } = newest;
  if (result === null) throw new Error('a deployment needs a result');
  const repeated = group.filter(
    (run) => run.document.planHash === document.planHash && run.result?.status === 'complete',
  );
  return {
    model: modelOf(document),
    preset: presetOf(document),
    engine: [document.plan.engine.id, document.plan.engine.version].filter((text) => text !== null).join(' '),
    runId: document.runId,
    performance: {
      outputTokensPerSecond: meanEstimate(repeated.flatMap((run) => run.result?.timings.outputTokensPerSecond ?? [])),
      lastOutputTokensPerSecond: result.timings.outputTokensPerSecond,
      timeToFirstTokenMs: result.timings.timeToFirstTokenMs,
      completionTokens: result.usage.completionTokens,
      wallMs: result.timings.wallMs,
    },
    system: result.system,
    figures: systemOf(newest),
    configuration: configurationOf(newest),
    presetNotes: document.plan.preset.notes,
    verdicts: result.diagnosis,
    failures: result.tasks.flatMap((task) =>
      Object.entries(task.counts.byCode).map(([code, count]) => ({
        task: task.task,
        code,
        count,
        planned: task.counts.planned,
      })),
    ),
  };
}

/** Settings of a run, apart from what differs by task. */
function configurationOf({ document }: TrackedRun): JsonObject {
  const { plan } = document;
  const samplings = [...new Set(plan.tasks.map((task) => canonicalJson(task.sampling)))];
  return {
    preset: plan.preset.requested,
    confirmed: plan.preset.confirmed,
    engine: plan.engine.id,
    engineVersion: plan.engine.version,
    contextLength: plan.engine.contextLength,
    mode: plan.mode,
    seed: plan.seed,
    startConcurrency: plan.preset.startConcurrency,
    maxConcurrency: plan.preset.maxConcurrency,
    ...(samplings.length === 1 ? { sampling: JSON.parse(samplings[0] ?? '{}') as JsonObject } : {}),
    flags: plan.preset.resolved,
    settings: plan.engine.settings,
  };
}
