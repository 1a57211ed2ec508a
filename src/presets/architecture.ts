import { z } from 'zod';

const size = z.int().positive();
const known = size.nullable();

/** Schema of the numbers that decide a model's memory and speed. What is null is unknown; `unknown` of the row says why. */
export const architectureSchema = z.strictObject({
  kind: z.enum(['dense', 'moe']),
  layers: known,
  /** Layers with a KV cache: all, but for hybrids with linear attention. */
  fullAttentionLayers: known,
  hiddenSize: known,
  /** Width of a dense feed-forward; null for mixtures of experts. */
  feedForwardSize: known.default(null),
  experts: z
    .strictObject({
      count: size,
      /** Routed experts a token uses. */
      active: size,
      size: known,
      /** Width of the expert that every token uses; 0 is none. */
      sharedSize: z.int().nonnegative().nullable(),
    })
    .nullable()
    .default(null),
  heads: known,
  kvHeads: known,
  headSize: known,
  vocabularySize: known,
  /** True when the output head is the input embedding. */
  tiedEmbeddings: z.boolean().nullable(),
  qkvBias: z.boolean().default(false),
  qkNorm: z.boolean(),
  /** True when the query projection also makes a gate, which doubles it. */
  outputGate: z.boolean().default(false),
  linearAttention: z
    .strictObject({ keyHeads: size, valueHeads: size, headSize: size, convolution: size })
    .nullable()
    .default(null),
  /** Parameters of the text model, counted exactly. */
  parameters: known,
  /** Parameters a token uses, embeddings included; equals `parameters` for dense models. */
  activeParameters: known,
  /** Parameters that text evaluation needs not: vision encoder and draft head. */
  otherParameters: known.default(null),
});

export type Architecture = z.infer<typeof architectureSchema>;

