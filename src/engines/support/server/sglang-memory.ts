import type { EngineMemory } from '../../../core/ports/engine.ts';
import { evidenceOf, firstNumber, gibibytes } from './log-reading.ts';

/** Reads off its log what memory SGLang took. */
export function sglangMemory(lines: readonly string[]): EngineMemory {
  const weights = firstNumber(lines, /Load weight end\..*mem usage=([\d.]+) GB/);
  const tokens = firstNumber(lines, /KV Cache is allocated\. #tokens: (\d+)/);
  const whole = firstNumber(lines, /KV Cache is allocated\..*KV size: ([\d.]+) GB/);
  const keys = firstNumber(lines, /KV Cache is allocated\..*K size: ([\d.]+) GB/);
  const values = firstNumber(lines, /KV Cache is allocated\..*V size: ([\d.]+) GB/);
  const graphs = firstNumber(lines, /Capture cuda graph end\..*mem usage=([\d.]+) GB/);
  const context = firstNumber(lines, /\bcontext_len=(\d+)/);
  const halves = keys === null || values === null ? null : { ...keys, value: keys.value + values.value };
  return {
    scope: 'accelerator',
    weightsBytes: gibibytes(weights),
    // Its GB are powers of two.
    kvCacheBytes: gibibytes(whole ?? halves),
    kvCacheTokens: tokens?.value ?? null,
    maximumConcurrency: tokens === null || context === null ? null : tokens.value / context.value,
    activationBytes: null,
    graphBytes: gibibytes(graphs),
    evidence: evidenceOf([weights, tokens, graphs, context]),
  };
}
