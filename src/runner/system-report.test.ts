import { describe, expect, it } from 'vitest';
import { systemReportSchema, type SystemReport } from '../core/system-report.ts';
import type { EngineReading, GpuReading } from '../core/telemetry-record.ts';
import { GapHistogram, GapTotals } from '../telemetry/gap-histogram.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';
import { recordOf } from '../../test/support/timed-record.ts';
import type { Prices } from './run-cost.ts';
import { RequestTimeline } from './request-timeline.ts';
import { systemReport } from './system-report.ts';

const gibibyte = 2 ** 30;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

type Tick = TelemetryLog['ticks'][number];

const tick = (second: number, fields: Partial<Tick> = {}): Tick => ({
  kind: 'tick',
  atMs: second * 1000,
  time: new Date(startMs + second * 1000).toISOString(),
  sitting: 0,
  load: { inFlight: 8, limit: 8, scoring: 0 },
  client: { cpuCores: 0.2, rssBytes: gibibyte, eventLoopUtilization: 0.1 + 0.01 * (second % 3), eventLoopLagP99Ms: 1 },
  host: null,
  gpus: null,
  engine: null,
  problems: {},
  ...fields,
});

const card = (fields: Partial<GpuReading> = {}): GpuReading => ({
  id: 'GPU-1',
  name: 'NVIDIA H100 80GB HBM3',
  memoryUsedBytes: 20 * gibibyte,
  memoryTotalBytes: 80 * gibibyte,
  utilization: 0.9,
  memoryUtilization: 0.5,
  powerWatts: 400,
  temperatureCelsius: 60,
  engineMemoryBytes: null,
  isPartitioned: false,
  ...fields,
});

const quiet: EngineReading = {
  runningRequests: 8,
  waitingRequests: 0,
  kvUsage: 0.2,
  kvCapacityTokens: 100_000,
  promptTokens: null,
  cachedPromptTokens: null,
  generatedTokens: null,
  finishedRequests: null,
  preemptions: null,
  prefixQueriedTokens: null,
  prefixHitTokens: null,
  drafts: null,
  draftedTokens: null,
  acceptedTokens: null,
  stepTokens: null,
  firstTokenSeconds: null,
  firstTokenCount: null,
  gapSeconds: null,
  gapCount: null,
  queueSeconds: null,
  queueCount: null,
  prefillSeconds: null,
  decodeSeconds: null,
};

const seconds = (count: number, fields: (second: number) => Partial<Tick>): readonly Tick[] =>
  Array.from({ length: count }, (_, second) => tick(second, fields(second)));

const logOf = (ticks: readonly Tick[], fields: Partial<TelemetryLog> = {}): TelemetryLog => ({
  sittings: 1,
  ticks,
  gaps: new GapTotals(),
  metrics: null,
  memoryBandwidth: null,
  problems: {},
  ...fields,
});

/** Requests one after the other, 100 ms to the first token and 100 tokens in the second after it. */
function timelineOf(count: number): RequestTimeline {
  const timeline = new RequestTimeline();
  for (let index = 0; index < count; index++) timeline.add(recordOf({ startMs: startMs + index * 1100, tokens: 100 }));
  return timeline;
}

const noPrices: Prices = { perHour: null, perKwh: null };

const report = (log: TelemetryLog, timeline = timelineOf(40), prices = noPrices): SystemReport =>
  systemReportSchema.parse(systemReport(log, timeline, { memory: undefined, logged: null, prices }));

const logged = {
  scope: 'accelerator' as const,
  weightsBytes: 15 * gibibyte,
  kvCacheBytes: 51 * gibibyte,
  kvCacheTokens: 374_640,
  maximumConcurrency: 11.43,
  activationBytes: null,
  graphBytes: null,
  evidence: ['a line'],
};

