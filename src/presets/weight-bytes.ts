import { countParameters, type Architecture, type ParameterParts } from './architecture.ts';

/** How a scheme stores weights. */
interface Scheme {
  /** Bits a weight of the linear layers takes, scales and zero points included. */
  readonly linearBits: number;
  /** Bits of every other weight: embeddings, output head, norms, biases, routers. */
  readonly otherBits: number;
  /** True when the bits are an average over files of one size, which small models exceed. */
  readonly isRough?: boolean;
}

/** Scale of 16 bits and zero point of the weight's width to each group of 128. */
const grouped = (bits: number): Scheme => ({ linearBits: bits + (16 + bits) / 128, otherBits: 16 });

/** llama.cpp's files quantise embeddings too; averages of its quantiser's own table for a model of 8 billion parameters. */
const averaged = (bits: number): Scheme => ({ linearBits: bits, otherBits: bits, isRough: true });

const half: Scheme = { linearBits: 16, otherBits: 16 };

const schemes: Readonly<Record<string, Scheme>> = {
  bf16: half,
  fp16: half,
  f16: half,
  f32: { linearBits: 32, otherBits: 32 },
  fp32: { linearBits: 32, otherBits: 32 },
  awq: grouped(4),
  gptq_int4: grouped(4),
  gptq_int8: grouped(8),
  /** One 32-bit scale to a block of 128 × 128. */
  fp8: { linearBits: 8 + 32 / 128 ** 2, otherBits: 16 },
  ascend_w8a8: { linearBits: 8, otherBits: 16 },
  /** One 8-bit scale to 16 weights. */
  nvfp4: { linearBits: 4 + 8 / 16, otherBits: 16 },
  q2_k: averaged(3.16),
  q3_k_s: averaged(3.64),
  q3_k_m: averaged(4),
  q3_k_l: averaged(4.3),
  q4_0: averaged(4.66),
  q4_k_s: averaged(4.67),
  q4_k_m: averaged(4.89),
  q5_0: averaged(5.57),
  q5_k_s: averaged(5.57),
  q5_k_m: averaged(5.7),
  q6_k: averaged(6.56),
  q8_0: averaged(8.5),
};

/** Bytes of a model's weights. */
export interface WeightBytes {
  readonly bytes: number;
  /** True when the scheme's bits are an average. */
  readonly isRough: boolean;
}

const schemeOf = (quantization: string | null): Scheme | null =>
  schemes[(quantization ?? 'bf16').toLowerCase()] ?? null;

/** Bytes of all weights under a quantisation (null is 16 bits, as published); null when a dimension or the scheme is unknown. */
export function weightBytes(architecture: Architecture, quantization: string | null): WeightBytes | null {
  const scheme = schemeOf(quantization);
  const parts = countParameters(architecture);
  if (scheme === null || parts === null) return null;
  return { bytes: bytesOf(scheme, parts.linear, otherOf(parts)), isRough: scheme.isRough ?? false };
}

/** Bytes of weights that one decoding step reads for `tokens` sequences: the head but not the input embedding, and of a mixture of experts those that the tokens choose, at most all. */
export function weightBytesRead(
  architecture: Architecture,
  input: { readonly quantization: string | null; readonly tokens: number; readonly totalBytes: number | null },
): number | null {
  const scheme = schemeOf(input.quantization);
  const parts = countParameters(architecture);
  if (parts === null) return null;
  // A tied embedding is read as the head.
  const head = parts.head > 0 ? parts.head : parts.embedding;
  const linear = Math.min(parts.linear, chosenLinear(parts, architecture, input.tokens));
  if (input.totalBytes !== null) {
    const whole = parts.linear + parts.embedding + parts.head + parts.rest;
    return (input.totalBytes * (linear + head + parts.rest)) / whole;
  }
  return scheme === null ? null : bytesOf(scheme, linear, head + parts.rest);
}

/** Linear weights that some of the tokens read: each draws its experts, and a draw hits a given expert with probability active/count. */
function chosenLinear(parts: ParameterParts, { experts }: Architecture, tokens: number): number {
  if (experts === null) return parts.linear;
  const share = 1 - (1 - experts.active / experts.count) ** tokens;
  const routed = (parts.linear - parts.activeLinear) / (1 - experts.active / experts.count);
  return parts.linear - routed + routed * share;
}

const otherOf = ({ embedding, head, rest }: ParameterParts): number => embedding + head + rest;

const bytesOf = (scheme: Scheme, linear: number, other: number): number =>
  (linear * scheme.linearBits + other * scheme.otherBits) / 8;
