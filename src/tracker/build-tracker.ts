import { formatEstimate } from '../text/format-estimate.ts';
import { buildCells } from './build-cells.ts';
import { modelOf, outcomeOf, cellEntries, presetOf } from './cell-entry.ts';
import { buildComparisons, type ComparisonSources } from './compare/build-comparisons.ts';
import { deploymentsOf } from './deployment.ts';
import type { Finding } from './finding.ts';
import { buildInsights } from './insights/build-insights.ts';
import type { KnownIssue } from './known-issues/known-issue.ts';
import { matchIssues, recurringVerdicts } from './known-issues/match-issues.ts';
import type { LegacyTracker } from './legacy/legacy-tracker.ts';
import { reportedScores } from './legacy/reported-score.ts';
import { findOpportunities } from './opportunities/find-opportunities.ts';
import { buildPlan, type PlanSources } from './plan/build-plan.ts';
import { engineNoise } from './questions/engine-noise.ts';
import { answerQuestions } from './questions/answer-questions.ts';
import { bestByTask } from './recommend/best-by-task.ts';
import { measuredScores } from './recommend/measured-evidence.ts';
import { categoryMatrix } from './recommend/category-matrix.ts';
import { unregisteredModel } from './tracked-model.ts';
import { byAge, type TrackedRun, type UnreadableRun } from './tracked-run.ts';
import type { ChangelogEntry, Tracker, TrackerModel } from './tracker.ts';
import type { TrackerCell } from './tracker-cell.ts';

/** Everything the tracker is derived from. */
export interface TrackerSources extends Omit<PlanSources, 'reported'> {
  /** Imported old documents. */
  readonly legacy: readonly LegacyTracker[];
  readonly knownIssues: readonly KnownIssue[];
  readonly unreadable: readonly UnreadableRun[];
  /** Version of this package, shown while there is no run. */
  readonly frameworkVersion: string;
  /** Preset that others are compared with. */
  readonly basePreset: string;
  readonly readScores: ComparisonSources['readScores'];
}

/** Derives the tracker. The same sources give the same tracker, in whatever order the runs come. */
export function buildTracker(given: TrackerSources): Tracker {
  const sources = { ...given, reported: reportedScores(given.legacy), runs: given.runs.toSorted(byAge) };
  const { runs } = sources;
  const cells = buildCells(sources);
  const deployments = deploymentsOf(runs, cells);
  const comparisons = buildComparisons({ ...sources, cells });
  const matrix = categoryMatrix(cells, { tasks: sources.tasks, comparisons });
  const derived = { ...sources, cells, deployments, comparisons };
  const models = modelRows(sources, cells);
  return {
    header: headerOf(runs, sources),
    models,
    presets: sources.presets,
    cells,
    deployments,
    taskGroups: Object.fromEntries(
      [...new Set(cells.map((cell) => cell.task))].map((id) => [id, sources.tasks.get(id)?.group ?? 'dataset']),
    ),
    taskCategories: Object.fromEntries(
      [...new Set(cells.map((cell) => cell.task))].flatMap((id) => {
        const category = sources.tasks.get(id)?.category;
        return category === undefined ? [] : [[id, category]];
      }),
    ),
    comparisons,
    matrix,
    bestByTask: bestByTask(measuredScores(runs, { cells, tasks: sources.tasks })),
    insights: buildInsights(derived),
    plan: buildPlan(sources, cells),
    questions: answerQuestions({
      ...derived,
      tested: cells.filter((cell) => cell.status === 'tested' && cell.runId !== null),
      matrix,
      noise: engineNoise(runs, sources.readScores),
      runs: new Map(runs.map((run) => [run.document.runId, run])),
      models: new Map(models.map((model) => [model.id, model])),
    }),
    knownIssues: matchIssues(sources.knownIssues, runs, sources.tasks),
    recurringVerdicts: recurringVerdicts(runs),
    opportunities: findOpportunities(derived),
    legacy: sources.legacy,
    changelog: runs.toReversed().map(changelogEntry),
    findings: [...sources.unreadable.map(unreadableFinding), ...cells.flatMap(driftFindings)],
  };
}

const endOf = ({ document, result }: TrackedRun): string => result?.timings.endedAt ?? document.createdAt;

function headerOf(runs: readonly TrackedRun[], { frameworkVersion }: TrackerSources): Tracker['header'] {
  const newest = runs.toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : endOf(a) > endOf(b) ? 1 : byAge(a, b))).at(-1);
  return {
    updated: newest ? endOf(newest) : null,
    runId: newest?.document.runId ?? null,
    frameworkVersion: newest?.document.versions['qwen-eval'] ?? frameworkVersion,
    environment: newest ? environmentText(newest) : null,
    runs: { total: runs.length, complete: runs.filter((run) => run.result?.status === 'complete').length },
  };
}

const gibibyte = 2 ** 30;

function environmentText({ document: { environment, versions } }: TrackedRun): string {
  const text = (key: string): string | null => {
    const value = environment[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const memory = environment['memoryBytes'];
  return [
    [text('platform'), text('architecture')].filter((part) => part !== null).join(' '),
    text('gpu'),
    text('cpu'),
    text('logicalCpus') === null ? null : `${text('logicalCpus')} logical CPUs`,
    typeof memory === 'number' ? `${Math.round(memory / gibibyte)} GiB` : null,
    versions['node'] ? `Node ${versions['node']}` : null,
  ]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}

function modelRows({ models, runs }: TrackerSources, cells: readonly TrackerCell[]): readonly TrackerModel[] {
  const registered = new Set(models.map((model) => model.id));
  const seen = [...new Set(runs.map(({ document }) => modelOf(document)))]
    .filter((id) => !registered.has(id))
    .toSorted();
  return [
    ...models.map((model) => ({ ...model, registered: true })),
    ...seen.map((id) => ({ ...unregisteredModel(id), registered: false })),
  ].map((model) => {
    const own = cells.filter((cell) => cell.model === model.id);
    return { ...model, counts: { tested: own.filter((cell) => cell.status === 'tested').length, planned: own.length } };
  });
}

function changelogEntry(run: TrackedRun): ChangelogEntry {
  const { document, result } = run;
  return {
    runId: document.runId,
    at: endOf(run),
    model: modelOf(document),
    preset: presetOf(document),
    status: result?.status ?? 'incomplete',
    scores: cellEntries(run).map((entry) => {
      const outcome = outcomeOf(entry);
      const text = outcome.status === 'tested' ? formatEstimate(entry.plan.headline, outcome.estimate) : outcome.status;
      return { task: entry.plan.task, text };
    }),
  };
}

const unreadableFinding = ({ runId, reason }: UnreadableRun): Finding => ({
  id: 'run.unreadable',
  severity: 'warning',
  quote: runId,
  explanation: `run ${runId} is left out: ${reason}`,
});

function driftFindings(cell: TrackerCell): readonly Finding[] {
  if (cell.status !== 're-evaluate' || cell.drift.length === 0) return [];
  return [
    {
      id: 'cell.drift',
      severity: 'warning',
      quote: `${cell.model} · ${cell.preset} · ${cell.task}`,
      explanation: `${cell.model}, ${cell.preset}, ${cell.task}: ${cell.reason ?? 'changed'} (run ${cell.runId}); re-evaluate it`,
    },
  ];
}