describe('systemReport', () => {
  it('repeats what a started server logged of its memory, and says when it logged nothing', () => {
    const facts = { memory: undefined, logged, prices: noPrices };
    const { memory } = systemReportSchema.parse(systemReport(logOf([]), timelineOf(40), facts));
    expect(memory.loggedBytes).toEqual({
      scope: 'accelerator',
      weights: 15 * gibibyte,
      cache: 51 * gibibyte,
      activations: null,
      graphs: null,
    });
    expect(report(logOf([])).memory.loggedBytes).toEqual({
      unavailable: 'the engine logs no sizes that qwen-eval reads',
    });
  });

  it('takes the engine’s memory from its processes, summed over cards and apart from others’', () => {
    const { memory, gpus } = report(
      logOf(
        seconds(20, (second) => ({
          gpus: [
            card({ engineMemoryBytes: (10 + (second % 2)) * gibibyte }),
            card({ id: 'GPU-2', engineMemoryBytes: 9 * gibibyte }),
            card({ id: 'GPU-3', engineMemoryBytes: 0, memoryUsedBytes: 70 * gibibyte }),
          ],
        })),
      ),
    );
    expect(memory.engineBytes.peak).toEqual({ value: 20 * gibibyte, readings: 20 });
    expect(memory.engineBytes.mean).toMatchObject({ value: 19.5 * gibibyte });
    expect(memory).toMatchObject({ where: 'gpu', meaning: expect.stringContaining('2 cards') });
    expect(gpus).toHaveLength(3);
    expect(gpus).toMatchObject({ 2: { memoryUsedBytes: { peak: { value: 70 * gibibyte } } } });
  });

  it('takes all of the only card where processes are not told apart, and says so', () => {
    const { memory } = report(logOf(seconds(12, () => ({ gpus: [card()] }))));
    expect(memory.engineBytes.peak).toEqual({ value: 20 * gibibyte, readings: 12 });
    expect(memory.engineBytes.mean).toMatchObject({ value: 20 * gibibyte, method: 'all-equal' });
    expect(memory.meaning).toContain('whoever uses it');
  });

  it('has no memory of the engine where cards or instances cannot be told apart, nor a driver asked', () => {
    const two = report(logOf(seconds(12, () => ({ gpus: [card(), card({ id: 'GPU-2' })] }))));
    expect(two.memory.engineBytes.peak).toEqual({
      unavailable: 'there are 2 cards, and the driver does not say which of them the engine uses',
    });
    expect(two.energyJoules).toEqual({ unavailable: 'the driver gives no power' });
    const split = report(logOf(seconds(12, () => ({ gpus: [card({ isPartitioned: true })] }))));
    expect(split.memory.engineBytes.peak).toMatchObject({ unavailable: expect.stringContaining('instances') });
    expect(split.energyJoules).toEqual({ unavailable: 'the driver gives no power' });
    const hung = 'nvidia-smi gave no answer within 5 s';
    const stuck = report(
      logOf(
        seconds(12, () => ({ problems: { gpus: hung }, host: { processes: 1, rssBytes: gibibyte, cpuCores: 1 } })),
        { problems: { gpus: hung } },
      ),
    );
    expect(stuck.memory).toMatchObject({ engineBytes: { peak: { unavailable: hung } }, where: null });
    expect(stuck.gpus).toEqual({ unavailable: hung });
    const untold = report(logOf(seconds(12, () => ({ gpus: [card({ memoryUsedBytes: null })] }))));
    expect(untold.memory).toMatchObject({
      engineBytes: { peak: { unavailable: 'the driver does not say' } },
      where: null,
    });
  });

  it('takes the processes’ resident memory where no card is used', () => {
    const host = { processes: 2, rssBytes: 3 * gibibyte, cpuCores: 2 };
    const { memory, processors } = report(
      logOf(
        seconds(12, () => ({ host, problems: { gpus: 'neither nvidia-smi nor rocm-smi is installed' } })),
        { problems: { gpus: 'neither nvidia-smi nor rocm-smi is installed' } },
      ),
    );
    expect(memory).toMatchObject({ engineBytes: { peak: { value: 3 * gibibyte } }, where: 'host' });
    expect(processors.engineCores.peak).toEqual({ value: 2, readings: 12 });
  });

  it('says of an engine elsewhere that its memory is not measured', () => {
    const elsewhere = 'not measured: the engine runs on another machine';
    const { memory, gpus } = report(
      logOf(
        seconds(12, () => ({})),
        { problems: { host: elsewhere, gpus: elsewhere } },
      ),
    );
    expect(memory).toMatchObject({ engineBytes: { peak: { unavailable: elsewhere } }, where: null, meaning: null });
    expect(gpus).toEqual({ unavailable: elsewhere });
  });

  it('integrates power over time, within sittings only', () => {
    const powered = (second: number, sitting: number, watts: number) =>
      tick(second, { sitting, gpus: [card({ powerWatts: watts })] });
    const log = logOf(
      [powered(0, 0, 100), powered(1, 0, 300), powered(2, 0, 300), powered(500, 1, 300), powered(501, 1, 100)],
      {
        sittings: 2,
      },
    );
    expect(report(log).energyJoules).toEqual({ value: 200 + 300 + 200, readings: 4 });
    const gap = logOf([powered(0, 0, 100), powered(60, 0, 100)]);
    expect(report(gap).energyJoules).toEqual({ unavailable: 'the driver gives no power' });
  });

  it('rates tokens over the time requests were in flight, and gives none for too few requests or unknown tokens', () => {
    const { throughput } = report(logOf([]));
    expect(throughput.outputTokensPerSecond).toMatchObject({ n: 10 });
    expect((throughput.outputTokensPerSecond as { value: number }).value).toBeCloseTo(100 / 1.1, 6);
    expect((throughput.requestsPerSecond as { value: number }).value).toBeCloseTo(1 / 1.1, 6);
    expect(report(logOf([]), timelineOf(3)).throughput.outputTokensPerSecond).toEqual({
      unavailable: 'a rate needs 20 requests or more, there are 3',
    });
    const silent = new RequestTimeline();
    for (let index = 0; index < 30; index++) silent.add(recordOf({ startMs: startMs + index, tokens: null }));
    expect(report(logOf([]), silent).throughput.outputTokensPerSecond).toEqual({
      unavailable: 'the engine did not report the tokens of every request',
    });
  });

  it('gives percentiles of first tokens by request and of gaps pooled, where there are enough requests', () => {
    const histogram = new GapHistogram();
    for (let gap = 1; gap <= 100; gap++) histogram.add(gap);
    const gaps = new GapTotals();
    gaps.add(histogram.take());
    const { latency } = report(logOf([], { gaps }));
    expect(latency.timeToFirstTokenMs.p50).toMatchObject({ value: 100, n: 40, method: 'order-statistics' });
    expect((latency.gapMs.p50 as { value: number }).value).toBeCloseTo(50, -0.5);
    expect(latency.gapMs.p99).toEqual({ unavailable: 'p99 needs 1000 requests or more, there are 40' });
    expect(report(logOf([])).latency.gapMs.p50).toEqual({ unavailable: 'no request streamed more than one chunk' });
  });

  it('counts what the engine’s metrics grew by in each sitting', () => {
    const metrics = { dialect: 'vllm', names: { generatedTokens: 'vllm:generation_tokens_total' } };
    const engine = (second: number, sitting: number, generatedTokens: number) =>
      tick(second, { sitting, engine: { ...quiet, generatedTokens } });
    const log = logOf([engine(0, 0, 100), engine(1, 0, 150), engine(9, 1, 1000), engine(10, 1, 1007)], {
      sittings: 2,
      metrics,
    });
    expect(report(log).engineMetrics).toEqual({ ...metrics, counted: { generatedTokens: 57 } });
    const restarted = logOf([engine(0, 0, 100), engine(1, 0, 3)], { metrics });
    expect(report(restarted).engineMetrics).toEqual({ unavailable: 'the engine was read fewer than twice' });
    expect(report(logOf([tick(0)], { problems: { engine: 'the engine has no metrics page' } })).engineMetrics).toEqual({
      unavailable: 'the engine has no metrics page',
    });
  });
});

