import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import { readGgufHeader } from '../engines/support/gguf-header.ts';
import { describeConfig } from '../presets/describe-config.ts';
import { describeGguf, type DescribedModel } from '../presets/describe-gguf.ts';
import { findModel } from '../presets/find-model.ts';
import type { FetchModelFile, Target } from './resolve-target.ts';

/** What weights or their configuration say of themselves, with their chat template. */
export interface ModelHeader {
  readonly described: DescribedModel;
  readonly template: string | null;
}

/** What the model of a target says of itself before an engine runs: the header of a GGUF file, or config.json of a folder or of a hub repository that is in no registry. Null when it says nothing. */
export async function readModelHeader(
  target: Pick<Target, 'plugin' | 'model' | 'baseUrls'>,
  fetchModelFile: FetchModelFile,
): Promise<ModelHeader | null> {
  const { plugin, model, baseUrls } = target;
  if (model === null || baseUrls.length > 0) return null;
  if (plugin.modelSource === 'gguf-file') return readGguf(model);
  return plugin.modelSource === 'hub' ? readHubModel(model, fetchModelFile) : null;
}

/** Describes a GGUF file by its header. Throws E_MODEL_FILE. */
export async function readGguf(path: string): Promise<ModelHeader> {
  const header = await readGgufHeader(path);
  const template = header.metadata.get('tokenizer.chat_template');
  return {
    described: describeGguf(header, basename(path)),
    template: typeof template === 'string' ? template : null,
  };
}

/** Describes a folder of weights, or a hub repository by its config.json; null when that cannot be had, or the repository is a known model’s. */
export async function readHubModel(model: string, fetchModelFile: FetchModelFile): Promise<ModelHeader | null> {
  if (existsSync(join(model, 'config.json'))) return readFolder(model);
  if (!/^[\w.-]+\/[\w.-]+$/.test(model) || findModel(model).match?.kind === 'exact') return null;
  const fetchOne = async (path: string): Promise<string | null> => {
    try {
      return await fetchModelFile({ kind: 'model', repository: model, revision: 'main', path });
    } catch (error) {
      // Without a network the engine may still have the weights: it is asked then.
      if (isQwenEvalError(error)) return null;
      throw error;
    }
  };
  const config = await fetchOne('config.json');
  if (config === null) return null;
  const tokenizer = await fetchOne('tokenizer_config.json');
  return {
    described: describeConfig({ config: readJson(config), weightBytes: null, name: model }),
    template: tokenizer === null ? null : templateOf(readJson(tokenizer)),
  };
}

function readFolder(folder: string): ModelHeader {
  const path = (name: string): string => join(folder, name);
  const template = existsSync(path('chat_template.jinja'))
    ? readFileSync(path('chat_template.jinja'), 'utf8')
    : existsSync(path('tokenizer_config.json'))
      ? templateOf(readJson(path('tokenizer_config.json')))
      : null;
  const described = describeConfig({
    config: readJson(path('config.json')),
    weightBytes: weightBytes(folder),
    name: folder,
  });
  return { described, template };
}

/** Bytes of the weight files of a folder; null when it holds none. */
function weightBytes(folder: string): number | null {
  const files = readdirSync(folder).filter((name) => /\.(?:safetensors|bin|pt)$/.test(name));
  return files.length === 0 ? null : files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function templateOf(config: unknown): string | null {
  const template = typeof config === 'object' && config !== null && 'chat_template' in config && config.chat_template;
  return typeof template === 'string' ? template : null;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new QwenEvalError('E_MODEL_FILE', `${basename(path)} of ${dirname(path)} is not JSON`, {
      hint: 'fetch the model again',
      cause,
    });
  }
}
