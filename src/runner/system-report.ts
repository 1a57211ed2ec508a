import { isEstimated, unavailable, type Estimate } from '../core/estimate.ts';
import type { EngineMemory } from '../core/ports/engine.ts';
import type { RunMemory } from '../core/run-memory.ts';
import type { Percentiles, SystemReading, SystemReport } from '../core/system-report.ts';
import { batchMeans } from '../stats/batch-means.ts';
import { quantileEstimate, quantileMinimumSize, quantileRanks } from '../stats/quantile.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';
import { energyJoules } from './energy.ts';
import { runCost, type Prices } from './run-cost.ts';
import { engineCounts, tokensPerStep } from './engine-counts.ts';
import { engineMemory } from './engine-memory.ts';
import { findBottleneck } from './find-bottleneck.ts';
import { readingSeries } from './reading-series.ts';
import type { RequestTimeline, TimedRequest } from './request-timeline.ts';

type Tick = TelemetryLog['ticks'][number];

/** Puts the run's readings and its requests' times together; what is missing says why. */
export function systemReport(
  log: TelemetryLog,
  timeline: RequestTimeline,
  facts: {
    readonly memory: RunMemory | undefined;
    /** What the engine itself logged; null when it logged nothing. */
    readonly logged: EngineMemory | null;
    readonly prices: Prices;
  },
): SystemReport {
  const why = (source: string): string => log.problems[source] ?? 'the run was too short for a reading';
  const loaded = log.ticks.filter((tick) => tick.load.inFlight > 0);
  return {
    telemetry: { sittings: log.sittings, readings: log.ticks.length, problems: log.problems },
    memory: {
      expectedBytes: expectedBytes(facts.memory),
      loggedBytes: loggedBytes(facts.logged),
      ...engineMemory(log, why),
      hostBytes: readingSeries(log.ticks, (tick) => tick.host?.rssBytes, why('host')),
      kvUsage: readingSeries(log.ticks, (tick) => tick.engine?.kvUsage, why('engine')),
      kvCapacityTokens: lastReading(log.ticks, (tick) => tick.engine?.kvCapacityTokens, why('engine')),
    },
    gpus: cardReports(log, why('gpus')),
    processors: {
      engineCores: readingSeries(loaded, (tick) => tick.host?.cpuCores, why('host')),
      clientCores: readingSeries(loaded, (tick) => tick.client.cpuCores, why('client')),
      memoryBandwidth:
        log.memoryBandwidth === null
          ? unavailable('not measured: it does not limit this engine')
          : { value: log.memoryBandwidth, readings: 1 },
    },
    throughput: {
      outputTokensPerSecond: rateEstimate(timeline, (request) => ({
        amount: request.completionTokens,
        fromMs: request.firstTokenMs ?? request.startMs,
      })),
      promptTokensPerSecond: rateEstimate(timeline, (request) => ({
        amount: request.promptTokens,
        fromMs: request.startMs,
      })),
      requestsPerSecond: rateEstimate(timeline, (request) => ({ amount: 1, fromMs: request.endMs })),
      concurrency: readingSeries(loaded, (tick) => tick.load.inFlight, why('load')),
      tokensPerStep: tokensPerStep(log),
    },
    latency: latencies(log, timeline),
    engineMetrics: engineCounts(log, why('engine')),
    energyJoules: energyJoules(log, why('gpus')),
    cost: runCost(log, { timeline, prices: facts.prices, noEnergy: why('gpus') }),
    client: {
      eventLoopUtilization: readingSeries(loaded, (tick) => tick.client.eventLoopUtilization, why('client')),
      eventLoopLagP99Ms: readingSeries(loaded, (tick) => tick.client.eventLoopLagP99Ms, why('client')),
    },
    bottleneck: findBottleneck(log, timeline),
  };
}

function expectedBytes(memory: RunMemory | undefined): SystemReport['memory']['expectedBytes'] {
  if (memory === undefined) return unavailable('the run was planned without an estimate');
  const { estimate } = memory;
  if ('unavailable' in estimate) return estimate;
  const { weightBytes, kvBytes, stateBytes, overheadBytes, totalBytes } = estimate;
  return { weights: weightBytes, cache: kvBytes, state: stateBytes, overhead: overheadBytes, total: totalBytes };
}