describe('cost', () => {
  const watts = 360;
  const powered = logOf(seconds(60, () => ({ gpus: [card({ powerWatts: watts })] })));
  /** Forty answers in 44 s, every second one right. */
  const halfRight = (): RequestTimeline => {
    const timeline = new RequestTimeline();
    for (let index = 0; index < 40; index++)
      timeline.add(recordOf({ startMs: startMs + index * 1100, tokens: 100, score: index % 2 }));
    return timeline;
  };

  it('is what was spent in the busy time, for what was done in it', () => {
    const { cost } = report(powered, halfRight(), { perHour: 3.6, perKwh: 0.3 });
    // 44 s at 360 W over 40 samples, of which 20 are right.
    const joules = 44 * watts;
    expect((cost.joulesPerThousandSamples as { value: number }).value).toBeCloseTo((joules / 40) * 1000, 6);
    expect((cost.joulesPerCorrect as { value: number }).value).toBeCloseTo(joules / 20, 6);
    const price = (44 / 3600) * 3.6 + (joules / 3.6e6) * 0.3;
    expect((cost.pricePerThousandSamples as { value: number }).value).toBeCloseTo((price / 40) * 1000, 9);
    expect((cost.pricePerCorrect as { value: number }).value).toBeCloseTo(price / 20, 9);
    expect(cost.joulesPerCorrect).toMatchObject({ method: 'ratio-t', n: 10 });
  });

  it('is not known without power, price or enough samples', () => {
    const unpowered = logOf([], { problems: { gpus: 'not measured' } });
    expect(report(unpowered, halfRight()).cost).toEqual({
      joulesPerThousandSamples: { unavailable: 'not measured' },
      joulesPerCorrect: { unavailable: 'not measured' },
      pricePerThousandSamples: { unavailable: 'no price is given: use --price-per-hour or --price-per-kwh' },
      pricePerCorrect: { unavailable: 'no price is given: use --price-per-hour or --price-per-kwh' },
    });
    expect(report(unpowered, halfRight(), { perHour: 1, perKwh: 1 }).cost.pricePerCorrect).toEqual({
      unavailable: 'the energy was not measured, so its price is not known',
    });
    expect(report(unpowered, halfRight(), { perHour: 1, perKwh: null }).cost.pricePerCorrect).toHaveProperty('value');
    expect(report(powered, timelineOf(3)).cost.joulesPerCorrect).toEqual({
      unavailable: 'a cost needs 20 samples or more, there are 3',
    });
  });
});

