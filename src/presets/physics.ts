import { countParameters, kvBytesPerToken, stateBytesPerSequence, type Architecture } from './architecture.ts';
import type { Device } from './devices.ts';
import { weightBytesRead } from './weight-bytes.ts';

/** A model on devices under a load. */
export interface SpeedDemand {
  readonly architecture: Architecture;
  /** Quantisation of the weights; null is 16 bits. */
  readonly quantization: string | null;
  /** Exact bytes of the weights where they are known. */
  readonly weightBytes: number | null;
  /** Bytes of one KV cache entry. */
  readonly kvElementBytes: number;
  readonly device: Device;
  /** Devices that share the work; communication is left out, as the limit is an upper one. */
  readonly devices: number;
  /** Sequences decoded together. */
  readonly sequences: number;
  /** Mean tokens of context of each. */
  readonly contextTokens: number;
  /** Tokens that a step gives each sequence: 1, more with speculative decoding. */
  readonly tokensPerStep: number;
}

/** The most tokens a second that physics allows, and what sets the limit. */
export interface SpeedLimit {
  /** Of all sequences together. */
  readonly tokensPerSecond: number;
  /** Of each sequence. */
  readonly perSequence: number;
  readonly boundBy: 'bandwidth' | 'arithmetic';
}

/**
 * Upper limit of decoding: a step reads every weight it uses once and every sequence's cache, and multiplies each token with the weights:
 * step ≥ max((weights + sequences × (cache + state)) / bandwidth, 2 × parameters × sequences / operations), and gives each sequence
 * `tokensPerStep`. Null when a dimension is unknown.
 */
export function decodeLimit(demand: SpeedDemand): SpeedLimit | null {
  const { architecture, quantization, sequences, tokensPerStep } = demand;
  const parts = countParameters(architecture);
  const perToken = kvBytesPerToken(architecture, demand.kvElementBytes);
  const state = stateBytesPerSequence(architecture);
  const weights = weightBytesRead(architecture, { quantization, tokens: sequences, totalBytes: demand.weightBytes });
  if (parts === null || perToken === null || state === null || weights === null) return null;
  const bytes = weights + sequences * (perToken * demand.contextTokens + state);
  const readSeconds = bytes / (demand.device.bandwidthBytesPerSecond * demand.devices);
  const head = parts.head > 0 ? parts.head : parts.embedding;
  const operations = operationsOf(demand);
  const multiplySeconds = operations === null ? 0 : (2 * (parts.activeLinear + head) * sequences) / operations;
  const perSequence = tokensPerStep / Math.max(readSeconds, multiplySeconds);
  return {
    tokensPerSecond: perSequence * sequences,
    perSequence,
    boundBy: multiplySeconds > readSeconds ? 'arithmetic' : 'bandwidth',
  };
}

/** Upper limit of prompt tokens a second: two operations for each weight a token uses, attention left out; null where device or dimensions are not known. */
export function prefillLimit(
  demand: Omit<SpeedDemand, 'sequences' | 'contextTokens' | 'tokensPerStep'>,
): number | null {
  const parts = countParameters(demand.architecture);
  const operations = operationsOf(demand);
  return parts === null || operations === null ? null : operations / (2 * parts.activeLinear);
}

/** Operations a second of all devices: 8-bit ones for weights of 8 bits, where the device has them. */
function operationsOf({
  device,
  devices,
  quantization,
}: Pick<SpeedDemand, 'device' | 'devices' | 'quantization'>): number | null {
  const isEightBit = quantization !== null && /^(fp8|ascend_w8a8|gptq_int8|q8_0|nvfp4)$/i.test(quantization);
  const one = isEightBit ? (device.operations8 ?? device.operations16) : device.operations16;
  return one === null ? null : one * devices;
}
