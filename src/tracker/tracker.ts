import type { TaskCategory } from '../core/ports/task.ts';
import type { TrackerComparison } from './compare/tracker-comparison.ts';
import type { Deployment } from './deployment.ts';
import type { Finding } from './finding.ts';
import type { Insight } from './insights/insight.ts';
import type { MatchedIssue, RecurringVerdict } from './known-issues/match-issues.ts';
import type { LegacyTracker } from './legacy/legacy-tracker.ts';
import type { Opportunity } from './opportunities/find-opportunities.ts';
import type { EvaluationPlan } from './plan/evaluation-plan.ts';
import type { AnsweredQuestion } from './questions/research-question.ts';
import type { BestOfTask } from './recommend/best-by-task.ts';
import type { MatrixRow } from './recommend/category-matrix.ts';
import type { TaskGroup } from './tracked-task.ts';
import type { TrackedModel } from './tracked-model.ts';
import type { TrackerCell } from './tracker-cell.ts';
import type { TrackerPreset } from './tracker-preset.ts';

/** A model's row: registered or only seen in runs. */
export interface TrackerModel extends TrackedModel {
  readonly registered: boolean;
  readonly counts: { readonly tested: number; readonly planned: number };
}

/** One run's line in the changelog. */
export interface ChangelogEntry {
  readonly runId: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly model: string;
  readonly preset: string;
  readonly status: 'complete' | 'incomplete';
  readonly scores: readonly { readonly task: string; readonly text: string }[];
}

/** The tracker as data: what TRACKER.md says, and what `track --json` gives. */
export interface Tracker {
  readonly header: {
    /** Null without a run. */
    readonly updated: string | null;
    readonly runId: string | null;
    readonly frameworkVersion: string;
    readonly environment: string | null;
    readonly runs: { readonly total: number; readonly complete: number };
  };
  readonly models: readonly TrackerModel[];
  readonly presets: readonly TrackerPreset[];
  readonly cells: readonly TrackerCell[];
  readonly deployments: readonly Deployment[];
  /** Where a task's results stand in the document, by task id. */
  readonly taskGroups: Readonly<Record<string, TaskGroup>>;
  /** What a task is about, by task id; tasks that are not installed are left out. */
  readonly taskCategories: Readonly<Record<string, TaskCategory>>;
  readonly comparisons: readonly TrackerComparison[];
  /** Preset × category of tasks. */
  readonly matrix: readonly MatrixRow[];
  /** Best measured configuration of each task, whatever its preset. */
  readonly bestByTask: readonly BestOfTask[];
  readonly insights: readonly Insight[];
  readonly plan: EvaluationPlan;
  readonly questions: readonly AnsweredQuestion[];
  /** Known faults of engines that fit a run. */
  readonly knownIssues: readonly MatchedIssue[];
  /** Verdicts that stand in two runs or more. */
  readonly recurringVerdicts: readonly RecurringVerdict[];
  readonly opportunities: readonly Opportunity[];
  /** Old documents that were imported: not verified, and no evidence. */
  readonly legacy: readonly LegacyTracker[];
  /** Newest first. */
  readonly changelog: readonly ChangelogEntry[];
  readonly findings: readonly Finding[];
}