describe('tokens a step', () => {
  it('are counted from drafts, or stated by the engine, or not known', () => {
    const drafting = (second: number, fields: Partial<EngineReading>) =>
      tick(second, { engine: { ...quiet, ...fields } });
    const counted = logOf([
      drafting(0, { drafts: 10, acceptedTokens: 5 }),
      drafting(1, { drafts: 110, acceptedTokens: 155 }),
    ]);
    expect(report(counted).throughput.tokensPerStep).toEqual({ value: 2.5, readings: 2 });
    const stated = logOf([drafting(0, { stepTokens: 2.1 }), drafting(1, { stepTokens: 2.2 })]);
    expect(report(stated).throughput.tokensPerStep).toEqual({ value: 2.2, readings: 2 });
    expect(report(logOf([])).throughput.tokensPerStep).toHaveProperty('unavailable');
  });
});

describe('bottleneck', () => {
  const kindOf = (fields: (second: number) => Partial<Tick>, more: Partial<TelemetryLog> = {}) =>
    report(logOf(seconds(10, fields), more)).bottleneck;

  it('is the client when its event loop is busy', () => {
    const client = { cpuCores: 1, rssBytes: 1, eventLoopUtilization: 0.97, eventLoopLagP99Ms: 80 };
    expect(kindOf(() => ({ client }))).toMatchObject({
      kind: 'client',
      summary: expect.stringMatching(/^client-limited/),
      evidence: { eventLoopUtilization: 0.97, eventLoopLagP99Ms: 80, clientCores: 1 },
    });
    const starved = kindOf(() => ({ client: { ...client, cpuCores: 0.3 } }));
    expect(starved.summary).toContain('starved by other programs');
  });

  it('is scoring when answers pile up', () => {
    expect(kindOf(() => ({ load: { inFlight: 2, limit: 64, scoring: 254 } })).kind).toBe('scoring');
  });

  it('is the KV cache when requests are thrown out of it, or wait while it is full', () => {
    expect(kindOf((second) => ({ engine: { ...quiet, preemptions: second } }))).toMatchObject({
      kind: 'kv',
      evidence: { preemptions: 9 },
    });
    expect(kindOf(() => ({ engine: { ...quiet, kvUsage: 0.99, waitingRequests: 5 } })).kind).toBe('kv');
  });

  it('is the queue, prefill or decode by the engine’s own times', () => {
    const times = (queueSeconds: number, prefillSeconds: number, decodeSeconds: number) => (second: number) => ({
      engine: {
        ...quiet,
        queueSeconds: queueSeconds * second,
        prefillSeconds: prefillSeconds * second,
        decodeSeconds: decodeSeconds * second,
      },
    });
    expect(kindOf(times(5, 1, 2)).kind).toBe('queue');
    expect(kindOf(times(0, 3, 2)).kind).toBe('prefill');
    expect(kindOf(times(0, 1, 9))).toMatchObject({ kind: 'decode', summary: expect.stringContaining('90 %') });
    expect(kindOf(() => ({ engine: { ...quiet, waitingRequests: 3 } })).kind).toBe('queue');
  });

  it('falls back on what the client saw, and else is not known', () => {
    expect(kindOf(() => ({}))).toMatchObject({ kind: 'decode', evidence: { decodeSeconds: 40 } });
    expect(report(logOf([])).bottleneck.kind).toBe('unknown');
    expect(report(logOf([tick(0)]), new RequestTimeline()).bottleneck.kind).toBe('unknown');
    expect(kindOf(() => ({ engine: { ...quiet, prefillSeconds: 0, decodeSeconds: 0 } })).kind).toBe('unknown');
  });
});
