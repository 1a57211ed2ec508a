import type { JsonObject } from '../core/json.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { groupBy } from '../core/group-by.ts';
import type { Estimate } from '../core/estimate.ts';
import type { Verdict } from '../core/result-document.ts';
import type { SystemReport } from '../core/system-report.ts';
import { deploymentIdentity, identityDifferences } from '../diagnosis/cell-identity.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';
import { modelOf, presetOf } from './cell-entry.ts';
import { systemOf, type CellSystem } from './cell-system.ts';
import type { TrackedRun } from './tracked-run.ts';
import type { TrackerCell } from './tracker-cell.ts';

/** What is known of one model under one preset beside its scores. */
export interface Deployment {
  readonly model: string;
  readonly preset: string;
  readonly engine: string;
  /** Run that is described. */
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
  /** Of every run whose results are shown, apart from those about results that others have replaced. */
  readonly verdicts: readonly (Verdict & { readonly runId: string })[];
  /** Failure codes by task, most frequent first. */
  readonly failures: readonly {
    readonly task: string;
    /** Mode and way of choosing, which tell cells of one task apart. */
    readonly mode: string | null;
    readonly choiceMode: string | null;
    readonly code: string;
    readonly count: number;
    readonly planned: number;
  }[];
}

/** The deployments of runs that have a result, in order of first appearance; runs are given oldest first. Verdicts and failures are those of the results that `cells` show. */
export function deploymentsOf(runs: readonly TrackedRun[], cells: readonly TrackerCell[]): readonly Deployment[] {
  const groups = groupBy(
    runs.filter((run) => run.result !== null),
    ({ document }) => `${modelOf(document)}\u0000${presetOf(document)}`,
  );
  return groups.flatMap(([, group]) => {
    const described = describedRun(group);
    if (!described) return [];
    const { document } = described;
    const own = cells.filter(({ model, preset }) => model === modelOf(document) && preset === presetOf(document));
    const shown = new Set(own.map(({ runId }) => runId));
    return [
      deploymentOf(described, { group, shown: group.filter((run) => shown.has(run.document.runId)), cells: own }),
    ];
  });
}

/** The newest complete run, or the newest one that measured its system where the same deployment answered. */
function describedRun(group: readonly TrackedRun[]): TrackedRun | undefined {
  // A run of which every task was refused says nothing of the deployment.
  const complete = group.filter(
    ({ result }) => result?.status === 'complete' && result.tasks.some(({ counts }) => counts.planned > 0),
  );
  const newest = complete.at(-1) ?? group.at(-1);
  if (newest === undefined) return undefined;
  const identity = deploymentIdentity(newest.document);
  const measured = complete.findLast(
    ({ result, document }) =>
      result?.system != null && identityDifferences(deploymentIdentity(document), identity).length === 0,
  );
  return measured ?? newest;
}

interface DeploymentContext {
  readonly group: readonly TrackedRun[];
  /** Runs whose results stand in the cells. */
  readonly shown: readonly TrackedRun[];
  readonly cells: readonly TrackerCell[];
}

function deploymentOf(described: TrackedRun, { group, shown, cells }: DeploymentContext): Deployment {
  const { document, result } = described;
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
    figures: systemOf(described),
    configuration: configurationOf(described),
    presetNotes: document.plan.preset.notes,
    verdicts: shown.flatMap((run) =>
      (run.result?.diagnosis ?? [])
        .filter(({ evidence }) => isShown(run, { evidence, cells }))
        .map((verdict) => ({ ...verdict, runId: run.document.runId })),
    ),
    failures: cells.flatMap((cell) => failuresOf(cell, shown)),
  };
}

const isShown = (
  { document }: TrackedRun,
  { evidence, cells }: { readonly evidence: JsonObject; readonly cells: readonly TrackerCell[] },
): boolean => {
  const { task } = evidence;
  return typeof task !== 'string' || cells.some((cell) => cell.runId === document.runId && cell.task === task);
};

function failuresOf(
  { task, mode, choiceMode, runId }: TrackerCell,
  shown: readonly TrackedRun[],
): Deployment['failures'] {
  const run = shown.find(({ document }) => document.runId === runId);
  const counts = run?.result?.tasks.find((result) => result.task === task)?.counts;
  return Object.entries(counts?.byCode ?? {}).map(([code, count]) => ({
    task,
    mode,
    choiceMode,
    code,
    count,
    planned: counts?.planned ?? 0,
  }));
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
