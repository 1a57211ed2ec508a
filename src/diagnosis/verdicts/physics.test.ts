import { describe, expect, it } from 'vitest';
import type { RunMemory } from '../../core/run-memory.ts';
import type { SystemReport } from '../../core/system-report.ts';
import { findModel } from '../../presets/find-model.ts';
import { diagnosedRun } from '../../../test/support/diagnosed-run.ts';
import { runDocument, taskPlan } from '../../../test/support/recorded-run.ts';
import { estimateOf, none, noPercentiles, noSeries, unmeasured } from '../../../test/support/system-report.ts';
import { clientLimited } from './client-limited.ts';
import { impossibleMemory } from './impossible-memory.ts';
import { impossibleSpeed } from './impossible-speed.ts';
import { slowDecode } from './slow-decode.ts';

const gibibyte = 2 ** 30;
const peakOf = (value: number) => ({ peak: { value, readings: 20 }, mean: none });

interface Measured {
  readonly model?: string;
  readonly quantization?: string | null;
  readonly weightBytes?: number;
  readonly system?: Partial<SystemReport>;
}

/** A run of a known model with these system figures. */
function runOf({ model = 'qwen2_5_7b_instruct', quantization = null, weightBytes, system = {} }: Measured) {
  const found = findModel(model).match?.model.architecture;
  const memory: RunMemory = {
    architecture: found ?? null,
    quantization,
    kvType: 'auto',
    sequences: 1,
    contextTokens: 4096,
    estimate:
      weightBytes === undefined
        ? { unavailable: 'not asked' }
        : { weightBytes, kvBytes: 0, stateBytes: 0, overheadBytes: 0, totalBytes: weightBytes, isRough: false },
    fit: { unavailable: 'not asked' },
  };
  const run = diagnosedRun({ document: { ...runDocument('r', [taskPlan('gsm8k')]), memory }, records: [] });
  return { ...run, result: { ...run.result, system: { ...unmeasured, ...system } } };
}

const cardOf = (
  name: string,
  fields: Partial<Exclude<SystemReport['gpus'], { unavailable: string }>[number]> = {},
) => ({
  id: `GPU-${name}`,
  name,
  memoryTotalBytes: { value: 80 * gibibyte, readings: 20 },
  memoryUsedBytes: noSeries,
  engineBytes: peakOf(20 * gibibyte),
  utilization: noSeries,
  memoryUtilization: noSeries,
  powerWatts: noSeries,
  ...fields,
});

const onCard = (engineBytes: number, gpus: SystemReport['gpus'] = [cardOf('NVIDIA H100 80GB HBM3')]) => ({
  memory: {
    ...unmeasured.memory,
    engineBytes: peakOf(engineBytes),
    where: 'gpu' as const,
    meaning: 'held on one card',
  },
  gpus,
});

const decodingAt = (tokensPerSecond: number, concurrency = 1) => ({
  ...onCard(20 * gibibyte),
  latency: {
    ...unmeasured.latency,
    streamTokensPerSecond: { ...noPercentiles, p50: estimateOf(tokensPerSecond, 1) },
  },
  throughput: { ...unmeasured.throughput, concurrency: peakOf(concurrency) },
});

