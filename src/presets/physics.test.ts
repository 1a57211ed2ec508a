import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Architecture } from './architecture.ts';
import { findDevice, measuredProcessor } from './devices.ts';
import { modelRegistry } from './model-registry.ts';
import { decodeLimit, prefillLimit, type SpeedDemand } from './physics.ts';

const architectureOf = (id: string): Architecture => {
  const found = modelRegistry().find(({ architecture }) => architecture.id === id);
  if (!found) throw new Error(`no architecture ${id}`);
  return found.architecture;
};

const demand = (id: string, name: string, fields: Partial<SpeedDemand> = {}): SpeedDemand => {
  const device = findDevice(name);
  if (!device) throw new Error(`no device ${name}`);
  return {
    architecture: architectureOf(id),
    quantization: null,
    weightBytes: null,
    kvElementBytes: 2,
    device,
    devices: 1,
    sequences: 1,
    contextTokens: 1024,
    tokensPerStep: 1,
    ...fields,
  };
};

describe('findDevice', () => {
  it.each([
    ['NVIDIA A100-SXM4-80GB', 'a100_80'],
    ['NVIDIA A100 80GB PCIe', 'a100_80'],
    ['NVIDIA A100-SXM4-40GB', 'a100_40'],
    ['NVIDIA H100 80GB HBM3', 'h100'],
    ['NVIDIA H100 PCIe', 'h100_pcie'],
    ['NVIDIA H100 NVL', 'h100_nvl'],
    ['NVIDIA H200', 'h200'],
    ['NVIDIA H20', 'h20'],
    ['NVIDIA B200', 'b200'],
    ['NVIDIA L40S', 'l40s'],
    ['NVIDIA GeForce RTX 4090', 'rtx_4090'],
  ])('knows %s', (name, id) => {
    expect(findDevice(name)?.id).toBe(id);
  });

  it.each(['NVIDIA GeForce RTX 4090 D', 'NVIDIA GeForce RTX 4090 Laptop GPU', 'NVIDIA GB10', 'AMD Instinct MI300X'])(
    'says nothing of %s',
    (name) => {
      expect(findDevice(name)).toBeNull();
    },
  );
});

describe('decodeLimit', () => {
  // Worked out by hand from the data sheets: bandwidth / (weights read + 1,024 tokens of KV).
  it.each([
    ['qwen2.5-7b', 'NVIDIA A100-SXM4-80GB', 144],
    ['qwen2.5-7b', 'NVIDIA H100 80GB HBM3', 236],
    ['qwen2.5-14b', 'NVIDIA H200', 170],
    ['qwen3-8b', 'NVIDIA B200', 523],
    ['qwen3-8b', 'NVIDIA L40S', 57],
    ['qwen3-14b', 'NVIDIA H100 80GB HBM3', 119],
  ])('of one %s stream on %s is %i tokens/s', (model, name, expected) => {
    const limit = decodeLimit(demand(model, name));
    expect(limit?.perSequence).toBeGreaterThan(expected * 0.985);
    expect(limit?.perSequence).toBeLessThan(expected * 1.015);
    expect(limit?.boundBy).toBe('bandwidth');
  });

  it('grows with the batch until cache or arithmetic stop it', () => {
    const at = (sequences: number) => decodeLimit(demand('qwen2.5-7b', 'NVIDIA H100 80GB HBM3', { sequences }));
    expect(at(32)?.tokensPerSecond).toBeGreaterThan(6500);
    expect(at(32)?.tokensPerSecond).toBeLessThan(6900);
    expect(at(256)?.tokensPerSecond).toBeGreaterThan(28_000);
    expect(at(256)?.tokensPerSecond).toBeLessThan(31_000);
    const endless = decodeLimit(demand('qwen2.5-7b', 'NVIDIA A100-SXM4-80GB', { sequences: 4096, contextTokens: 1 }));
    expect(endless?.boundBy).toBe('arithmetic');
  });

  it('is raised by speculation, quantisation and further devices, each by its factor at most', () => {
    const plain = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3'))?.perSequence ?? 0;
    const speculative = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3', { tokensPerStep: 2.5 }));
    expect((speculative?.perSequence ?? 0) / plain).toBeCloseTo(2.5, 9);
    const eight = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3', { quantization: 'fp8' }))?.perSequence ?? 0;
    expect(eight / plain).toBeGreaterThan(1.7);
    expect(eight / plain).toBeLessThan(2);
    const two = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3', { devices: 2 }))?.perSequence ?? 0;
    expect(two / plain).toBeCloseTo(2, 9);
  });

  it('reads the chosen experts of a mixture: few for one token, nearly all for many', () => {
    const perStep = (sequences: number) => {
      const limit = decodeLimit(demand('qwen3-30b-a3b', 'NVIDIA H100 80GB HBM3', { sequences, contextTokens: 1 }));
      return 3350e9 / (limit?.perSequence ?? 1);
    };
    // 3.04 billion weights a token without the input embedding, in 16 bits.
    expect(perStep(1) / 1e9).toBeGreaterThan(6);
    expect(perStep(1) / 1e9).toBeLessThan(6.2);
    expect(perStep(128) / 1e9).toBeGreaterThan(59);
    expect(perStep(128) / 1e9).toBeLessThan(61);
  });

  it('counts a hybrid’s cache of its full-attention layers only', () => {
    const at = (contextTokens: number) =>
      decodeLimit(demand('qwen3.5-9b', 'NVIDIA H100 80GB HBM3', { contextTokens }))?.perSequence ?? 0;
    const full = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3', { contextTokens: 100_000 }))?.perSequence ?? 0;
    expect(at(100_000)).toBeGreaterThan(full);
    expect(at(1) / at(100_000)).toBeLessThan(1.3);
  });

  it('scales exact weights of a file by the share that is read', () => {
    const exact = decodeLimit(demand('qwen3-8b', 'NVIDIA H100 80GB HBM3', { weightBytes: 5e9, contextTokens: 0 }));
    const parameters = 8_190_735_360;
    const read = (5e9 * (parameters - 151_936 * 4096)) / parameters;
    expect(exact?.perSequence).toBeCloseTo(3350e9 / read, 6);
  });

  it('is not known for dimensions that are not known, and has no arithmetic limit without operations', () => {
    expect(decodeLimit(demand('qwen3.8-2.4t-a95b', 'NVIDIA B200'))).toBeNull();
    expect(decodeLimit(demand('qwen3-8b', 'NVIDIA B200', { quantization: 'mystery' }))).toBeNull();
    const device = measuredProcessor(50e9);
    expect(decodeLimit(demand('qwen3-8b', 'NVIDIA B200', { device, sequences: 1e6, contextTokens: 0 }))?.boundBy).toBe(
      'bandwidth',
    );
    expect(prefillLimit(demand('qwen3-8b', 'NVIDIA B200', { device }))).toBeNull();
  });
});

