import { unavailable } from '../core/estimate.ts';
import { groupBy } from '../core/group-by.ts';
import {
  deploymentIdentity,
  formatComparability,
  formatDifferences,
  identityDifferences,
  knownSince,
  type CellIdentity,
  type IdentityDifference,
} from '../diagnosis/cell-identity.ts';
import { cellEntries, isComplete, modelOf, outcomeOf, presetOf, type CellEntry } from './cell-entry.ts';
import { systemOf } from './cell-system.ts';
import { byAge, compareText, type TrackedRun } from './tracked-run.ts';
import type { ReportedScore } from './legacy/reported-score.ts';
import { suitsModel } from './suits-model.ts';
import type { TrackedModel } from './tracked-model.ts';
import type { TrackedTask } from './tracked-task.ts';
import { cellKey, type CellHistoryEntry, type TrackerCell } from './tracker-cell.ts';
import { serverSettings, type TrackerPreset } from './tracker-preset.ts';

/** What cells are derived from. */
export interface CellSources {
  readonly runs: readonly TrackedRun[];
  readonly models: readonly TrackedModel[];
  readonly presets: readonly TrackerPreset[];
  readonly tasks: ReadonlyMap<string, TrackedTask>;
  /** Tasks that every model × preset is to be evaluated on, in order. */
  readonly suite: readonly string[];
  /** Scores that old documents report. */
  readonly reported: readonly ReportedScore[];
  /** Model × preset that are to be evaluated although no run of them was made yet. */
  readonly places?: readonly { readonly model: string; readonly preset: string }[];
}

/** All cells: one for every task a run was made for, and a pending one for every model × preset × task of the suite without a run. In order of registry, presets, suite and mode, whatever the order of the runs. */
export function buildCells(sources: CellSources): readonly TrackerCell[] {
  const runs = sources.runs.toSorted(byAge);
  const newest = new Map<string, CellIdentity>();
  for (const run of runs) {
    const key = deploymentKey(run);
    newest.set(key, knownSince(newest.get(key) ?? {}, deploymentIdentity(run.document)));
  }
  const groups = groupBy(runs.flatMap(cellEntries), (entry) => cellKey(cellNames(entry)));
  const cells = groups.map(([, entries]) =>
    cellOf(entries, {
      task: sources.tasks.get(entries[0]?.plan.task ?? '') ?? null,
      deployment: entries[0] ? newest.get(deploymentKey(entries[0].run)) : undefined,
      reported: sources.reported,
    }),
  );
  return inOrder([...cells, ...pendingCells(sources, cells)], sources);
}

const deploymentKey = ({ document }: TrackedRun): string => `${modelOf(document)}\u0000${presetOf(document)}`;

const cellNames = ({ run, plan }: CellEntry) => ({
  model: modelOf(run.document),
  preset: presetOf(run.document),
  task: plan.task,
  mode: run.document.plan.mode,
  choiceMode: plan.settings.choiceMode,
});

interface CellContext {
  readonly task: TrackedTask | null;
  /** What is known of it from the runs of the same model and preset, the newest first. */
  readonly deployment: CellIdentity | undefined;
  readonly reported: readonly ReportedScore[];
}

function cellOf(entries: readonly CellEntry[], context: CellContext): TrackerCell {
  const latest = entries.at(-1);
  if (!latest) throw new Error('a cell needs an entry');
  const shown = shownEntry(entries, latest);
  const outcome = outcomeOf(shown);
  const drift = driftOf(shown, { latest, ...context });
  const isStale = drift.length > 0 && (outcome.status === 'tested' || outcome.status === 'failed');
  return {
    ...cellNames(shown),
    engine: shown.run.document.plan.engine.id,
    status: isStale ? 're-evaluate' : outcome.status,
    reason: isStale ? `changed since: ${formatDifferences(drift)}` : outcome.reason,
    headline: shown.plan.headline,
    estimate: outcome.estimate,
    runId: shown.run.document.runId,
    counts: countsOf(shown),
    drift: isStale ? drift : [],
    notes: notesOf(shown, latest),
    official: shown.run.result?.references.find(({ task }) => task === shown.plan.task) ?? null,
    system: systemOf(shown.run),
    history: entries
      .filter((entry) => entry !== shown)
      .toReversed()
      .map((entry) => historyOf(entry, shown)),
    reported: context.reported.filter((score) => placeKey(score) === placeKey(cellNames(shown))),
  };
}

/** The newest complete entry that stands on the same model, engine, data and versions as the newest entry; the newest entry when there is none. A task that could not even start replaces no score. */
function shownEntry(entries: readonly CellEntry[], latest: CellEntry): CellEntry {
  const measured = entries.filter((entry) => !wasNeverStarted(entry));
  const current = measured.at(-1) ?? latest;
  return (
    measured.findLast((entry) => isComplete(entry) && coreDifferences(entry.identity, current.identity).length === 0) ??
    current
  );
}

const wasNeverStarted = ({ plan }: CellEntry): boolean => plan.refused !== null;

const coreDifferences = (before: CellIdentity, after: CellIdentity): readonly IdentityDifference[] =>
  identityDifferences(before, after).filter((difference) => difference.kind !== 'setting');