function loggedBytes(logged: EngineMemory | null): NonNullable<SystemReport['memory']['loggedBytes']> {
  if (logged === null) return unavailable('the engine logs no sizes that qwen-eval reads');
  const { scope, weightsBytes, kvCacheBytes, activationBytes, graphBytes } = logged;
  return { scope, weights: weightsBytes, cache: kvCacheBytes, activations: activationBytes, graphs: graphBytes };
}

function lastReading(
  ticks: readonly Tick[],
  read: (tick: Tick) => number | null | undefined,
  reason: string,
): SystemReading {
  const values = ticks.map(read).filter((value) => value !== null && value !== undefined);
  const value = values.at(-1);
  return value === undefined ? unavailable(reason) : { value, readings: values.length };
}

function cardReports(log: TelemetryLog, reason: string): SystemReport['gpus'] {
  const ids = [...new Set(log.ticks.flatMap((tick) => (tick.gpus ?? []).map((card) => card.id)))];
  if (ids.length === 0) return unavailable(reason);
  return ids.map((id) => {
    const readings = log.ticks.flatMap((tick) => {
      const card = tick.gpus?.find((one) => one.id === id);
      return card ? [{ ...card, isLoaded: tick.load.inFlight > 0 }] : [];
    });
    const loaded = readings.filter((card) => card.isLoaded);
    const untold = 'the driver does not say';
    const totals = readings.flatMap((card) => card.memoryTotalBytes ?? []);
    return {
      id,
      name: readings.find((card) => card.name !== null)?.name ?? null,
      memoryTotalBytes: totals[0] === undefined ? unavailable(untold) : { value: totals[0], readings: totals.length },
      memoryUsedBytes: readingSeries(readings, (card) => card.memoryUsedBytes, untold),
      engineBytes: readingSeries(
        readings,
        (card) => card.engineMemoryBytes,
        'the driver does not tell processes apart',
      ),
      utilization: readingSeries(loaded, (card) => card.utilization, untold),
      memoryUtilization: readingSeries(loaded, (card) => card.memoryUtilization, untold),
      powerWatts: readingSeries(loaded, (card) => card.powerWatts, untold),
    };
  });
}

/** Parts of the busy time that rates are taken over: ten batches of six. */
const parts = 60;
/** Requests below which the parts would hold next to nothing. */
const fewestRequests = 20;

function rateEstimate(
  timeline: RequestTimeline,
  amountOf: (request: TimedRequest) => { readonly amount: number | null; readonly fromMs: number },
): Estimate {
  const count = timeline.requestCount;
  if (count < fewestRequests) return unavailable(`a rate needs ${fewestRequests} requests or more, there are ${count}`);
  const rates = timeline.rates(parts, amountOf);
  if (rates === null) return unavailable('the engine did not report the tokens of every request');
  const estimate = batchMeans(rates);
  return isEstimated(estimate) ? { ...estimate, low: Math.max(0, estimate.low) } : estimate;
}

function latencies({ gaps }: TelemetryLog, timeline: RequestTimeline): SystemReport['latency'] {
  const { firstTokenDelaysMs, durationsMs, streamRates } = timeline;
  return {
    timeToFirstTokenMs: percentiles((p) => quantileEstimate(firstTokenDelaysMs, p)),
    gapMs: percentiles((p) => gapQuantile(gaps, firstTokenDelaysMs.length, p)),
    requestMs: percentiles((p) => quantileEstimate(durationsMs, p)),
    streamTokensPerSecond: percentiles((p) => quantileEstimate(streamRates, p)),
  };
}

const percentiles = (estimate: (p: number) => Estimate): Percentiles => ({
  p50: estimate(0.5),
  p95: estimate(0.95),
  p99: estimate(0.99),
});

const level = 0.95;

/** Gaps of one request resemble each other, so the interval counts requests, not gaps. */
function gapQuantile(gaps: TelemetryLog['gaps'], requests: number, p: number): Estimate {
  if (gaps.total === 0) return unavailable('no request streamed more than one chunk');
  const needed = quantileMinimumSize(p);
  if (requests < needed) return unavailable(`p${p * 100} needs ${needed} requests or more, there are ${requests}`);
  const ranks = quantileRanks(requests, p, level);
  const value = gaps.quantile(p);
  const low = ranks && gaps.quantile(ranks.lower / requests);
  const high = ranks && gaps.quantile(ranks.upper / requests);
  if (value === null || low === null || high === null) return unavailable('too few requests for an interval');
  return { value, low, high, level, method: 'order-statistics', n: requests };
}
