import type { EngineMemory } from '../../../core/ports/engine.ts';
import { evidenceOf, firstNumber, gibibytes } from './log-reading.ts';

/** Reads off its log what memory vLLM took. */
export function vllmMemory(lines: readonly string[]): EngineMemory {
  const weights = firstNumber(lines, /Model loading took ([\d.]+) GiB/);
  const cache = firstNumber(lines, /Available KV cache memory: ([\d.]+) GiB/);
  const tokens = firstNumber(lines, /GPU KV cache size: ([\d,]+) tokens/);
  const concurrency = firstNumber(lines, /Maximum concurrency for [\d,]+ tokens per request: ([\d.]+)x/);
  const graphs = firstNumber(lines, /Graph capturing finished in \d+ secs, took ([\d.]+) GiB/);
  const activation = firstNumber(lines, /([\d.]+) GiB for peak activation/);
  return {
    scope: 'accelerator',
    weightsBytes: gibibytes(weights),
    kvCacheBytes: gibibytes(cache),
    kvCacheTokens: tokens?.value ?? null,
    maximumConcurrency: concurrency?.value ?? null,
    activationBytes: gibibytes(activation),
    graphBytes: gibibytes(graphs),
    evidence: evidenceOf([weights, cache, tokens, concurrency, graphs, activation]),
  };
}