/** Reads the dimensions out of an object that may hold more, such as a registry row; null when they are not there. */
export function parseArchitecture(value: unknown): Architecture | null {
  const parsed = z.object(architectureSchema.shape).safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Parameters by the part they belong to, because quantisation and reading treat the parts apart. */
export interface ParameterParts {
  /** Matrices of attention and feed-forward, which quantisation shrinks. */
  readonly linear: number;
  /** Those of `linear` that one token reads. */
  readonly activeLinear: number;
  /** The input embedding, one vocabulary × hidden. */
  readonly embedding: number;
  /** The output head where it is not the embedding, else 0. */
  readonly head: number;
  /** Norms, biases, routers, convolutions: kept in 16 bits. */
  readonly rest: number;
}

/**
 * Counts a model's parameters by part from its dimensions; null when a dimension is unknown. Counted as the checkpoints are laid out
 * (gated attention doubles the query projection; linear attention has q, k, v, gate, two scalars a head, a convolution): equal to the
 * safetensors totals of Qwen3.5-2B, Qwen3.5-9B and Qwen3.8-27B when vision encoder and draft head are added.
 */
export function countParameters(architecture: Architecture): ParameterParts | null {
  const { layers, fullAttentionLayers, hiddenSize, heads, kvHeads, headSize, vocabularySize } = architecture;
  if (layers === null || fullAttentionLayers === null || hiddenSize === null || heads === null) return null;
  if (kvHeads === null || headSize === null || vocabularySize === null || architecture.tiedEmbeddings === null)
    return null;
  const feedForward = countFeedForward(architecture, hiddenSize);
  if (feedForward === null) return null;
  const queryWidth = heads * headSize;
  const kvWidth = 2 * kvHeads * headSize;
  const attention = hiddenSize * (queryWidth * (architecture.outputGate ? 3 : 2) + kvWidth);
  const attentionRest = (architecture.qkNorm ? 2 * headSize : 0) + (architecture.qkvBias ? queryWidth + kvWidth : 0);
  const linear = countLinearAttention(architecture, hiddenSize);
  const linearLayers = layers - fullAttentionLayers;
  const mixers = fullAttentionLayers * attention + linearLayers * linear.matrices;
  const embedding = vocabularySize * hiddenSize;
  return {
    linear: mixers + layers * feedForward.matrices,
    activeLinear: mixers + layers * feedForward.activeMatrices,
    embedding,
    head: architecture.tiedEmbeddings ? 0 : embedding,
    rest:
      fullAttentionLayers * attentionRest +
      linearLayers * linear.rest +
      layers * (feedForward.rest + 2 * hiddenSize) +
      hiddenSize,
  };
}

/** All parameters of a model; null when a dimension is unknown. */
export function totalParameters(architecture: Architecture): number | null {
  const parts = countParameters(architecture);
  return parts === null ? null : parts.linear + parts.embedding + parts.head + parts.rest;
}

function countFeedForward(
  { feedForwardSize, experts }: Architecture,
  hiddenSize: number,
): { readonly matrices: number; readonly activeMatrices: number; readonly rest: number } | null {
  if (experts === null) {
    if (feedForwardSize === null) return null;
    const matrices = 3 * hiddenSize * feedForwardSize;
    return { matrices, activeMatrices: matrices, rest: 0 };
  }
  if (experts.size === null || experts.sharedSize === null) return null;
  const one = 3 * hiddenSize * experts.size;
  const shared = 3 * hiddenSize * experts.sharedSize;
  return {
    matrices: experts.count * one + shared,
    activeMatrices: experts.active * one + shared,
    // The router, and the gate of the shared expert.
    rest: experts.count * hiddenSize + (experts.sharedSize > 0 ? hiddenSize : 0),
  };
}

function countLinearAttention(
  { linearAttention }: Architecture,
  hiddenSize: number,
): { readonly matrices: number; readonly rest: number } {
  if (linearAttention === null) return { matrices: 0, rest: 0 };
  const { keyHeads, valueHeads, headSize, convolution } = linearAttention;
  const valueWidth = valueHeads * headSize;
  const mixed = 2 * keyHeads * headSize + valueWidth;
  return {
    matrices: hiddenSize * (mixed + 2 * valueWidth + 2 * valueHeads),
    rest: mixed * convolution + headSize + 2 * valueHeads,
  };
}

/** Bytes of one KV cache entry by its type, without block overhead beyond the scales; null for a type that is not known. */
export const kvElementBytes = (type: string): number | null => kvTypes[type.toLowerCase()] ?? null;

const kvTypes: Readonly<Record<string, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  auto: 2,
  fp8: 1,
  fp8_e4m3: 1,
  fp8_e5m2: 1,
  q8_0: 34 / 32,
  q5_1: 24 / 32,
  q5_0: 22 / 32,
  q4_1: 20 / 32,
  q4_0: 18 / 32,
  iq4_nl: 18 / 32,
};

/** Bytes of KV cache one token takes: 2 (K and V) × full-attention layers × KV heads × head size × bytes an element; null when unknown. */
export function kvBytesPerToken(architecture: Architecture, elementBytes = 2): number | null {
  const { fullAttentionLayers, kvHeads, headSize } = architecture;
  if (fullAttentionLayers === null || kvHeads === null || headSize === null) return null;
  return 2 * fullAttentionLayers * kvHeads * headSize * elementBytes;
}

/** Bytes of recurrent state one sequence of a hybrid keeps whatever its length: a 32-bit matrix a head and the convolution's window in 16 bits; 0 without linear attention, null when unknown. */
export function stateBytesPerSequence(architecture: Architecture): number | null {
  const { layers, fullAttentionLayers, linearAttention } = architecture;
  if (layers === null || fullAttentionLayers === null) return null;
  if (layers === fullAttentionLayers) return 0;
  if (linearAttention === null) return null;
  const { keyHeads, valueHeads, headSize, convolution } = linearAttention;
  const matrix = valueHeads * headSize * headSize * 4;
  const window = (2 * keyHeads + valueHeads) * headSize * (convolution - 1) * 2;
  return (layers - fullAttentionLayers) * (matrix + window);
}
