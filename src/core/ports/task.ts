import type { ResponseFormat } from '../generation.ts';
import type { Json } from '../json.ts';
import type { ChatMessage, ToolDefinition } from '../message.ts';
import type { AssistantTurn } from '../response.ts';
import type { Sample } from '../sample.ts';
import type { Artefact, DatasetReader } from './dataset.ts';
import type { JudgePrompts } from './judge.ts';
import type { Metric } from './metric.ts';
import type { Scorer } from './scorer.ts';
import type { Tokenizer } from './tokenizer.ts';

export type TaskKind = 'text' | 'choice' | 'code' | 'judged' | 'tools' | 'dialogue' | 'long_context';

/** Group of tasks in the recommendation matrix. */
export type TaskCategory =
  | 'math'
  | 'knowledge'
  | 'commonsense'
  | 'code'
  | 'chat'
  | 'instructions'
  | 'tools'
  | 'reasoning'
  | 'json'
  | 'long_context';

/** How a multiple-choice task is asked; part of the cell's identity. */
export type ChoiceMode = 'generative' | 'loglikelihood' | 'first_token';

/** How tools are offered and calls are written. */
export type ToolFormat = 'native' | 'hermes' | 'xml';

/** What a plan fixes for one task; all of it is part of the cell's identity. */
export interface TaskSettings {
  readonly fewShot: number;
  readonly choiceMode: ChoiceMode | null;
  readonly maxTokens: number;
  readonly toolFormat: ToolFormat | null;
  /** Seed of synthetic generators and of few-shot draws. */
  readonly seed: number;
  /** Split of a synthetic task: `pinned` or `fresh`. */
  readonly split: string;
  /** Samples a synthetic generator makes when no limit is given. */
  readonly size: number;
  /** Task-specific settings, e.g. `release`, `lengths`. */
  readonly extra: Readonly<Record<string, Json>>;
}

/** What the model is asked for one sample. */
export type RenderedPrompt =
  | {
      readonly kind: 'chat';
      readonly messages: readonly ChatMessage[];
      readonly tools?: readonly ToolDefinition[];
      readonly responseFormat?: ResponseFormat;
      readonly stop?: readonly string[];
      /** Temperature of this sample, for a task with `temperatureBySample`; what the user set comes before it. */
      readonly temperature?: number;
    }
  | {
      readonly kind: 'continuations';
      readonly context: string;
      readonly continuations: readonly string[];
      readonly unconditionalContext?: string;
    };

/** What follows an assistant turn. */
export type DialogueStep =
  | { readonly kind: 'continue'; readonly messages: readonly ChatMessage[]; readonly tools?: readonly ToolDefinition[] }
  | { readonly kind: 'end'; readonly reason: string };

/**
 * The other side of a conversation: scripted user, simulated tools. Deterministic in the assistant turns it is given, so that a recorded
 * transcript replays to the same outcome without the model.
 */
export interface Dialogue {
  next(turn: AssistantTurn): DialogueStep;
  /** Task-specific end state for the scorer; JSON-serialisable. */
  outcome(): unknown;
}

/** What a task may use to make its samples. */
export interface TaskContext {
  readonly data: DatasetReader;
  readonly settings: TaskSettings;
  /** Null unless the task needs `tokenizer`. */
  readonly tokenizer: Tokenizer | null;
  /** Tokens of prompt and output together that the engine takes; null or absent when unknown. */
  readonly contextLength?: number | null;
}

/** Limits of a conversation with tools or several turns. */
export interface DialogueBudget {
  /** Assistant turns at most. */
  readonly turns: number;
  /** Generated tokens over all turns at most; null is none. */
  readonly tokens: number | null;
  /** Wall-clock milliseconds at most; null is none. */
  readonly wallMs: number | null;
}

export type TaskNeed = 'sandbox' | 'judge' | 'tools' | 'tokenizer' | 'loglikelihood' | 'json_schema';

/** A published setting to compare with: what a reference score of this task was measured under. */
export interface ReferenceSetting {
  readonly source: string;
  readonly fewShot: number | null;
  readonly note: string;
}

/** A benchmark. `Input` and `Target` are its own sample shapes. */
export interface Task<Input = unknown, Target = unknown> {
  /** Equals the file name with `-` for `_`. */
  readonly id: string;
  readonly title: string;
  /** Raised whenever a prompt or the sample set can change. */
  readonly version: number;
  readonly kind: TaskKind;
  readonly category: TaskCategory;
  readonly licence: string;
  /** Files the task reads; empty for synthetic tasks. */
  readonly artefacts: readonly Artefact[];
  readonly needs: readonly TaskNeed[];
  /** Samples in the full set; null when it depends on the settings. */
  readonly sampleCount: number | null;
  /** Score that guessing gets, in [0,1]; null when guessing gets nothing. */
  readonly chanceLevel: number | null;
  /** True when the first N samples are not representative (sorted by source or subject). */
  readonly sorted: boolean;
  /** Choice modes the task can be asked in; empty when it is not multiple choice. */
  readonly choiceModes: readonly ChoiceMode[];
  readonly defaults: {
    readonly fewShot: number;
    readonly maxTokens: number;
    readonly size?: number;
    readonly extra?: Readonly<Record<string, Json>>;
  };
  /** Settings under which `loadSamples` gives every problem whose solution is known, where these are more than the benchmark asks. */
  readonly goldExtra?: Readonly<Record<string, Json>>;
  /** Bounds of a conversation; null when a sample is one request. */
  readonly dialogueBudget: DialogueBudget | null;
  readonly references: readonly ReferenceSetting[];
  /** True when `render` gives each sample's temperature, in place of the family's guidance. */
  readonly temperatureBySample?: boolean;
  readonly scorer: Scorer<Input, Target>;
  /** The first is the headline. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** Samples in dataset order; synthetic tasks may yield lazily. Few-shot examples travel in `input` (one shared array). */
  loadSamples(context: TaskContext): Promise<Iterable<Sample<Input, Target>>>;
  /** What of the settings an engine has no room for, in words; null where it has room for all. */
  leftOut?(context: Pick<TaskContext, 'settings' | 'contextLength'>): string | null;
  render(sample: Sample<Input, Target>, settings: TaskSettings): RenderedPrompt;
  /** Every prompt a judge may be asked with; only on tasks that need `judge`. */
  judgePrompts?(context: Pick<TaskContext, 'data' | 'settings'>): Promise<JudgePrompts>;
  /** How a sample is known again in the log of another tool; absent where its id does it. */
  readonly inLogs?: {
    /** Names that other tools call the task by, in lower case with `_` for `-`, without the path before them. */
    readonly names: readonly string[];
    /** Words of the question that stand in every prompt that asks it. */
    textOf(sample: Sample<Input, Target>): string;
    /** The task whose rules of other tools apply to it; its own when absent. */
    readonly rulesOf?: string;
  };
  openDialogue?(sample: Sample<Input, Target>, settings: TaskSettings): Dialogue;
}

/** Declares a benchmark; the default export of a file in src/tasks/. */
export const defineTask = <Input, Target>(task: Task<Input, Target>): Task<Input, Target> => task;

/** A task for every id that begins with the name of its file: what questions of a log are scored as when the benchmark is not one of ours. */
export interface TaskTemplate {
  readonly define: (id: string) => Task;
}

/** Declares a template of tasks; the default export of a file in src/tasks/. */
export const defineTaskTemplate = (template: TaskTemplate): TaskTemplate => template;
