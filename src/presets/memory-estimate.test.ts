import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kvBytesPerToken, type Architecture } from './architecture.ts';
import { batchBytes, estimateMemory, fitMemory, promptActivationBytes, type MemoryDemand } from './memory-estimate.ts';
import { modelRegistry } from './model-registry.ts';
import { weightBytes } from './weight-bytes.ts';

const gibibyte = 2 ** 30;

const architectureOf = (id: string): Architecture => {
  const found = modelRegistry().find(({ architecture }) => architecture.id === id);
  if (!found) throw new Error(`no architecture ${id}`);
  return found.architecture;
};

const demandOf = (id: string, fields: Partial<MemoryDemand> = {}): MemoryDemand => ({
  architecture: architectureOf(id),
  quantization: null,
  weightBytes: null,
  sequences: 1,
  contextTokens: 32_768,
  kvType: 'auto',
  overheadBytes: 0,
  ...fields,
});

const estimateOf = (id: string, fields: Partial<MemoryDemand> = {}) => {
  const estimate = estimateMemory(demandOf(id, fields));
  if (typeof estimate === 'string') throw new Error(estimate);
  return estimate;
};

interface PublishedRow {
  readonly model: string;
  readonly architecture: string;
  readonly gpus: number | null;
  readonly quantization: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly memoryGib: number | null;
}

const published = (
  JSON.parse(readFileSync(new URL('../../bench/data/official-speed.json', import.meta.url), 'utf8')) as {
    readonly rows: readonly PublishedRow[];
  }
).rows.filter((row) => row.memoryGib !== null && row.gpus === 1 && row.quantization === 'bf16');

describe('estimateMemory beside what Qwen publishes', () => {
  it('is within 0.25 GiB of every Qwen3 row in 16 bits, by weights and KV alone', () => {
    const rows = published.filter((row) => row.model.startsWith('Qwen3'));
    expect(rows).toHaveLength(28);
    for (const row of rows) {
      const { totalBytes } = estimateOf(row.architecture, { contextTokens: row.inputTokens + row.outputTokens });
      expect(Math.abs((row.memoryGib ?? 0) - totalBytes / gibibyte), JSON.stringify(row)).toBeLessThanOrEqual(0.25);
    }
  });

  it('is within 0.2 GiB of every Qwen2.5 row with the values inside one layer for the whole prompt', () => {
    const rows = published.filter((row) => row.model.startsWith('Qwen2.5'));
    expect(rows).toHaveLength(24);
    for (const row of rows) {
      const { totalBytes, weightBytes: weights } = estimateOf(row.architecture, {
        contextTokens: row.inputTokens + row.outputTokens,
      });
      const architecture = architectureOf(row.architecture);
      const promptPeak =
        weights +
        (kvBytesPerToken(architecture) ?? 0) * row.inputTokens +
        (promptActivationBytes(architecture, row.inputTokens) ?? 0);
      const error = (row.memoryGib ?? 0) - Math.max(totalBytes, promptPeak) / gibibyte;
      expect(Math.abs(error), JSON.stringify(row)).toBeLessThanOrEqual(0.2);
    }
  });
});

