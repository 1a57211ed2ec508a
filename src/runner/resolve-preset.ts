import type { Options } from '../config/options.ts';
import { closest } from '../core/closest.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { EngineInstallation, ObservedSettings } from '../core/ports/engine.ts';
import type { ResolvedPreset } from '../core/run-plan.ts';
import {
  flagArguments,
  refuseRemovedFlags,
  type Deployment,
  type DeploymentInput,
  type FlagTable,
} from '../presets/flags/flag-table.ts';
import { llamaCppFlags } from '../presets/flags/llama-cpp.ts';
import type { RegistryModel } from '../presets/model-registry.ts';
import { observePreset } from '../presets/observe-preset.ts';
import { allPresets, type Preset } from '../presets/presets.ts';
import { flagTableOf, resolveDeployment } from '../presets/resolve-deployment.ts';

type PresetOptions = Pick<
  Options,
  'preset' | 'presets' | 'maxConnections' | 'maxModelLen' | 'threads' | 'engineOptions'
>;

/** What a preset is resolved for. */
export interface PresetTarget {
  readonly engineId: string;
  readonly local: boolean;
  /** True for a server that runs already. */
  readonly adopted: boolean;
  /** Program that is to be started; null for an engine without one. */
  readonly installation: EngineInstallation | null;
  readonly model: RegistryModel | null;
  readonly trainedContext: number | null;
  /** Quantisation that the engine is to make while it loads the weights. */
  readonly quantization: string | null;
}

/** A preset as the run uses it: what the plan records and what the engine is opened with. */
export interface PresetChoice {
  readonly definition: Preset;
  readonly preset: ResolvedPreset;
  readonly engine: {
    readonly sequences: number;
    readonly contextLength: number | null;
    readonly batchSize: number | null;
    readonly kvCacheType: string | null;
  };
  /** Arguments and environment of a server that is to be started. */
  readonly launch: { readonly args: readonly string[]; readonly environment: Readonly<Record<string, string>> };
}

/** Finds a preset by name among the tracker's and the user's own. Throws E_PRESET_UNKNOWN with a suggestion, E_CONFIG_INVALID for a wrong one of the user. */
export function findPreset(options: Pick<Options, 'preset' | 'presets'>): Preset {
  const known = allPresets(options.presets);
  const found = known.find((preset) => preset.id === options.preset);
  if (found) return found;
  const ids = known.map((preset) => preset.id);
  const suggestion = closest(options.preset, ids);
  throw new QwenEvalError('E_PRESET_UNKNOWN', `there is no preset ${options.preset}`, {
    hint: suggestion ? `did you mean ${suggestion}?` : `presets: ${ids.join(', ')}`,
  });
}

/** Resolves a preset to what the engine is started with, or to its client part for a server that runs already. */
export function resolvePreset(options: PresetOptions, target: PresetTarget): PresetChoice {
  const definition = findPreset(options);
  const table = tableOf(target);
  if (table === null) return clientPart(options, { definition, target });
  const input = deploymentInput(options, { definition, target });
  const deployment = resolveDeployment(table, input, allPresets(options.presets));
  const own = ownArguments(options);
  refuseRemovedFlags(table, own, input.version);
  const { args, resolved, notes } = merge(deployment, own);
  const ceiling = options.maxConnections ?? deployment.sequences;
  const { batchSize = null } = deployment.settings;
  return {
    definition,
    preset: {
      ...identityOf(definition),
      resolved,
      startConcurrency: Math.min(ceiling, definition.evaluationBatch),
      maxConcurrency: ceiling,
      observed: definition.id,
      confirmed: 'yes',
      notes: [...notes],
      remarks: deployment.remarks,
    },
    engine: {
      sequences: deployment.sequences,
      contextLength: deployment.values.contextLength,
      batchSize: typeof batchSize === 'number' ? batchSize : null,
      kvCacheType: deployment.values.kvCacheType,
    },
    launch: { args, environment: deployment.environment },
  };
}

