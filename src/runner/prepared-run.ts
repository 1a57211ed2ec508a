import type { Options } from '../config/options.ts';
import type { Engine, EngineDescription, EnginePlugin } from '../core/ports/engine.ts';
import type { Task } from '../core/ports/task.ts';
import type { RunPlan, TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import type { TaskScores } from '../diagnosis/compare/task-scores.ts';
import type { OpenJudge } from './open-judge.ts';
import type { PlannedModel } from './plan-model.ts';
import type { ModelHeader } from './read-model-header.ts';
import type { SampleSelection } from './select-samples.ts';

/** A task of a plan with what it takes to run it; `selection` is null when the task is refused, unless its answers are made all the same. */
export interface PreparedTask {
  readonly plan: TaskPlan;
  readonly task: Task;
  readonly selection: SampleSelection | null;
  /** All gold to certify the scorer over, whatever the limit; null when the task is refused. */
  readonly loadGold: (() => Promise<Iterable<Sample>>) | null;
  /** Scores of the run that this one is to be decided against; absent where nothing was asked. */
  readonly baseline?: TaskScores;
}

/** A plan with its engine open. Close it when done. */
export interface PreparedRun {
  readonly plan: RunPlan;
  readonly planHash: string;
  readonly options: Options;
  readonly tasks: readonly PreparedTask[];
  readonly engine: Engine;
  readonly plugin: EnginePlugin;
  readonly description: EngineDescription;
  /** Addresses of a server that runs already; empty for an engine of qwen-eval's own. */
  readonly baseUrls: readonly string[];
  /** Who answers and how it wants to be asked. */
  readonly model: PlannedModel;
  /** Header of the model's file; null for a model that is no file on this machine. */
  readonly header: ModelHeader | null;
  /** Null when no task needs one, or none is given. */
  readonly judge: OpenJudge | null;
  close(): Promise<void>;
}
