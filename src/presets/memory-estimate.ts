import { kvBytesPerToken, kvElementBytes, stateBytesPerSequence, type Architecture } from './architecture.ts';
import { weightBytes } from './weight-bytes.ts';

/** What is to be held in memory at once. */
export interface MemoryDemand {
  readonly architecture: Architecture;
  /** Quantisation of the weights; null is 16 bits. */
  readonly quantization: string | null;
  /** Exact bytes of the weights where a file was seen; null to count them by the quantisation. */
  readonly weightBytes: number | null;
  readonly sequences: number;
  /** Tokens of each sequence, prompt and output together. */
  readonly contextTokens: number;
  /** Type of the KV cache's entries. */
  readonly kvType: string;
  /** What the engine needs beside weights, cache and state. */
  readonly overheadBytes: number;
}

/** Bytes by what they hold. */
export interface MemoryEstimate {
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Recurrent state of linear attention, whatever the context; 0 for other models. */
  readonly stateBytes: number;
  readonly overheadBytes: number;
  readonly totalBytes: number;
  /** True when the weights are counted by an average of their file type. */
  readonly isRough: boolean;
}

/** Memory that a model takes under a load: weights + KV of all sequences at full context + recurrent state + overhead; a reason where a dimension or a type is not known. */
export function estimateMemory(demand: MemoryDemand): MemoryEstimate | string {
  const { architecture, quantization, sequences, contextTokens } = demand;
  const weights =
    demand.weightBytes === null
      ? weightBytes(architecture, quantization)
      : { bytes: demand.weightBytes, isRough: false };
  if (weights === null) return `the size of ${quantization ?? '16-bit'} weights of this model is not known`;
  const elementBytes = kvElementBytes(demand.kvType);
  if (elementBytes === null) return `the size of a KV cache of type ${demand.kvType} is not known`;
  const perToken = kvBytesPerToken(architecture, elementBytes);
  const perSequence = stateBytesPerSequence(architecture);
  if (perToken === null || perSequence === null) return 'the model’s dimensions are not known';
  const parts = {
    weightBytes: weights.bytes,
    kvBytes: perToken * contextTokens * sequences,
    stateBytes: perSequence * sequences,
    overheadBytes: demand.overheadBytes,
  };
  const totalBytes = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return { ...parts, totalBytes, isRough: weights.isRough };
}

/** Width of a feed-forward layer's intermediate values for one token; of the chosen experts for a mixture. */
const feedForwardWidth = ({ feedForwardSize, experts }: Architecture): number | null =>
  experts === null
    ? feedForwardSize
    : experts.size === null || experts.sharedSize === null
      ? null
      : experts.active * experts.size + experts.sharedSize;

/**
 * Bytes of the values that live while a prompt passes through one layer in 16 bits: gate, activated gate and up projection of the
 * feed-forward, and four vectors of the hidden width (residual, normed input, attention output, sum). Engines that take a whole prompt in
 * one pass hold them for all its tokens, and the peak of memory is then the larger of that moment and the end of the output.
 */
export function promptActivationBytes(architecture: Architecture, promptTokens: number): number | null {
  const width = feedForwardWidth(architecture);
  const { hiddenSize } = architecture;
  return width === null || hiddenSize === null ? null : 2 * promptTokens * (3 * width + 4 * hiddenSize);
}

/** Bytes that a batch of tokens takes beside weights and cache in llama.cpp: logits of the whole batch in 32 bits, and the values inside one layer. */
export function batchBytes(architecture: Architecture, batchTokens: number): number {
  const { vocabularySize } = architecture;
  return 4 * batchTokens * (vocabularySize ?? 0) + 2 * (promptActivationBytes(architecture, batchTokens) ?? 0);
}

/** How an estimate stands against the memory there is. */
export interface MemoryFit {
  /** True when weights, overhead and at least one sequence of full context have room. */
  readonly fits: boolean;
  readonly availableBytes: number;
  /** Tokens of KV cache that have room beside weights, state and overhead; 0 when none. */
  readonly cacheTokens: number;
  /** Sequences of full context that have room at once. */
  readonly fullSequences: number;
}

/** Compares a demand with the memory an engine may take. */
export function fitMemory(demand: MemoryDemand, estimate: MemoryEstimate, availableBytes: number): MemoryFit {
  const perToken = estimate.kvBytes / Math.max(1, demand.contextTokens * demand.sequences);
  const room = availableBytes - estimate.weightBytes - estimate.stateBytes - estimate.overheadBytes;
  const cacheTokens = perToken > 0 ? Math.max(0, Math.floor(room / perToken)) : 0;
  const fullSequences = Math.floor(cacheTokens / demand.contextTokens);
  return { fits: fullSequences >= 1, availableBytes, cacheTokens, fullSequences };
}
