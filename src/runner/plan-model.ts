import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { EngineDescription } from '../core/ports/engine.ts';
import type { RunPlan } from '../core/run-plan.ts';
import { identifyModel, type ModelIdentification } from '../presets/identify-model.ts';
import { chooseMode, modelGuidance, type ModelGuidance, type ThinkingMode } from '../presets/model-guidance.ts';
import type { RegistryModel } from '../presets/model-registry.ts';
import type { ModelHeader } from './read-model-header.ts';
import type { Target } from './resolve-target.ts';

/** Who answers and how it wants to be asked. */
export interface PlannedModel {
  readonly identification: ModelIdentification;
  readonly guidance: ModelGuidance;
  readonly mode: ThinkingMode;
}

type ModelOptions = Pick<Options, 'model' | 'mode' | 'reasoningEffort' | 'preserveThinking' | 'modeSwitch'>;

/** The known model that a run will ask, as far as its file or its name tells before an engine runs; null when that names none. */
export const modelBeforeStart = (
  options: Pick<Options, 'model'>,
  input: { readonly target: Pick<Target, 'model'>; readonly header: ModelHeader | null },
): RegistryModel | null =>
  identifyModel({
    described: input.header?.described ?? null,
    root: input.target.model,
    requested: options.model,
    name: input.target.model ?? options.model ?? '',
  }).model;

/** Identifies the model and decides its mode. Throws E_OPTION_INVALID for a mode, an effort or a history setting the model does not have. */
export function planModel(
  options: ModelOptions,
  input: {
    readonly header: ModelHeader | null;
    readonly description: Pick<EngineDescription, 'model' | 'chatTemplate'>;
  },
): PlannedModel {
  const { header, description } = input;
  const { name, root } = description.model;
  const identification = identifyModel({
    described: header?.described ?? null,
    root: root === name ? null : root,
    requested: options.model,
    name,
  });
  const guidance = modelGuidance({
    model: identification.model,
    template: description.chatTemplate?.source ?? header?.template ?? null,
    options: {
      switchStyle: options.modeSwitch,
      effort: options.reasoningEffort,
      preserveThinking: options.preserveThinking,
    },
  });
  if (options.mode === 'both') {
    throw new QwenEvalError('E_USAGE', 'one plan has one mode', { hint: 'plan thinking and non-thinking apart' });
  }
  const mode = chooseMode(options.mode, { guidance, model: identification.model, name });
  return { identification, guidance, mode };
}

/** How the mode is asked for, as the plan records it. */
export const plannedThinking = ({ guidance, mode }: PlannedModel): RunPlan['thinking'] => ({
  templateArguments: { ...guidance.templateArguments(mode) },
  requestFields: { ...guidance.requestFields(mode) },
  keepsThinking: guidance.keepsThinking,
});
