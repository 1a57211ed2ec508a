import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { HubLocation } from '../core/ports/dataset.ts';
import type { EnginePlugin } from '../core/ports/engine.ts';
import { parseBaseUrl } from '../engines/support/base-url.ts';
import { findModel, type ModelMatch } from '../presets/find-model.ts';
import { ggufFiles, parseHubFile } from '../presets/gguf-location.ts';
import { engineIds, loadEngine } from './load-plugin.ts';

/** Which engine is to be opened with which model. */
export interface Target {
  readonly engineId: string;
  readonly plugin: EnginePlugin;
  /** What the user typed; null when nothing was. */
  readonly requested: string | null;
  /** Model for the engine: a path, a hub id, a served name, or null to let the server's list decide. */
  readonly model: string | null;
  readonly baseUrls: readonly string[];
  /** Quantisation that the engine is to make while it loads the weights, because they are named without it; null when there is none to make. */
  readonly onlineQuantization: string | null;
}

/** Brings a file of a hub repository to this machine and gives its path. */
export type FetchModelFile = (location: HubLocation) => Promise<string>;

type TargetOptions = Pick<Options, 'model' | 'engine' | 'baseUrl' | 'quantization'>;

/** The model that ships with the package. */
export const builtInModelPath = (): string => fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));

/** The built-in model as it is asked for, and as runs and the tracker name it. */
const isBuiltIn = (model: string | null): boolean =>
  model === null || model === 'built-in' || model === 'built-in-model';

/** True when the options name no other model and no server, so that the built-in model answers. */
export function asksBuiltInModel(options: TargetOptions): boolean {
  const { engine, model } = splitEngine(options);
  return (options.baseUrl ?? []).length === 0 && (engine === null || engine === 'llama-cpp') && isBuiltIn(model);
}

/**
 * Decides engine and model from the options, and fetches the model file of an engine that needs one. Throws E_MODEL_UNKNOWN with the ways
 * to name a model, E_MODEL_FILE for a path that is not there, and what the hub throws.
 */
export async function resolveTarget(options: TargetOptions, fetchModelFile: FetchModelFile): Promise<Target> {
  const given = (options.baseUrl ?? []).map((text) => {
    parseBaseUrl(text);
    return text;
  });
  const { engine, model } = splitEngine(options);
  const engineId = engine ?? (given.length > 0 ? 'openai-compatible' : 'llama-cpp');
  const plugin = await loadEngine(engineId);
  const baseUrls = given.length > 0 || !plugin.defaultBaseUrl ? given : [plugin.defaultBaseUrl()];
  const target = { engineId, plugin, requested: options.model, baseUrls, onlineQuantization: null };
  if (baseUrls.length > 0 || plugin.modelSource === undefined) return { ...target, model };
  return plugin.modelSource === 'hub'
    ? { ...target, ...hubModel(model, options.quantization) }
    : { ...target, model: await modelFile(model, { quantization: options.quantization, fetchModelFile }) };
}

function splitEngine(options: Pick<Options, 'model' | 'engine'>): {
  readonly engine: string | null;
  readonly model: string | null;
} {
  const colon = options.model?.indexOf(':') ?? -1;
  const prefix = colon > 0 ? (options.model?.slice(0, colon) ?? '') : '';
  if (options.model === null || !engineIds().includes(prefix)) return { engine: options.engine, model: options.model };
  if (options.engine !== null && options.engine !== prefix) {
    throw new QwenEvalError(
      'E_USAGE',
      `--model ${options.model} names engine ${prefix}, but --engine is ${options.engine}`,
      {
        hint: 'name the engine once',
      },
    );
  }
  return { engine: prefix, model: options.model.slice(colon + 1) };
}

/** A known model's hub id, in the repository of a quantisation that has one of its own; anything else as typed. */
function hubModel(model: string | null, quantization: string | null): Pick<Target, 'model' | 'onlineQuantization'> {
  const wanted = quantization?.toLowerCase() ?? null;
  if (model === null) return { model: null, onlineQuantization: wanted };
  if (existsSync(model)) return { model: resolve(model), onlineQuantization: wanted };
  const match = exactMatch(model);
  if (!match) return { model, onlineQuantization: wanted };
  if (match.quantization !== null) {
    if (wanted !== null && wanted !== match.quantization)
      throw new QwenEvalError(
        'E_OPTION_INVALID',
        `${model} is ${match.quantization}, but --quantization is ${wanted}`,
        {
          hint: `name ${match.model.id} with --quantization ${wanted}, or leave --quantization out`,
        },
      );
    return { model, onlineQuantization: null };
  }
  const repository = match.model.repositories.find((row) => row.quantization === wanted);
  return { model: repository?.hubId ?? match.model.hubId, onlineQuantization: repository ? null : wanted };
}

const exactMatch = (name: string): ModelMatch | null => {
  const { match } = findModel(name);
  return match?.kind === 'exact' ? match : null;
};

async function modelFile(
  model: string | null,
  input: { readonly quantization: string | null; readonly fetchModelFile: FetchModelFile },
): Promise<string> {
  if (model === null || isBuiltIn(model)) return builtInModelPath();
  const path = resolve(model);
  if (existsSync(path)) return path;
  const files = hubFiles(model, input.quantization);
  const [first = path] = await inOrder(files, input.fetchModelFile);
  return first;
}

/** The hub files a model name stands for. Throws E_MODEL_FILE for a path that is not there, E_MODEL_UNKNOWN for a name nobody knows. */
export function hubFiles(model: string, quantization: string | null): readonly HubLocation[] {
  const file = parseHubFile(model);
  if (file) return [file];
  if (/\.gguf$/i.test(model)) {
    throw new QwenEvalError('E_MODEL_FILE', `model file ${resolve(model)} is not there`, {
      hint: 'check the path, or name a model of `qwen-eval list models`',
    });
  }
  const { match, suggestions } = findModel(model);
  if (match?.kind === 'exact') return ggufFiles(match.model, quantization ?? match.quantization).files;
  throw new QwenEvalError('E_MODEL_UNKNOWN', `no model ${model} is known`, {
    hint: `${suggestions.length > 0 ? `did you mean ${suggestions.join(' or ')}? else ` : ''}give the path of a GGUF file, owner/repository/file.gguf, a name of \`qwen-eval list models\`, or --base-url of a server that has it`,
  });
}

/** One after the other: parallel parts would share the line and leave all of them half done when it breaks. */
async function inOrder(files: readonly HubLocation[], fetchModelFile: FetchModelFile): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const file of files) paths.push(await fetchModelFile(file));
  return paths;
}
