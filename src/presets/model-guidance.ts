import { QwenEvalError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { greedySampling, type Sampling } from '../core/sampling.ts';
import type { ModelFamily, RegistryModel, SamplingAdvice } from './model-registry.ts';

/** The mode of a run; `unspecified` where nothing is known of modes. */
export type ThinkingMode = 'thinking' | 'non-thinking' | 'unspecified';

/** What a request is for, as far as guidance differs. */
export type SamplingUse = SamplingAdvice['use'];

/** Guidance on sampling with where it is from. */
export interface AdvisedSampling {
  readonly sampling: Sampling;
  /** Output tokens the guidance allows a request; null when there is none. */
  readonly maxOutputTokens: number | null;
  /** Null when there is no guidance and decoding is greedy. */
  readonly source: string | null;
}

/** How a model wants to be run. */
export interface ModelGuidance {
  readonly family: string | null;
  /** Modes the model has; empty when nothing is known of them. */
  readonly modes: readonly ('thinking' | 'non-thinking')[];
  readonly defaultMode: ThinkingMode;
  /** Chat-template arguments that put the model into a mode. */
  templateArguments(mode: ThinkingMode): Readonly<Record<string, Json>>;
  /** Top-level request fields that do it, for services that take no template arguments. */
  requestFields(mode: ThinkingMode): Readonly<Record<string, Json>>;
  advise(mode: ThinkingMode, use: SamplingUse): AdvisedSampling;
  /** True when the history keeps earlier thinking. */
  readonly keepsThinking: boolean;
  /** How tools are written into prompts; null when not known. */
  readonly toolFormat: 'hermes' | 'xml' | null;
}

/** How the switches are sent, as the user chose. */
export interface GuidanceOptions {
  /** `template`: as chat-template arguments (vLLM, SGLang, llama-server); `top-level`: as DashScope and its like take them. */
  readonly switchStyle: 'template' | 'top-level';
  /** Effort level of families that have them; null is the family's default. */
  readonly effort: string | null;
  /** Keeps or drops earlier thinking where the family leaves a choice; null is the family's default. */
  readonly preserveThinking: boolean | null;
}

export const defaultGuidanceOptions: GuidanceOptions = {
  switchStyle: 'template',
  effort: null,
  preserveThinking: null,
};

/** What guidance is read off. */
export interface GuidanceInput {
  /** Null when the model is in no registry. */
  readonly model: RegistryModel | null;
  /** The model's own chat template; null when it cannot be seen. */
  readonly template: string | null;
  readonly options?: GuidanceOptions;
}

/** Guidance of a model's family, or what its chat template alone tells. Throws E_OPTION_INVALID for an effort or a history setting the family does not have. */
export function modelGuidance({ model, template, options = defaultGuidanceOptions }: GuidanceInput): ModelGuidance {
  if (model === null) return guidanceFromTemplate(template, options);
  const { family } = model;
  if (model.variant === 'base') {
    refuseEffort(family, { ...options, modes: [] });
    return { ...unguided, family: family.id };
  }
  refuseEffort(family, { ...options, modes: family.modes });
  const keepsThinking = keeps(family, options.preserveThinking);
  const switches = (mode: ThinkingMode): Readonly<Record<string, Json>> => switchesOf(family, mode, options);
  return {
    family: family.id,
    modes: family.modes,
    defaultMode: model.defaultMode ?? family.defaultMode,
    templateArguments: (mode) => (options.switchStyle === 'template' ? switches(mode) : {}),
    requestFields: (mode) => (options.switchStyle === 'top-level' ? switches(mode) : {}),
    advise: (mode, use) => adviceOf(family, mode, use),
    keepsThinking,
    toolFormat: family.toolFormat,
  };
}

const unguided: ModelGuidance = {
  family: null,
  modes: [],
  defaultMode: 'unspecified',
  templateArguments: () => ({}),
  requestFields: () => ({}),
  advise: () => ({ sampling: greedySampling, maxOutputTokens: null, source: null }),
  keepsThinking: false,
  toolFormat: null,
};

/** Guidance that can be read off a chat template: one with `enable_thinking` has both modes. Without a family's advice a run does not think unless asked to. */
function guidanceFromTemplate(template: string | null, options: GuidanceOptions): ModelGuidance {
  if (!(template?.includes('enable_thinking') ?? false)) return unguided;
  const switches = (mode: ThinkingMode): Readonly<Record<string, Json>> => ({ enable_thinking: mode === 'thinking' });
  return {
    ...unguided,
    modes: ['thinking', 'non-thinking'],
    defaultMode: 'non-thinking',
    templateArguments: (mode) => (options.switchStyle === 'template' ? switches(mode) : {}),
    requestFields: (mode) => (options.switchStyle === 'top-level' ? switches(mode) : {}),
    advise: (mode) => (mode === 'thinking' ? unknownThinking : unguided.advise(mode, 'general')),
  };
}

/** Greedy decoding makes thinking loop, so a model of no known family is sampled as Qwen3 is. */
const unknownThinking: AdvisedSampling = {
  sampling: { ...greedySampling, temperature: 0.6, topP: 0.95, topK: 20, minP: 0 },
  maxOutputTokens: 32_768,
  source: 'the guidance of Qwen3, for want of the model’s own',
};

function switchesOf(family: ModelFamily, mode: ThinkingMode, options: GuidanceOptions): Readonly<Record<string, Json>> {
  const allowed = (argument: string): boolean =>
    options.switchStyle === 'template' || family.topLevelSwitches.includes(argument) || argument === 'reasoning_effort';
  const switches: Record<string, Json> = {};
  if (family.switch !== null && mode !== 'unspecified') switches[family.switch] = mode === 'thinking';
  if (family.effort !== null && mode === 'thinking' && options.effort !== null)
    switches[family.effort.argument] = options.effort;
  if (family.keepsThinking !== 'no' && options.preserveThinking !== null)
    switches['preserve_thinking'] = options.preserveThinking;
  return Object.fromEntries(Object.entries(switches).filter(([argument]) => allowed(argument)));
}

function refuseEffort(
  family: ModelFamily,
  { effort, modes }: Pick<GuidanceOptions, 'effort'> & { readonly modes: readonly string[] },
): void {
  if (effort === null || (modes.length > 0 && family.effort?.levels.includes(effort))) return;
  throw new QwenEvalError('E_OPTION_INVALID', `${family.title} has no reasoning effort ${effort}`, {
    hint: family.effort
      ? `its levels are ${family.effort.levels.join(', ')}`
      : 'leave --reasoning-effort out: the family has no levels',
  });
}

function keeps(family: ModelFamily, wanted: boolean | null): boolean {
  if (family.keepsThinking === 'no') {
    if (wanted === true)
      throw new QwenEvalError('E_OPTION_INVALID', `${family.title} must not see its earlier thinking`, {
        hint: 'leave --preserve-thinking out',
      });
    return false;
  }
  return wanted ?? family.keepsThinking === 'default';
}

function adviceOf(family: ModelFamily, mode: ThinkingMode, use: SamplingUse): AdvisedSampling {
  const rows = family.sampling.filter((row) => row.mode === (mode === 'unspecified' ? family.defaultMode : mode));
  const row = rows.find((candidate) => candidate.use === use) ?? rows.find((candidate) => candidate.use === 'general');
  if (!row) return unguided.advise(mode, use);
  const { temperature, topP, topK, minP, presencePenalty, repetitionPenalty } = row;
  return {
    sampling: { temperature, topP, topK, minP, presencePenalty, repetitionPenalty, seed: null },
    maxOutputTokens: row.maxOutputTokens,
    source: row.note === undefined ? row.source : `${row.source}: ${row.note}`,
  };
}

/** The mode of a run: the asked one, else the model's default. Throws E_OPTION_INVALID with the reason when the model does not have it. */
export function chooseMode(
  asked: 'thinking' | 'non-thinking' | null,
  input: { readonly guidance: ModelGuidance; readonly model: RegistryModel | null; readonly name: string },
): ThinkingMode {
  const { guidance, model, name } = input;
  if (asked === null) return guidance.defaultMode;
  if (guidance.modes.includes(asked)) return asked;
  if (guidance.modes.length === 0 && model === null) return asked;
  const reason =
    model === null
      ? 'its chat template has no switch for it'
      : model.variant === 'base'
        ? 'it is a base model'
        : asked === 'thinking'
          ? `${model.family.title} never thinks`
          : `${model.family.title} always thinks, nothing switches it off`;
  throw new QwenEvalError('E_OPTION_INVALID', `${name} has no ${asked} mode: ${reason}`, {
    hint: guidance.modes.length === 0 ? 'leave --mode out' : `use --mode ${guidance.modes.join(' or ')}`,
  });
}
