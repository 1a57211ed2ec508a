import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import { parseBaseUrl } from '../engines/support/base-url.ts';
import { engineIds } from './load-plugin.ts';

/** Which engine is to be opened with which model. */
export interface Target {
  readonly engineId: string;
  /** What the user typed; null when nothing was. */
  readonly requested: string | null;
  /** Model for the engine: a path, a served name, or null to let the server's list decide. */
  readonly model: string | null;
  readonly baseUrls: readonly string[];
}

/** The model that ships with the package. */
export const builtInModelPath = (): string => fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));

/** Decides engine and model from the options. Throws E_MODEL_UNKNOWN with the ways to name a model, E_MODEL_FILE for a path that is not there. */
export function resolveTarget(options: Pick<Options, 'model' | 'engine' | 'baseUrl'>): Target {
  const baseUrls = (options.baseUrl ?? []).map((text) => {
    parseBaseUrl(text);
    return text;
  });
  const { engine, model } = splitEngine(options);
  if (baseUrls.length > 0) {
    return { engineId: engine ?? 'openai-compatible', requested: options.model, model, baseUrls };
  }
  if (engine !== null && engine !== 'llama-cpp') return { engineId: engine, requested: options.model, model, baseUrls };
  if (model === null || model === 'built-in')
    return { engineId: 'llama-cpp', requested: options.model, model: builtInModelPath(), baseUrls };
  return { engineId: 'llama-cpp', requested: options.model, model: modelFile(model), baseUrls };
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

function modelFile(model: string): string {
  const path = resolve(model);
  if (existsSync(path)) return path;
  if (/\.gguf$/i.test(model)) {
    throw new QwenEvalError('E_MODEL_FILE', `model file ${path} is not there`, {
      hint: 'check the path, or name a model of `qwen-eval list models`',
    });
  }
  throw new QwenEvalError('E_MODEL_UNKNOWN', `no model ${model} is known`, {
    hint: 'give the path of a GGUF file, a name of `qwen-eval list models`, or --base-url of a server that has it',
  });
}
