import { isEstimated, unavailable, type Estimate } from '../core/estimate.ts';
import type { TaskResult } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import { cellIdentity, type CellIdentity } from '../diagnosis/cell-identity.ts';
import type { TrackedRun } from './tracked-run.ts';
import type { CellStatus } from './tracker-cell.ts';
import { serverSettings } from './tracker-preset.ts';

/** One task of one run: what a cell is made of. */
export interface CellEntry {
  readonly run: TrackedRun;
  readonly plan: TaskPlan;
  readonly result: TaskResult | null;
  readonly identity: CellIdentity;
}

/** Name under which the tracker shows a run's model: its registry id, else its own name. */
export const modelOf = ({ plan }: Pick<RunDocument, 'plan'>): string => plan.model.registryId ?? plan.model.name;

/** Preset a run counts for: a preset that could not be confirmed counts as the server's own settings. */
export const presetOf = ({ plan }: Pick<RunDocument, 'plan'>): string =>
  plan.preset.confirmed === 'yes' ? plan.preset.requested : serverSettings;

/** The entries of a run in plan order. */
export function cellEntries(run: TrackedRun): readonly CellEntry[] {
  const results = new Map(run.result?.tasks.map((task) => [task.task, task]));
  return run.document.plan.tasks.map((plan) => ({
    run,
    plan,
    result: results.get(plan.task) ?? null,
    identity: cellIdentity(run.document, plan),
  }));
}

export const isComplete = ({ run, result }: CellEntry): boolean => run.result?.status === 'complete' && result !== null;

/** What came of one entry on its own, with the reason where it is no score. */
export function outcomeOf(entry: CellEntry): {
  readonly status: CellStatus;
  readonly reason: string | null;
  readonly estimate: Estimate;
} {
  const { runId } = entry.run.document;
  const { result } = entry;
  const refused = result?.refused ?? entry.plan.refused;
  if (refused) {
    const reason = `refused: ${refused.message}`;
    return { status: 'refused', reason, estimate: unavailable(reason) };
  }
  if (!isComplete(entry) || result === null) {
    const done =
      result === null ? 'no result yet' : `${result.counts.scored} of ${result.counts.planned} samples scored`;
    const reason = `incomplete: ${done}; \`qwen-eval resume ${runId}\``;
    return { status: 'incomplete', reason, estimate: unavailable(reason) };
  }
  const estimate = result.metrics[result.headline] ?? unavailable(`${result.headline} was not computed`);
  if (isEstimated(estimate)) return { status: 'tested', reason: null, estimate };
  return { status: 'failed', reason: `no score: ${estimate.unavailable}`, estimate };
}