describe('estimateMemory', () => {
  it.each([
    // Weights in GiB, KV of 32,768 tokens in GiB.
    ['qwen2.5-0.5b', 0.92, 0.375],
    ['qwen2.5-7b', 14.19, 1.75],
    ['qwen2.5-14b', 27.51, 6],
    ['qwen3-8b', 15.26, 4.5],
    ['qwen3-14b', 27.51, 5],
    ['qwen3-32b', 61.02, 8],
  ])('of %s is %f GiB of weights and %f GiB of cache', (id, weights, cache) => {
    const estimate = estimateOf(id);
    expect(estimate.weightBytes / gibibyte).toBeCloseTo(weights, 1);
    expect(estimate.kvBytes / gibibyte).toBeCloseTo(cache, 6);
    expect(estimate.stateBytes).toBe(0);
    expect(estimate.totalBytes).toBe(estimate.weightBytes + estimate.kvBytes);
  });

  it('adds sequences, cache type and overhead', () => {
    const one = estimateOf('qwen3-8b');
    expect(estimateOf('qwen3-8b', { sequences: 4 }).kvBytes).toBe(4 * one.kvBytes);
    expect(estimateOf('qwen3-8b', { kvType: 'fp8' }).kvBytes).toBe(one.kvBytes / 2);
    expect(estimateOf('qwen3-8b', { kvType: 'q8_0' }).kvBytes).toBeCloseTo((one.kvBytes * 34) / 64, 3);
    expect(estimateOf('qwen3-8b', { overheadBytes: gibibyte }).totalBytes).toBe(one.totalBytes + gibibyte);
  });

  it('counts all experts of a mixture, and the state of linear attention apart from its cache', () => {
    expect(estimateOf('qwen3-30b-a3b').weightBytes / gibibyte).toBeCloseTo(56.87, 2);
    // Qwen3.5-9B: 8 of 32 layers have a cache, 4 KV heads of 256: 32 KiB a token; 24 layers keep a state.
    const hybrid = estimateOf('qwen3.5-9b', { sequences: 2 });
    expect(hybrid.kvBytes).toBe(2 * 32_768 * 2 * 8 * 4 * 256 * 2);
    expect(hybrid.stateBytes / 2).toBe(24 * (32 * 128 * 128 * 4 + (2 * 16 + 32) * 128 * 3 * 2));
    expect(estimateOf('qwen3.5-9b', { sequences: 2, contextTokens: 1 }).stateBytes).toBe(hybrid.stateBytes);
  });

  it('takes the exact size of a file where it is known', () => {
    expect(estimateOf('qwen3-8b', { weightBytes: 5e9, quantization: 'mystery' })).toMatchObject({
      weightBytes: 5e9,
      isRough: false,
    });
    expect(estimateOf('qwen3-8b', { quantization: 'Q4_K_M' })).toMatchObject({ isRough: true });
  });

  it('says what is not known', () => {
    expect(estimateMemory(demandOf('qwen3-8b', { quantization: 'mystery' }))).toBe(
      'the size of mystery weights of this model is not known',
    );
    expect(estimateMemory(demandOf('qwen3-8b', { kvType: 'mystery' }))).toContain('KV cache of type mystery');
    expect(estimateMemory(demandOf('qwen3.8-2.4t-a95b'))).toContain('16-bit weights');
    expect(estimateMemory(demandOf('qwen3.8-2.4t-a95b', { weightBytes: 1 }))).toBe(
      'the model’s dimensions are not known',
    );
  });
});

describe('weightBytes', () => {
  const gib = (id: string, quantization: string) =>
    (weightBytes(architectureOf(id), quantization)?.bytes ?? 0) / gibibyte;

  it('shrinks the linear layers alone: scales, embeddings and head stay', () => {
    // Beside Qwen's published totals at an input of one token, KV of 2,049 tokens taken off.
    expect(gib('qwen2.5-7b', 'gptq_int4')).toBeCloseTo(5.19, 2);
    expect(gib('qwen2.5-7b', 'gptq_int8')).toBeCloseTo(8.25, 2);
    expect(gib('qwen3-8b', 'fp8')).toBeCloseTo(8.79, 2);
    expect(gib('qwen3-8b', 'f32')).toBeCloseTo(2 * gib('qwen3-8b', 'bf16'), 9);
    expect(gib('qwen3-8b', 'nvfp4')).toBeLessThan(gib('qwen3-8b', 'fp8'));
  });
});

describe('promptActivationBytes and batchBytes', () => {
  it('take the feed-forward width, of the chosen experts for a mixture', () => {
    expect(promptActivationBytes(architectureOf('qwen2.5-7b'), 1000)).toBe(2000 * (3 * 18_944 + 4 * 3584));
    expect(promptActivationBytes(architectureOf('qwen3-30b-a3b'), 1)).toBe(2 * (3 * 8 * 768 + 4 * 2048));
    expect(promptActivationBytes(architectureOf('qwen3.8-2.4t-a95b'), 1)).toBeNull();
  });

  it('are the logits of the whole batch in llama.cpp, first of all', () => {
    // llama.cpp reports a compute buffer of 298.5 MiB for this model at a batch of 512.
    const mebibytes = batchBytes(architectureOf('qwen2.5-0.5b'), 512) / 2 ** 20;
    expect(mebibytes).toBeGreaterThan(296);
    expect(mebibytes).toBeLessThan(340);
    expect(batchBytes(architectureOf('qwen3.8-2.4t-a95b'), 1)).toBe(0);
  });
});

describe('fitMemory', () => {
  it('says how many sequences of full context have room', () => {
    const demand = demandOf('qwen3-8b', { sequences: 64, overheadBytes: 2 * gibibyte });
    const estimate = estimateOf('qwen3-8b', { sequences: 64, overheadBytes: 2 * gibibyte });
    const fit = fitMemory(demand, estimate, 0.9 * 80 * gibibyte);
    expect(fit).toMatchObject({ fits: true, fullSequences: 12 });
    expect(fit.cacheTokens).toBeGreaterThan(393_000);
    const small = fitMemory(demand, estimate, 16 * gibibyte);
    expect(small).toEqual({ fits: false, availableBytes: 16 * gibibyte, cacheTokens: 0, fullSequences: 0 });
  });
});
