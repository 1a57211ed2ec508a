import { existsSync } from 'node:fs';
import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Engine, EngineDescription, EngineInstallation, EngineSettings } from '../core/ports/engine.ts';
import type { ResolvedPreset } from '../core/run-plan.ts';
import { engineDeadlines, engineDependencies } from './engine-dependencies.ts';
import { modelBeforeStart } from './plan-model.ts';
import type { ModelHeader } from './read-model-header.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { confirmPreset, resolvePreset, type PresetChoice, type PresetTarget } from './resolve-preset.ts';
import type { Target } from './resolve-target.ts';

/** An open engine with the preset it was opened with. */
export interface OpenTarget {
  readonly engine: Engine;
  readonly choice: PresetChoice;
  readonly presetTarget: PresetTarget;
}

/** Resolves the preset for what is to be opened, and opens it: starts a server, loads a model, or connects. Throws what the engine throws. */
export async function openTarget(
  options: Options,
  input: {
    readonly target: Target;
    readonly header: ModelHeader | null;
    readonly dependencies: RunnerDependencies;
  },
): Promise<OpenTarget> {
  const { target, header, dependencies } = input;
  const { plugin, engineId, baseUrls } = target;
  const adopted = baseUrls.length > 0;
  refuseOtherQuantization(options, header);
  const installation = adopted || !plugin.locate ? null : await plugin.locate(options.engineOptions ?? {});
  const presetTarget: PresetTarget = {
    engineId,
    local: plugin.local,
    adopted,
    installation,
    model: modelBeforeStart(options, { target, header }),
    trainedContext: header?.described.contextLength ?? null,
    quantization: target.onlineQuantization,
  };
  const choice = resolvePreset(options, presetTarget);
  const engine = await plugin.open(
    engineSettings(options, { target, choice, installation }),
    engineDependencies(dependencies),
  );
  return { engine, choice, presetTarget };
}

/** A file is what it is: another quantisation cannot be asked of it. Throws E_OPTION_INVALID. */
function refuseOtherQuantization(
  { model, quantization }: Pick<Options, 'model' | 'quantization'>,
  header: ModelHeader | null,
): void {
  const actual = header?.described.quantization?.toLowerCase() ?? null;
  if (model === null || quantization === null || actual === null || !existsSync(model)) return;
  if (quantization.toLowerCase() === actual) return;
  throw new QwenEvalError('E_OPTION_INVALID', `${model} is ${actual}, but --quantization is ${quantization}`, {
    hint: 'name a file of that quantisation, or leave --quantization out',
  });
}

function engineSettings(
  options: Options,
  input: {
    readonly target: Target;
    readonly choice: PresetChoice;
    readonly installation: EngineInstallation | null;
  },
): EngineSettings {
  const { target, choice, installation } = input;
  return {
    model: target.model,
    baseUrls: target.baseUrls,
    apiKey: options.apiKey,
    sequences: choice.engine.sequences,
    contextLength: choice.engine.contextLength,
    threads: options.threads,
    batchSize: choice.engine.batchSize,
    kvCacheType: choice.engine.kvCacheType,
    extraBody: options.extraBody ?? {},
    deadlines: engineDeadlines(options),
    engineOptions: options.engineOptions ?? {},
    ...(installation ? { launch: { installation, ...choice.launch } } : {}),
  };
}

/** The preset as it was resolved, with what a server that runs already shows of its settings. */
export const observedPreset = (
  options: Options,
  { opened, description }: { readonly opened: OpenTarget; readonly description: EngineDescription },
): ResolvedPreset =>
  confirmPreset(opened.choice, {
    options,
    target: opened.presetTarget,
    observed: description.observed ?? null,
    software: softwareOf(description),
  });

/** Name under which the flag tables know the software of a server. */
const softwareOf = ({ model }: EngineDescription): string | null => {
  const software = model.facts['servedBy'];
  return software === 'llamacpp' ? 'llama-server' : typeof software === 'string' ? software : null;
};
