import { groupBy } from '../../core/group-by.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { compareVersions } from '../../presets/compare-versions.ts';
import { modelOf, presetOf } from '../cell-entry.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import type { KnownIssue } from './known-issue.ts';

/** A known issue with the runs it fits. */
export interface MatchedIssue extends KnownIssue {
  readonly runIds: readonly string[];
  /** Runs whose engine version is not known, so that it may fit. */
  readonly possibleRunIds: readonly string[];
}

/** A verdict that the diagnosis gave in two runs or more. */
export interface RecurringVerdict {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** Tasks it was given for; empty where it is about whole runs. */
  readonly tasks: readonly string[];
  /** Of the newest run. */
  readonly summary: string;
  readonly advice: string;
  readonly places: readonly string[];
  readonly runIds: readonly string[];
}

/** Known issues that fit a run, with the runs newest first; the others are left out. */
export const matchIssues = (
  issues: readonly KnownIssue[],
  runs: readonly TrackedRun[],
  tasks: ReadonlyMap<string, TrackedTask>,
): readonly MatchedIssue[] =>
  issues.flatMap((issue) => {
    const fitting = runs.map((run) => ({ runId: run.document.runId, fit: fitOf(issue, run.document, tasks) }));
    const idsOf = (fit: Fit): readonly string[] =>
      fitting
        .filter((run) => run.fit === fit)
        .map(({ runId }) => runId)
        .toReversed();
    const [runIds, possibleRunIds] = [idsOf('yes'), idsOf('maybe')];
    return runIds.length + possibleRunIds.length === 0 ? [] : [{ ...issue, runIds, possibleRunIds }];
  });

type Fit = 'yes' | 'maybe' | 'no';

/** Software that answered, as far as it says so. */
function softwareOf({ plan }: RunDocument): string {
  const told = plan.model.facts['servedBy'];
  const name = typeof told === 'string' ? told.toLowerCase() : '';
  if (name === '') return plan.engine.id;
  return /llama-?server|llamacpp|llama\.cpp/.test(name) ? 'llama-server' : name;
}

const holds = (list: readonly string[] | undefined, value: string | null | undefined): boolean =>
  list === undefined || (typeof value === 'string' && list.includes(value));

function fitOf(issue: KnownIssue, document: RunDocument, tasks: ReadonlyMap<string, TrackedTask>): Fit {
  const { plan } = document;
  const { quantization } = plan.model.facts;
  const isMeant =
    issue.software.includes(softwareOf(document)) &&
    holds(issue.families, plan.model.family) &&
    holds(issue.modes, plan.mode) &&
    holds(issue.quantizations, typeof quantization === 'string' ? quantization.toLowerCase() : null) &&
    (issue.choiceModes === undefined ||
      plan.tasks.some(({ settings }) => holds(issue.choiceModes, settings.choiceMode))) &&
    (issue.taskNeeds === undefined ||
      plan.tasks.some(({ task }) => tasks.get(task)?.needs.some((need) => issue.taskNeeds?.includes(need)))) &&
    (issue.flags === undefined || usesFlag(issue.flags, document));
  return isMeant ? versionFit(issue, plan.engine.version) : 'no';
}

/** Whether a flag was given, in whatever spelling the engine has it. */
function usesFlag(flags: readonly string[], { plan }: RunDocument): boolean {
  const given = JSON.stringify([plan.preset.resolved, plan.engine.settings]).toLowerCase().replaceAll('_', '-');
  return flags.some((flag) => given.includes(flag));
}

function versionFit({ since, before }: KnownIssue, version: string | null): Fit {
  if (since === undefined && before === undefined) return 'yes';
  const [first, last] = [since, before].map((limit) =>
    limit === undefined || version === null ? null : compareVersions(version, limit),
  );
  if (first != null && first < 0) return 'no';
  if (last != null && last >= 0) return 'no';
  const isKnown = (since === undefined || first !== null) && (before === undefined || last !== null);
  return isKnown ? 'yes' : 'maybe';
}

/** Verdicts other than remarks that stand in two runs or more, the most frequent first; runs are given oldest first. */
export function recurringVerdicts(runs: readonly TrackedRun[]): readonly RecurringVerdict[] {
  const given = runs
    .toReversed()
    .flatMap(({ document, result }) =>
      (result?.diagnosis ?? []).filter(({ severity }) => severity !== 'info').map((verdict) => ({ verdict, document })),
    );
  return groupBy(given, ({ verdict }) => verdict.id)
    .map(([id, group]): RecurringVerdict => {
      const [newest] = group;
      return {
        id,
        severity: newest?.verdict.severity ?? 'warning',
        summary: newest?.verdict.summary ?? '',
        advice: newest?.verdict.advice ?? '',
        tasks: [
          ...new Set(
            group.flatMap(({ verdict: { evidence } }) =>
              typeof evidence['task'] === 'string' ? evidence['task'] : [],
            ),
          ),
        ],
        places: [...new Set(group.map(({ document }) => `${modelOf(document)}, ${presetOf(document)}`))],
        runIds: [...new Set(group.map(({ document }) => document.runId))],
      };
    })
    .filter(({ runIds }) => runIds.length >= 2)
    .toSorted((a, b) => b.runIds.length - a.runIds.length || (a.id < b.id ? -1 : 1));
}
