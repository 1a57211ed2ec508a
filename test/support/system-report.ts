import type { SystemReport } from '../../src/core/system-report.ts';

/** A figure that was not measured. */
export const none = { unavailable: 'not measured' } as const;
/** A series that was not measured. */
export const noSeries = { peak: none, mean: none };
/** Percentiles that were not measured. */
export const noPercentiles = { p50: none, p95: none, p99: none };
/** An estimate with a half-width. */
export const estimateOf = (value: number, half: number) => ({
  value,
  low: value - half,
  high: value + half,
  level: 0.95,
  method: 'batch-means-t',
  n: 10,
});

/** The system figures of a run of which nothing was measured. */
export const unmeasured: SystemReport = {
  telemetry: { sittings: 1, readings: 0, problems: {} },
  memory: {
    expectedBytes: none,
    engineBytes: { peak: { unavailable: 'not measured: the engine runs on another machine' }, mean: none },
    where: null,
    meaning: null,
    hostBytes: noSeries,
    kvUsage: noSeries,
    kvCapacityTokens: none,
  },
  gpus: none,
  processors: { engineCores: noSeries, clientCores: noSeries, memoryBandwidth: none },
  throughput: {
    outputTokensPerSecond: none,
    promptTokensPerSecond: none,
    requestsPerSecond: none,
    concurrency: noSeries,
    tokensPerStep: none,
  },
  cost: {
    joulesPerThousandSamples: none,
    joulesPerCorrect: none,
    pricePerThousandSamples: none,
    pricePerCorrect: none,
  },
  latency: {
    timeToFirstTokenMs: noPercentiles,
    gapMs: noPercentiles,
    requestMs: noPercentiles,
    streamTokensPerSecond: noPercentiles,
  },
  engineMetrics: none,
  energyJoules: none,
  client: { eventLoopUtilization: noSeries, eventLoopLagP99Ms: noSeries },
  bottleneck: { kind: 'unknown', summary: 'not known: no reading was taken', evidence: {} },
};