describe('impossible_memory', () => {
  it('refuses memory below the weights, as a well-known tracker shows it for a model of 7.6 billion parameters', () => {
    const [verdict] = impossibleMemory.judge(runOf({ system: onCard(5.87e9) }));
    expect(verdict).toMatchObject({ id: 'impossible_memory', severity: 'error' });
    expect(verdict?.summary).toBe(
      'memory of 5.47 GiB is impossible: the weights alone are 14.19 GiB, and the reading leaves 6.2 bits a weight',
    );
    expect(verdict?.evidence).toMatchObject({ measuredBytes: 5.87e9, counted: 'held on one card' });
  });

  it('has nothing against the same reading under a quantisation that explains it, nor against more', () => {
    expect(impossibleMemory.judge(runOf({ quantization: 'gptq_int4', system: onCard(5.87e9) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({ system: onCard(15 * gibibyte) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({ weightBytes: 5e9, system: onCard(5.87e9) }))).toEqual([]);
  });

  it('refuses more memory than the card has', () => {
    const card = cardOf('NVIDIA H100 80GB HBM3', { memoryUsedBytes: peakOf(81 * gibibyte) });
    const [verdict] = impossibleMemory.judge(runOf({ system: onCard(20 * gibibyte, [card]) }));
    expect(verdict?.summary).toBe('memory of 81.00 GiB is impossible: NVIDIA H100 80GB HBM3 has 80.00 GiB');
  });

  it('calls a card by its id where it has no name', () => {
    const card = { ...cardOf('', { memoryUsedBytes: peakOf(81 * gibibyte) }), id: 'GPU-7', name: null };
    const fine = cardOf('NVIDIA H100 80GB HBM3', { memoryUsedBytes: peakOf(79 * gibibyte) });
    const dark = cardOf('NVIDIA H100 80GB HBM3', { memoryTotalBytes: none, memoryUsedBytes: peakOf(81 * gibibyte) });
    const [verdict, ...more] = impossibleMemory.judge(runOf({ system: onCard(20 * gibibyte, [fine, dark, card]) }));
    expect(verdict?.summary).toBe('memory of 81.00 GiB is impossible: GPU-7 has 80.00 GiB');
    expect(more).toEqual([]);
  });

  it('says only what it knows of bits a weight and of what was counted', () => {
    const run = runOf({ weightBytes: 15e9, system: onCard(5e9) });
    const { memory } = run.document;
    if (memory === undefined || run.result.system === null) throw new Error('not measured');
    const architecture = { ...(memory.architecture as object), parameters: null };
    const system = { ...run.result.system, memory: { ...run.result.system.memory, meaning: null } };
    const [verdict] = impossibleMemory.judge({
      ...run,
      document: { ...run.document, memory: { ...memory, architecture } },
      result: { ...run.result, system },
    });
    expect(verdict?.summary).toBe('memory of 4.66 GiB is impossible: the weights alone are 13.97 GiB');
    expect(verdict?.evidence).toEqual({ measuredBytes: 5e9, weightBytes: 15e9 });
  });

  it('judges the host’s memory of an engine on its processor alone, but for experts nobody chose', () => {
    const onHost = (bytes: number, bandwidth: SystemReport['processors']['memoryBandwidth']) => ({
      memory: { ...unmeasured.memory, engineBytes: peakOf(bytes), where: 'host' as const, meaning: 'resident' },
      processors: { ...unmeasured.processors, memoryBandwidth: bandwidth },
    });
    const measured = { value: 2e10, readings: 1 };
    expect(impossibleMemory.judge(runOf({ system: onHost(5e9, measured) }))).toHaveLength(1);
    expect(impossibleMemory.judge(runOf({ system: onHost(5e9, none) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({ model: 'qwen3_30b_a3b', system: onHost(5e9, measured) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({ system: onHost(14 * gibibyte, measured) }))).toEqual([]);
    // Without the dimensions nothing is known of what a token reads.
    const run = runOf({ weightBytes: 15e9, system: onHost(5e9, measured) });
    const { memory } = run.document;
    if (memory === undefined) throw new Error('no memory');
    const architecture = { ...(memory.architecture as object), layers: null };
    const document = { ...run.document, memory: { ...memory, architecture } };
    expect(impossibleMemory.judge(run)).toHaveLength(1);
    expect(impossibleMemory.judge({ ...run, document })).toEqual([]);
  });

  it('says nothing of a run that was not measured, or of an unknown model', () => {
    const run = runOf({ system: onCard(1) });
    expect(impossibleMemory.judge({ ...run, result: { ...run.result, system: null } })).toEqual([]);
    expect(impossibleMemory.judge(runOf({ model: 'nobody’s', system: onCard(1) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({ quantization: 'mystery', system: onCard(1) }))).toEqual([]);
    expect(impossibleMemory.judge(runOf({}))).toEqual([]);
  });
});

describe('impossible_speed', () => {
  it('refuses a stream that is faster than the weights can be read', () => {
    const [verdict] = impossibleSpeed.judge(runOf({ system: decodingAt(400) }));
    expect(verdict).toMatchObject({ severity: 'error', evidence: { device: 'h100', tokensPerStep: 1 } });
    expect(verdict?.summary).toBe('decoding of 400 tokens/s is impossible: H100 allows 237 tokens/s');
    expect(impossibleSpeed.judge(runOf({ system: decodingAt(200) }))).toEqual([]);
  });

  it('leaves more head room where the bandwidth of a processor was measured by copying', () => {
    const host = (tokensPerSecond: number) => ({
      ...decodingAt(tokensPerSecond),
      gpus: none,
      memory: unmeasured.memory,
      processors: { ...unmeasured.processors, memoryBandwidth: { value: 1.5e11, readings: 1 } },
    });
    const verdicts = (tokensPerSecond: number) => impossibleSpeed.judge(runOf({ system: host(tokensPerSecond) }));
    expect(verdicts(14)).toEqual([]);
    expect(verdicts(20)).toHaveLength(1);
  });

  it('allows it with speculative decoding that is counted, or on more cards', () => {
    const fast = decodingAt(400);
    const speculative = { ...fast, throughput: { ...fast.throughput, tokensPerStep: { value: 2, readings: 5 } } };
    expect(impossibleSpeed.judge(runOf({ system: speculative }))).toEqual([]);
    const two = [cardOf('NVIDIA H100 80GB HBM3'), { ...cardOf('NVIDIA H100 80GB HBM3'), id: 'GPU-2' }];
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: two } }))).toEqual([]);
    const [verdict] = impossibleSpeed.judge(runOf({ system: { ...decodingAt(900), gpus: two } }));
    expect(verdict?.summary).toContain('2 × H100 allows');
  });

  it('refuses a throughput above what the batch allows', () => {
    const system = (tokensPerSecond: number) => ({
      ...decodingAt(50, 8),
      throughput: {
        ...unmeasured.throughput,
        concurrency: peakOf(8),
        outputTokensPerSecond: estimateOf(tokensPerSecond, 10),
      },
    });
    const [verdict] = impossibleSpeed.judge(runOf({ system: system(5000) }));
    expect(verdict?.summary).toMatch(/^throughput at 8 requests of 5000 tokens\/s is impossible/);
    expect(impossibleSpeed.judge(runOf({ system: system(1200) }))).toEqual([]);
  });

  it('refuses prompts above the arithmetic, less what a cache held; without a count it only says so', () => {
    const system = (counted: Record<string, number> | null) => ({
      ...onCard(20 * gibibyte),
      throughput: { ...unmeasured.throughput, promptTokensPerSecond: estimateOf(150_000, 10) },
      engineMetrics: counted === null ? none : { dialect: 'vllm', names: {}, counted },
    });
    const severities = (counted: Record<string, number> | null) =>
      impossibleSpeed.judge(runOf({ system: system(counted) })).map(({ severity }) => severity);
    expect(severities(null)).toEqual(['info']);
    expect(severities({})).toEqual(['info']);
    expect(severities({ prefixQueriedTokens: 100, prefixHitTokens: 10 })).toEqual(['error']);
    expect(severities({ prefixQueriedTokens: 100, prefixHitTokens: 90 })).toEqual([]);
    expect(severities({ promptTokens: 100, cachedPromptTokens: 90 })).toEqual([]);
  });

  it('says nothing of a device it does not know, or of cards of two kinds', () => {
    const fast = decodingAt(4000);
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: [cardOf('Mystery 9000')] } }))).toEqual([]);
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: [{ ...cardOf(''), name: null }] } }))).toEqual([]);
    const mixed = [cardOf('NVIDIA H100 80GB HBM3'), cardOf('NVIDIA L40S')];
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: mixed } }))).toEqual([]);
    const alone = [cardOf('NVIDIA H100 80GB HBM3', { engineBytes: noSeries })];
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: alone } }))).toHaveLength(1);
    const apart = [...alone, cardOf('NVIDIA H100 80GB HBM3', { engineBytes: noSeries })];
    expect(impossibleSpeed.judge(runOf({ system: { ...fast, gpus: apart } }))).toEqual([]);
  });
});