/** A server that runs has its own settings; a local engine of no table of its own takes what the embedded one does. */
const tableOf = ({ engineId, adopted, local }: PresetTarget): FlagTable | null =>
  adopted ? null : (flagTableOf(engineId) ?? (local ? llamaCppFlags : null));

const deploymentInput = (
  options: PresetOptions,
  { definition, target }: { readonly definition: Preset; readonly target: PresetTarget },
): DeploymentInput => ({
  preset: definition,
  version: target.installation?.version ?? null,
  knownFlags: target.installation?.flags ? new Set(target.installation.flags) : null,
  model: target.model,
  trainedContext: target.trainedContext,
  contextLength: options.maxModelLen,
  quantization: target.quantization,
  threads: options.threads,
});

function identityOf({ id: requested, title: _title, ...values }: Preset) {
  return { requested, values };
}

/** Flags of the user, for the command line of a server. */
function ownArguments({ engineOptions }: Pick<Options, 'engineOptions'>): readonly string[] {
  const given = engineOptions?.['args'];
  return Array.isArray(given) ? given.filter((argument) => typeof argument === 'string') : [];
}

/** Puts the user's own flags in place of the preset's where both set the same. */
function merge(
  deployment: Deployment,
  own: readonly string[],
): { readonly args: readonly string[]; readonly resolved: JsonObject; readonly notes: readonly string[] } {
  const named = new Set(own.map((argument) => argument.split('=')[0]));
  const replaced = Object.keys(deployment.flags).filter((flag) => named.has(flag));
  const flags = Object.fromEntries(Object.entries(deployment.flags).filter(([flag]) => !replaced.includes(flag)));
  const { environment, settings } = deployment;
  return {
    args: [...flagArguments(flags), ...own],
    resolved: {
      ...flags,
      ...settings,
      ...(Object.keys(environment).length > 0 ? { environment: { ...environment } } : {}),
      ...(own.length > 0 ? { ownArguments: [...own] } : {}),
    },
    notes: [...deployment.notes, ...replaced.map((flag) => `${flag} is the engine options’, not the preset’s`)],
  };
}

function clientPart(
  options: PresetOptions,
  { definition, target }: { readonly definition: Preset; readonly target: PresetTarget },
): PresetChoice {
  const ceiling = options.maxConnections ?? definition.sequences;
  return {
    definition,
    preset: {
      ...identityOf(definition),
      resolved: {},
      startConcurrency: Math.min(ceiling, definition.evaluationBatch),
      maxConcurrency: ceiling,
      observed: null,
      confirmed: 'unknown',
      notes: target.adopted ? ['the server was running already: only the client part of the preset applies'] : [],
      remarks: [],
    },
    engine: { sequences: ceiling, contextLength: options.maxModelLen, batchSize: null, kvCacheType: null },
    launch: { args: [], environment: {} },
  };
}

/** Adds to a preset what an adopted server lets be seen of its settings. */
export function confirmPreset(
  choice: PresetChoice,
  input: {
    readonly options: PresetOptions;
    readonly target: PresetTarget;
    readonly observed: ObservedSettings | null;
    /** Engine that runs there, as far as it tells. */
    readonly software: string | null;
  },
): ResolvedPreset {
  const { options, target, observed, software } = input;
  const table = flagTableOf(target.engineId) ?? (software === null ? null : flagTableOf(software));
  if (!target.adopted || table === null || observed === null) return choice.preset;
  const candidates = allPresets(options.presets).map((definition) => ({
    id: definition.id,
    values: table.resolve(deploymentInput(options, { definition, target })).values,
  }));
  const { preset, confirmed, notes } = observePreset(choice.definition.id, candidates, observed);
  return { ...choice.preset, observed: preset, confirmed, notes: [...choice.preset.notes, ...notes] };
}