describe('prefillLimit', () => {
  it.each([
    ['qwen2.5-7b', 'NVIDIA H100 80GB HBM3', 75.8e3],
    ['qwen2.5-14b', 'NVIDIA A100-SXM4-80GB', 11.8e3],
    ['qwen3-8b', 'NVIDIA B200', 162e3],
    ['qwen3-14b', 'NVIDIA GeForce RTX 4090', 6.2e3],
  ])('of %s on %s is %i tokens/s', (model, name, expected) => {
    const limit = prefillLimit(demand(model, name)) ?? 0;
    expect(limit / expected).toBeGreaterThan(0.985);
    expect(limit / expected).toBeLessThan(1.015);
  });

  it('doubles with 8-bit weights on a device that multiplies them', () => {
    const ratio = (name: string) =>
      (prefillLimit(demand('qwen3-8b', name, { quantization: 'fp8' })) ?? 0) /
      (prefillLimit(demand('qwen3-8b', name)) ?? 1);
    expect(ratio('NVIDIA H100 80GB HBM3')).toBeCloseTo(2, 2);
    expect(ratio('NVIDIA A100-SXM4-80GB')).toBe(1);
  });
});

interface PublishedRow {
  readonly model: string;
  readonly architecture: string;
  readonly gpu: string;
  readonly gpus: number | null;
  readonly quantization: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tokensPerSecond: number | null;
  readonly speedCounts: string;
}

describe('the published speeds', () => {
  const { rows } = JSON.parse(
    readFileSync(new URL('../../bench/data/official-speed.json', import.meta.url), 'utf8'),
  ) as { readonly rows: readonly PublishedRow[] };

  it('are all possible: none decodes faster than the limit, and none is so far below it that it would be none', () => {
    const shares = rows.flatMap((row) => {
      if (row.tokensPerSecond === null || row.gpus === null) return [];
      const limit = decodeLimit(
        demand(row.architecture, row.gpu, {
          quantization: row.quantization,
          devices: row.gpus,
          // The context at the start: the fastest the stream ever is.
          contextTokens: row.inputTokens,
        }),
      );
      if (limit === null) throw new Error(`no limit for ${row.model}`);
      // Where prompt tokens are counted too, the generated ones are this share of them.
      const share = row.speedCounts === 'generated' ? 1 : row.outputTokens / (row.inputTokens + row.outputTokens);
      return [{ row, share: (row.tokensPerSecond * share) / limit.perSequence }];
    });
    expect(shares.length).toBeGreaterThan(460);
    expect(shares.filter(({ share }) => share > 1)).toEqual([]);
    expect(Math.max(...shares.map(({ share }) => share))).toBeGreaterThan(0.6);
  });
});
