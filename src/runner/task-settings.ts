import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { EngineDescription } from '../core/ports/engine.ts';
import type { ChoiceMode, Task, TaskSettings, ToolFormat } from '../core/ports/task.ts';
import { dialogueBudget } from './dialogue-budget.ts';
import type { ModelGuidance, ThinkingMode } from '../presets/model-guidance.ts';
import { samplingUse } from '../presets/sampling-use.ts';

/** Output tokens a thinking run is given when neither the family nor the task asks for more. */
const thinkingBudget = 32_768;

export interface SettingsInput {
  readonly options: Pick<
    Options,
    'numFewshot' | 'choiceMode' | 'maxTokens' | 'taskBudgets' | 'toolFormat' | 'seed' | 'split' | 'limit'
  >;
  readonly description: Pick<EngineDescription, 'capabilities' | 'contextLength' | 'chatTemplate'>;
  readonly mode: ThinkingMode;
  readonly guidance: Pick<ModelGuidance, 'advise' | 'toolFormat'>;
  /** Settings of the task's own that a suite or the user asks for. */
  readonly extra: JsonObject;
}

/** What a plan fixes for a task, from the options, the task's defaults and what the engine can do. Throws E_CAPABILITY when the engine cannot do what the task needs. */
export function settingsOf(task: Task, input: SettingsInput): TaskSettings {
  const { options } = input;
  const choiceMode = choiceModeOf(task, input);
  const extra = { ...task.defaults.extra, ...input.extra };
  dialogueBudget(task, extra);
  return {
    fewShot: options.numFewshot ?? task.defaults.fewShot,
    choiceMode,
    maxTokens: maxTokensOf(task, input),
    toolFormat: task.needs.includes('tools') ? toolFormatOf(input) : null,
    seed: options.seed,
    split: options.split,
    size: options.limit ?? task.defaults.size ?? task.sampleCount ?? 200,
    extra,
  };
}

function choiceModeOf(task: Task, { options, description }: SettingsInput): ChoiceMode | null {
  if (task.choiceModes.length === 0) return null;
  const chat = description.chatTemplate !== null || description.capabilities.messages.supported;
  const wanted: ChoiceMode = options.choiceMode ?? (chat ? 'generative' : 'loglikelihood');
  if (!task.choiceModes.includes(wanted)) {
    throw new QwenEvalError('E_CAPABILITY', `${task.id} has no choice mode ${wanted}`, {
      hint: `it has ${task.choiceModes.join(', ')}`,
    });
  }
  const ability = description.capabilities.continuationLogProbabilities;
  if (wanted === 'loglikelihood' && !ability.supported) {
    throw new QwenEvalError('E_CAPABILITY', `${task.id} cannot be asked by log-likelihood: ${ability.reason}`, {
      hint: 'use --choice-mode generative, or an engine that gives log-probabilities of given continuations',
    });
  }
  return wanted;
}

/** A budget the user gave stands; a default is raised for thinking and then kept to half of the context, so that the prompt has room. */
function maxTokensOf(task: Task, { options, description, mode, guidance }: SettingsInput): number {
  const own = options.taskBudgets?.[task.id];
  if (own !== undefined) return budgetOf(task, own);
  if (options.maxTokens !== null) return options.maxTokens;
  const budget = guidance.advise(mode, samplingUse(task.category)).maxOutputTokens ?? thinkingBudget;
  const wanted = mode === 'thinking' ? Math.max(budget, task.defaults.maxTokens) : task.defaults.maxTokens;
  return description.contextLength === null
    ? wanted
    : Math.max(1, Math.min(wanted, Math.floor(description.contextLength / 2)));
}

function budgetOf(task: Task, value: Json): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new QwenEvalError('E_OPTION_INVALID', `the budget of ${task.id} is ${JSON.stringify(value)}`, {
    hint: 'a budget is a number of tokens, 1 or more: --task-budgets \'{"gsm8k": 640}\'',
  });
}

/** Native tools where the engine has them, else as the family writes them. */
function toolFormatOf({ options, description, guidance }: SettingsInput): ToolFormat {
  const native = description.capabilities.tools;
  if (options.toolFormat === 'native' && !native.supported) {
    throw new QwenEvalError('E_CAPABILITY', `the engine has no tools field: ${native.reason}`, {
      hint: 'use --tool-format hermes or xml',
    });
  }
  return options.toolFormat ?? (native.supported ? 'native' : (guidance.toolFormat ?? 'hermes'));
}
