import { statedQuantization } from '../core/stated-quantization.ts';
import type { Architecture } from './architecture.ts';
import { checkDisplayName } from './check-display-name.ts';

/** A GGUF header as data, in the shape of the reader's output. */
export interface GgufFacts {
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tensors: readonly {
    readonly name: string;
    readonly dimensions: readonly number[];
    readonly type: string;
    readonly elements: number;
    readonly sizeBytes: number | null;
  }[];
}

/** What weights or their configuration say of themselves. */
export interface DescribedModel {
  /** The name the file gives itself; null when it gives none. */
  readonly name: string | null;
  readonly architecture: Architecture;
  readonly contextLength: number | null;
  /** Quantisation as stated, lower case; null for unquantised weights. */
  readonly quantization: string | null;
  /** Bytes of the weights; null when they were not seen. */
  readonly weightBytes: number | null;
  readonly warnings: readonly string[];
}

/** Describes a model by its GGUF header: dimensions and exact bytes by its tensors, and what its statements of origin contradict. `fileName` is what the user knows it by. */
export function describeGguf(facts: GgufFacts, fileName: string): DescribedModel {
  const read = metadataReader(facts.metadata);
  const name = read.text('general.name');
  const elements = facts.tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const sizes = facts.tensors.map((tensor) => tensor.sizeBytes);
  return {
    name,
    architecture: architectureOf(facts, read),
    contextLength: read.own('context_length'),
    quantization: quantizationOf(facts),
    weightBytes: sizes.some((size) => size === null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    warnings: originWarnings({ facts, read, name, fileName, elements }),
  };
}

interface MetadataReader {
  text(key: string): string | null;
  number(key: string): number | null;
  /** A number of the architecture's own section. */
  own(key: string): number | null;
}

function metadataReader(metadata: ReadonlyMap<string, unknown>): MetadataReader {
  const number = (key: string): number | null => {
    const value = metadata.get(key);
    // Hybrids list a number a layer; the layers that have any have the same.
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    const numbers = values.filter((item): item is number => typeof item === 'number' && item > 0);
    return numbers.length === 0 ? null : Math.max(...numbers);
  };
  const text = (key: string): string | null => {
    const value = metadata.get(key);
    return typeof value === 'string' ? value : null;
  };
  const section = text('general.architecture') ?? '';
  return { text, number, own: (key) => number(`${section}.${key}`) };
}

function architectureOf({ metadata, tensors }: GgufFacts, { own }: MetadataReader): Architecture {
  const tensor = (name: string) => tensors.find((candidate) => candidate.name === name);
  const suffixed = (suffix: string) => tensors.filter((candidate) => candidate.name.endsWith(suffix));
  const layers = own('block_count');
  const hiddenSize = own('embedding_length');
  const heads = own('attention.head_count');
  const headSize = own('attention.key_length') ?? (hiddenSize !== null && heads !== null ? hiddenSize / heads : null);
  const query = suffixed('.attn_q.weight');
  const vocabulary = metadata.get('tokenizer.ggml.tokens');
  const experts = own('expert_count');
  const state = own('ssm.state_size');
  const isLinear = state !== null && suffixed('.ssm_conv1d.weight').length > 0;
  return {
    kind: experts === null ? 'dense' : 'moe',
    layers,
    fullAttentionLayers: isLinear ? query.length : layers,
    hiddenSize,
    feedForwardSize: experts === null ? own('feed_forward_length') : null,
    experts:
      experts === null
        ? null
        : {
            count: experts,
            active: own('expert_used_count') ?? experts,
            size: own('expert_feed_forward_length'),
            sharedSize: own('expert_shared_feed_forward_length') ?? 0,
          },
    heads,
    kvHeads: own('attention.head_count_kv') ?? heads,
    headSize,
    vocabularySize: tensor('token_embd.weight')?.dimensions[1] ?? lengthOf(vocabulary),
    tiedEmbeddings: tensors.length === 0 ? null : tensor('output.weight') === undefined,
    qkvBias: suffixed('.attn_q.bias').length > 0,
    qkNorm: suffixed('.attn_q_norm.weight').length > 0,
    outputGate:
      query[0] !== undefined && heads !== null && headSize !== null && query[0].dimensions[1] === 2 * heads * headSize,
    linearAttention: isLinear
      ? {
          keyHeads: own('ssm.group_count') ?? 1,
          valueHeads: own('ssm.time_step_rank') ?? 1,
          headSize: state,
          convolution: own('ssm.conv_kernel') ?? 4,
        }
      : null,
    parameters: tensors.length === 0 ? null : tensors.reduce((sum, candidate) => sum + candidate.elements, 0),
    activeParameters: null,
    otherParameters: null,
  };
}

const lengthOf = (value: unknown): number | null => {
  if (typeof value !== 'object' || value === null || !('length' in value)) return null;
  return typeof value.length === 'number' ? value.length : null;
};

/** Names of `general.file_type` that Qwen files have; the others are shown by number. */
const fileTypes: Readonly<Record<number, string>> = {
  0: 'f32',
  1: 'f16',
  2: 'q4_0',
  3: 'q4_1',
  7: 'q8_0',
  8: 'q5_0',
  9: 'q5_1',
  10: 'q2_k',
  11: 'q3_k_s',
  12: 'q3_k_m',
  13: 'q3_k_l',
  14: 'q4_k_s',
  15: 'q4_k_m',
  16: 'q5_k_s',
  17: 'q5_k_m',
  18: 'q6_k',
  30: 'iq4_xs',
  25: 'iq4_nl',
  32: 'bf16',
};

function quantizationOf({ metadata, tensors }: GgufFacts): string | null {
  const fileType = metadata.get('general.file_type');
  if (typeof fileType === 'number') return fileTypes[fileType] ?? `file type ${fileType}`;
  return dominantType(tensors)?.type.toLowerCase() ?? null;
}

/** The tensor type that holds most of the weights, and its share in [0,1]. */
function dominantType(tensors: GgufFacts['tensors']): { readonly type: string; readonly share: number } | null {
  const byType = new Map<string, number>();
  for (const tensor of tensors) byType.set(tensor.type, (byType.get(tensor.type) ?? 0) + tensor.elements);
  const [first] = [...byType].toSorted((a, b) => b[1] - a[1]);
  const total = [...byType.values()].reduce((sum, elements) => sum + elements, 0);
  return first === undefined ? null : { type: first[0], share: first[1] / total };
}

interface Origin {
  readonly facts: GgufFacts;
  readonly read: MetadataReader;
  readonly name: string | null;
  readonly fileName: string;
  readonly elements: number;
}

/** Finetune names that say no more than which of Qwen's own variants it is. */
const ownVariants = /^(?:base|instruct|chat|thinking|coder|math|it|\d{4}|-|\s)+$/i;

function originWarnings({ facts, read, name, fileName, elements }: Origin): readonly string[] {
  const warnings: string[] = [];
  const stated = statedQuantization(name ?? '');
  const quantization = quantizationOf(facts);
  if (stated !== null)
    warnings.push(
      `the file calls itself ${JSON.stringify(name)}: its ${quantization ?? 'unknown'} weights were made from ${stated} weights, not from the original ones`,
    );
  const finetune = read.text('general.finetune');
  if (finetune !== null && !ownVariants.test(finetune.replaceAll(/awq|gptq/gi, '')))
    warnings.push(`the file says it is the finetune ${JSON.stringify(finetune)}: scores of the original do not apply`);
  if (name !== null)
    for (const reason of checkDisplayName(fileName, name))
      warnings.push(`the file’s name and its header disagree: ${reason}`);
  const dominant = dominantType(facts.tensors);
  if (quantization !== null && dominant !== null && !familyOf(quantization).startsWith(familyOf(dominant.type)))
    warnings.push(
      `the file says ${quantization}, but ${Math.round(dominant.share * 100)} % of its weights are ${dominant.type}`,
    );
  const label = /^(\d+(?:\.\d+)?)([MBT])$/.exec(read.text('general.size_label') ?? '');
  const claimed = label ? Number(label[1]) * { M: 1e6, B: 1e9, T: 1e12 }[label[2] as 'M' | 'B' | 'T'] : null;
  if (claimed !== null && elements > 0 && Math.abs(elements / claimed - 1) > 0.35)
    warnings.push(
      `the file says it has ${label?.[0]} parameters, but its tensors hold ${(elements / 1e9).toFixed(2)} billion`,
    );
  return warnings;
}

/** `q4_k_m` and `Q4_K` are of one family. */
const familyOf = (type: string): string => type.toLowerCase().replace(/_[sml]$/, '');