/** What is no longer as it was when the shown result was made. */
function driftOf(
  shown: CellEntry,
  { latest, task, deployment }: CellContext & { readonly latest: CellEntry },
): readonly IdentityDifference[] {
  const { identity } = shown;
  const since = {
    ...knownSince(identity, wasNeverStarted(latest) ? {} : latest.identity),
    ...deployment,
    ...(task === null ? {} : installedVersions(task)),
  };
  const changed = coreDifferences(identity, since);
  if (task === null) return changed;
  const refused = shown.plan.datasets.flatMap(({ name, sha256, verified }): IdentityDifference[] => {
    const accepted = task.files[name];
    if (!verified || accepted === undefined || accepted.length === 0 || accepted.includes(sha256)) return [];
    const [before, after] = [`sha256 ${sha256.slice(0, 8)}`, `sha256 ${accepted[0]?.slice(0, 8)}`];
    return [{ part: `dataset ${name}`, kind: 'data', before, after, comparable: false }];
  });
  return [...changed.filter(({ part }) => !refused.some((difference) => difference.part === part)), ...refused];
}

const installedVersions = (task: TrackedTask): CellIdentity => ({
  'task version': { kind: 'version', value: String(task.version), comparable: false },
  'scorer version': { kind: 'version', value: `${task.scorer} ${task.scorerVersion}`, comparable: false },
});

function countsOf({ result, plan }: CellEntry): TrackerCell['counts'] {
  const planned = plan.samples.count * plan.epochs;
  return result ? { ...pick(result.counts) } : { planned, scored: 0, truncated: 0 };
}

const pick = ({ planned, scored, truncated }: NonNullable<TrackerCell['counts']>) => ({ planned, scored, truncated });

function notesOf(shown: CellEntry, latest: CellEntry): readonly string[] {
  const notes: string[] = [];
  if (latest !== shown) {
    const outcome = outcomeOf(latest);
    if (outcome.reason !== null) notes.push(`newer run ${latest.run.document.runId} ${outcome.reason}`);
  }
  const { result } = shown;
  if (result && result.counts.truncated > 0)
    notes.push(`${result.counts.truncated} of ${result.counts.planned} truncated`);
  if (result?.certificate && !result.certificate.passed) notes.push('certificate failed');
  return [...notes, ...(result?.warnings ?? [])];
}

function historyOf(entry: CellEntry, shown: CellEntry): CellHistoryEntry {
  const { status, estimate } = outcomeOf(entry);
  const differences = identityDifferences(entry.identity, shown.identity);
  return {
    runId: entry.run.document.runId,
    createdAt: entry.run.document.createdAt,
    status,
    headline: entry.plan.headline,
    estimate,
    differences,
    comparability: formatComparability(differences),
  };
}

function pendingCells(sources: CellSources, cells: readonly TrackerCell[]): readonly TrackerCell[] {
  const known = new Set(cells.map(placeKey));
  const rows = new Map(sources.models.map((model) => [model.id, model]));
  const { reported } = sources;
  const places = [...(sources.places ?? []), ...reported];
  const models = new Set([...rows.keys(), ...[...cells, ...places].map(({ model }) => model)]);
  const adopted = new Set(
    [...cells, ...places].filter(({ preset }) => preset === serverSettings).map(({ model }) => model),
  );
  return [...models].flatMap((model) => {
    const row = rows.get(model);
    const presets = [...sources.presets.map((preset) => preset.id), ...(adopted.has(model) ? [serverSettings] : [])];
    return presets.flatMap((preset) => {
      const own = reported.filter((score) => score.model === model && score.preset === preset);
      return [...new Set([...sources.suite, ...own.map(({ task }) => task)])]
        .filter((task) => !known.has(placeKey({ model, preset, task })) && suitsModel(sources.tasks.get(task), row))
        .map((task) =>
          pendingCell(
            { model, preset, task },
            {
              task: sources.tasks.get(task),
              reported: own.filter((score) => score.task === task),
            },
          ),
        );
    });
  });
}

const placeKey = ({ model, preset, task }: Pick<TrackerCell, 'model' | 'preset' | 'task'>): string =>
  cellKey({ model, preset, task, mode: null, choiceMode: null });

function pendingCell(
  names: Pick<TrackerCell, 'model' | 'preset' | 'task'>,
  known: { readonly task: TrackedTask | undefined; readonly reported: readonly ReportedScore[] },
): TrackerCell {
  const { task, reported } = known;
  const [first] = reported;
  return {
    ...names,
    mode: null,
    choiceMode: null,
    engine: null,
    status: first ? 're-evaluate' : 'pending',
    reason: first ? reportedReason(first) : 'no run yet',
    headline: task?.headline ?? 'accuracy',
    estimate: unavailable(first ? 'reported earlier, not verified' : 'no run yet'),
    runId: null,
    counts: null,
    drift: [],
    notes: [],
    official: null,
    system: null,
    history: [],
    reported,
  };
}

function reportedReason({ text, source, findings }: ReportedScore): string {
  const [gravest] = findings;
  return `reported earlier as ${text} (${source}), not verified${gravest ? `: ${gravest.explanation}` : ''}`;
}

function inOrder(cells: readonly TrackerCell[], sources: CellSources): readonly TrackerCell[] {
  const models = rankOf(sources.models.map((model) => model.id));
  const presets = rankOf([...sources.presets.map((preset) => preset.id), serverSettings]);
  const tasks = rankOf(sources.suite);
  return cells.toSorted(
    (a, b) =>
      models(a.model, b.model) ||
      presets(a.preset, b.preset) ||
      tasks(a.task, b.task) ||
      compareText(a.mode ?? '', b.mode ?? '') ||
      compareText(a.choiceMode ?? '', b.choiceMode ?? ''),
  );
}

/** Compares names by their place in a list; names outside it come after, in code-unit order. */
function rankOf(names: readonly string[]): (a: string, b: string) => number {
  const ranks = new Map(names.map((name, index) => [name, index]));
  return (a, b) => (ranks.get(a) ?? names.length) - (ranks.get(b) ?? names.length) || compareText(a, b);
}