describe('slow_decode', () => {
  it('warns of decoding far below the limit at the run’s concurrency, with likely causes', () => {
    const [verdict] = slowDecode.judge(runOf({ system: decodingAt(20) }));
    expect(verdict).toMatchObject({ severity: 'warning', evidence: { requests: 1, boundBy: 'bandwidth' } });
    expect(verdict?.summary).toBe(
      'decoding at 20.0 tokens/s a request is 8 % of the 237 that H100 allows at a concurrency of 1',
    );
    expect(verdict?.advice).toContain('eager mode');
    expect(slowDecode.judge(runOf({ system: decodingAt(100) }))).toEqual([]);
  });

  it('expects less of each request in company: together they read nearly all experts', () => {
    const model = 'qwen3_30b_a3b';
    const at = (concurrency: SystemReport['throughput']['concurrency']) => {
      const system = decodingAt(40);
      return slowDecode.judge(
        runOf({ model, system: { ...system, throughput: { ...system.throughput, concurrency } } }),
      );
    };
    expect(at(peakOf(64))).toEqual([]);
    expect(at(peakOf(1))).toHaveLength(1);
    expect(at({ peak: none, mean: estimateOf(1, 0) })).toHaveLength(1);
    expect(at({ peak: none, mean: estimateOf(64, 0) })).toEqual([]);
  });

  it('names the processor’s causes, or the client’s where that was the limit', () => {
    const system = {
      ...decodingAt(1),
      gpus: none,
      memory: unmeasured.memory,
      processors: { ...unmeasured.processors, memoryBandwidth: { value: 1e11, readings: 1 } },
    };
    expect(slowDecode.judge(runOf({ system }))[0]?.advice).toContain('--threads');
    const bottleneck = { kind: 'client' as const, summary: 'client-limited: busy', evidence: {} };
    expect(slowDecode.judge(runOf({ system: { ...system, bottleneck } }))[0]?.advice).toContain('--max-connections');
  });

  it('says nothing without a speed or a number of requests', () => {
    expect(slowDecode.judge(runOf({ system: onCard(20 * gibibyte) }))).toEqual([]);
    const unknown = { ...decodingAt(1), throughput: unmeasured.throughput };
    expect(slowDecode.judge(runOf({ system: unknown }))).toEqual([]);
    expect(slowDecode.judge(runOf({ model: 'nobody’s', system: decodingAt(1) }))).toEqual([]);
  });

  it('takes the mean context of the answers into account', () => {
    const run = runOf({ system: decodingAt(58, 1) });
    const task = run.result.tasks[0];
    if (!task) throw new Error('no task');
    const long = {
      ...run.result,
      usage: { ...run.result.usage, promptTokens: 100 * 100_000, completionTokens: 0 },
      tasks: [{ ...task, counts: { ...task.counts, scored: 100 } }],
    };
    expect(slowDecode.judge(run)).toHaveLength(1);
    expect(slowDecode.judge({ ...run, result: long })).toEqual([]);
  });
});

describe('client_limited', () => {
  it('repeats what limited the run when it was the client', () => {
    const bottleneck = {
      kind: 'client' as const,
      summary: 'client-limited: busy',
      evidence: { eventLoopUtilization: 1 },
    };
    const telemetry = { sittings: 1, readings: 30, problems: {} };
    expect(clientLimited.judge(runOf({ system: { bottleneck, telemetry } }))).toMatchObject([
      { severity: 'warning', summary: 'client-limited: busy', evidence: { eventLoopUtilization: 1 } },
    ]);
    expect(clientLimited.judge(runOf({ system: { telemetry } }))).toEqual([]);
    const short = { ...telemetry, readings: 3 };
    expect(clientLimited.judge(runOf({ system: { bottleneck, telemetry: short } }))).toEqual([]);
  });
});
