import type { Options } from '../config/options.ts';
import { closest } from '../core/closest.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { ResolvedPreset } from '../core/run-plan.ts';
import { embeddedSettings } from '../presets/embedded-preset.ts';
import { presets, type Preset } from '../presets/presets.ts';

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
}

/** Resolves the named preset for a local engine, or its client part for a server that runs already. Throws E_PRESET_UNKNOWN with a suggestion. */
export function resolvePreset(
  options: Pick<Options, 'preset' | 'maxConnections' | 'maxModelLen'>,
  target: {
    readonly local: boolean;
    readonly adopted: boolean;
    /** Tokens the model was trained on, which keep a preset's context down; null when not known. */
    readonly modelContextLength?: number | null;
  },
): PresetChoice {
  const found = presets.find((preset) => preset.id === options.preset);
  if (!found) {
    const ids = presets.map((preset) => preset.id);
    const suggestion = closest(options.preset, ids);
    throw new QwenEvalError('E_PRESET_UNKNOWN', `there is no preset ${options.preset}`, {
      hint: suggestion ? `did you mean ${suggestion}?` : `presets: ${ids.join(', ')}`,
    });
  }
  const embedded = embeddedSettings(
    { ...found, maxModelLen: options.maxModelLen ?? found.maxModelLen },
    // A context that the user asks for is not cut in silence: the engine refuses one that is too long.
    options.maxModelLen === null ? (target.modelContextLength ?? null) : null,
  );
  const ceiling = options.maxConnections ?? (target.local ? embedded.sequences : found.sequences);
  const { id: requested, title: _title, ...values } = found;
  return {
    definition: found,
    preset: {
      requested,
      values,
      resolved: target.local ? { ...embedded } : {},
      startConcurrency: Math.min(ceiling, found.evaluationBatch),
      maxConcurrency: ceiling,
      observed: null,
      confirmed: target.local ? 'yes' : 'unknown',
      notes: target.adopted ? ['the server was running already: only the client part of the preset applies'] : [],
    },
    engine: target.local
      ? embedded
      : { sequences: ceiling, contextLength: options.maxModelLen, batchSize: null, kvCacheType: null },
  };
}
