import type { EngineMemory } from '../../../core/ports/engine.ts';
import { allNumbers, evidenceOf, firstNumber, type LoggedNumber } from './log-reading.ts';

const bytesPerMib = 2 ** 20;

/** Bytes of a size that is logged in MiB, a line a device; null when no line has it. */
const sumOf = (sizes: readonly LoggedNumber[]): number | null =>
  sizes.length === 0 ? null : Math.round(sizes.reduce((sum, { value }) => sum + value, 0) * bytesPerMib);

/** Reads off its log what memory llama.cpp’s server took. */
export function llamaServerMemory(lines: readonly string[]): EngineMemory {
  const weights = allNumbers(lines, /model buffer size =\s*([\d.]+) MiB/);
  const cache = allNumbers(lines, /KV buffer size =\s*([\d.]+) MiB/);
  const compute = allNumbers(lines, /compute buffer size =\s*([\d.]+) MiB/);
  const tokens = firstNumber(lines, /llama_context: n_ctx\s*=\s*(\d+)/);
  const slot = firstNumber(lines, /llama_context: n_ctx_seq\s*=\s*(\d+)/);
  return {
    scope: 'all',
    weightsBytes: sumOf(weights),
    kvCacheBytes: sumOf(cache),
    kvCacheTokens: tokens?.value ?? null,
    maximumConcurrency: tokens === null || slot === null ? null : tokens.value / slot.value,
    activationBytes: sumOf(compute),
    graphBytes: null,
    evidence: evidenceOf([...weights, ...cache, ...compute, tokens, slot]),
  };
}
