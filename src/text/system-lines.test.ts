import { describe, expect, it } from 'vitest';
import type { RunMemory } from '../core/run-memory.ts';
import { estimateOf as estimate, none, noPercentiles, noSeries, unmeasured } from '../../test/support/system-report.ts';
import { formatMemory, systemLines } from './system-lines.ts';

describe('systemLines', () => {
  it('says why nothing was measured, and invents nothing', () => {
    expect(systemLines(unmeasured)).toEqual([
      'memory: not measured: the engine runs on another machine',
      'limited by: not known: no reading was taken',
    ]);
  });

  it('shows each figure with its interval or the number of its readings', () => {
    const card = {
      id: 'GPU-1',
      name: 'NVIDIA H100',
      memoryTotalBytes: none,
      memoryUsedBytes: noSeries,
      engineBytes: noSeries,
      utilization: { peak: none, mean: estimate(0.9, 0.05) },
      memoryUtilization: noSeries,
      powerWatts: { peak: none, mean: estimate(431, 12) },
    };
    const lines = systemLines({
      ...unmeasured,
      memory: {
        ...unmeasured.memory,
        expectedBytes: { weights: 14 * 2 ** 30, cache: 2 ** 30, state: 0, overhead: 0, total: 15 * 2 ** 30 },
        engineBytes: { peak: { value: 15.5 * 2 ** 30, readings: 40 }, mean: estimate(15 * 2 ** 30, 2 ** 20) },
        where: 'gpu',
        meaning: 'held on one card',
        kvUsage: { peak: { value: 0.314, readings: 40 }, mean: none },
      },
      gpus: [card, { ...card, id: 'GPU-2', name: null, utilization: noSeries, powerWatts: noSeries }],
      processors: { ...unmeasured.processors, engineCores: { peak: none, mean: estimate(1.5, 0.1) } },
      cost: { ...unmeasured.cost, joulesPerCorrect: estimate(12, 3), pricePerThousandSamples: estimate(0.4, 0.05) },
      throughput: { ...unmeasured.throughput, outputTokensPerSecond: estimate(1234, 56) },
      latency: { ...unmeasured.latency, timeToFirstTokenMs: { ...noPercentiles, p50: estimate(80, 5) } },
      energyJoules: { value: 1234.5, readings: 40 },
    });
    expect(lines).toEqual([
      'memory: peak 15.50 GiB, mean 15.00 GiB, expected 15.00 GiB of which weights 14.00 GiB (held on one card, 40 readings); KV cache at most 31.4 % in use',
      'card NVIDIA H100: busy 90 % [85, 95], 431 [419, 443] W',
      'card GPU-2: too few readings under load',
      'throughput: output 1234 [1178, 1290] tokens/s',
      'first token: p50 80.0 [75.0, 85.0] ms',
      'processor cores: engine 1.50 [1.40, 1.60]',
      'energy: 1235 J, idle power included',
      'cost: 12 [9, 15] J a right answer, 0.4 [0.35, 0.45] for 1,000 samples',
      'limited by: not known: no reading was taken',
    ]);
  });

  it('names the place where the meaning of a peak is not told', () => {
    const memory = {
      ...unmeasured.memory,
      engineBytes: { peak: { value: 2 ** 30, readings: 1 }, mean: none },
      where: 'host' as const,
    };
    expect(systemLines({ ...unmeasured, memory })[0]).toBe('memory: peak 1.00 GiB (host, one reading)');
  });
});

describe('formatMemory', () => {
  const memory: RunMemory = {
    architecture: null,
    quantization: null,
    kvType: 'auto',
    sequences: 64,
    contextTokens: 32_768,
    estimate: {
      weightBytes: 15 * 2 ** 30,
      kvBytes: 288 * 2 ** 30,
      stateBytes: 0,
      overheadBytes: 2 * 2 ** 30,
      totalBytes: 305 * 2 ** 30,
      isRough: false,
    },
    fit: { fits: true, availableBytes: 72 * 2 ** 30, cacheTokens: 400_000, fullSequences: 12, source: '90 % of H100' },
  };

  it('says what is needed and what has room', () => {
    expect(formatMemory(memory)).toBe(
      'memory: expects 305.00 GiB (weights 15.00 GiB, cache 288.00 GiB for 64 × 32768 tokens, overhead 2.00 GiB): 12 of 64 sequences of full length fit in 72.00 GiB, 90 % of H100',
    );
    const small = {
      ...memory.estimate,
      stateBytes: 2 ** 30,
      totalBytes: 2 ** 30,
      isRough: true,
    } as RunMemory['estimate'];
    expect(formatMemory({ ...memory, estimate: small })).toMatch(
      /expects about 1\.00 GiB .*state 1\.00 GiB.*: fits in 72\.00 GiB/,
    );
  });

  it('says that it is too much, or not known', () => {
    const fit = { fits: false, availableBytes: 2 ** 33, cacheTokens: 0, fullSequences: 0, source: 'this machine' };
    expect(formatMemory({ ...memory, fit })).toMatch(/: too much for 8\.00 GiB, this machine$/);
    expect(formatMemory({ ...memory, fit: { unavailable: 'it runs already' } })).toMatch(/; it runs already$/);
    expect(formatMemory({ ...memory, estimate: { unavailable: 'no dimensions' } })).toBe(
      'memory: not estimated: no dimensions',
    );
  });
});
