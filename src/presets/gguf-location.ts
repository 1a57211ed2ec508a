import { QwenEvalError } from '../core/errors.ts';
import type { HubLocation } from '../core/ports/dataset.ts';
import type { RegistryModel } from './model-registry.ts';

/** The files of one quantisation of a model on the hub. */
export interface GgufFiles {
  /** Quantisation in lower case. */
  readonly quantization: string;
  /** All parts in order; the first is what an engine is given. */
  readonly files: readonly [HubLocation, ...HubLocation[]];
  /** True when the repository is Qwen's own. */
  readonly isOfficial: boolean;
}

/** Where the GGUF files of a model are, in the asked quantisation or the repository's default. Throws E_MODEL_UNKNOWN with what there is instead. */
export function ggufFiles(model: RegistryModel, quantization: string | null): GgufFiles {
  const { gguf } = model;
  if (gguf === null)
    throw new QwenEvalError('E_MODEL_UNKNOWN', `no GGUF repository of ${model.id} (${model.hubId}) is known`, {
      hint: `give the path of a GGUF file or owner/repository/file.gguf, or serve ${model.hubId} and name the server with --base-url`,
    });
  const wanted = quantization ?? gguf.default;
  const spelled = Object.keys(gguf.quantizations).find((key) => key.toLowerCase() === wanted.toLowerCase());
  const parts = spelled === undefined ? undefined : gguf.quantizations[spelled];
  if (spelled === undefined || parts === undefined)
    throw new QwenEvalError('E_MODEL_UNKNOWN', `${gguf.hubId} is not known to have ${wanted}`, {
      hint: `it has ${Object.keys(gguf.quantizations).join(', ')}; or name a file as ${gguf.hubId}/file.gguf`,
    });
  const file = gguf.file.replace('{quantization}', spelled);
  const at = (path: string): HubLocation => ({ kind: 'model', repository: gguf.hubId, revision: 'main', path });
  const part = (index: number): string => file.replace(/\.gguf$/, `-${pad(index)}-of-${pad(parts)}.gguf`);
  const rest = Array.from({ length: parts - 1 }, (_, index) => at(part(index + 2)));
  return {
    quantization: spelled.toLowerCase(),
    files: [at(parts === 1 ? file : part(1)), ...rest],
    isOfficial: gguf.hubId.startsWith('Qwen/'),
  };
}

const pad = (number: number): string => String(number).padStart(5, '0');

/** A hub file written as `owner/repository/path.gguf`; null when the text is not one. */
export function parseHubFile(text: string): HubLocation | null {
  const match = /^([\w.-]+\/[\w.-]+)\/((?:[\w.-]+\/)*[\w.-]+\.gguf)$/i.exec(text);
  if (!match || text.startsWith('.')) return null;
  return { kind: 'model', repository: match[1] ?? '', revision: 'main', path: match[2] ?? '' };
}
