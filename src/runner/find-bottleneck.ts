import type { Bottleneck } from '../core/system-report.ts';
import { quantile } from '../stats/quantile.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';
import { countedTerms } from './engine-counts.ts';
import type { RequestTimeline } from './request-timeline.ts';

/** Share of its time that an event loop may work before what it measures and sends is late. */
const busyClient = 0.85;
/** Share of its busy time for which a loop has the processor when nothing else wants it is near 1; below this it was kept from it. */
const starvedShare = 0.6;
/** Answers that may wait for their score before no new request is sent is 256: from here on scoring is behind. */
const scoringBehind = 200;
/** Share of the KV cache from which requests wait for room. */
const fullCache = 0.95;
/** Share of the readings in which something must be so to have limited the run. */
const often = 0.5;

/** Names what kept the run from going faster: the client, scoring, the engine's KV cache, its queue, prefill or decode; unknown where nothing tells. */
export function findBottleneck(log: TelemetryLog, timeline: RequestTimeline): Bottleneck {
  const ticks = log.ticks.filter((tick) => tick.load.inFlight > 0 || tick.load.scoring > 0);
  if (ticks.length === 0) return unknown('no reading was taken while requests were in flight', {});
  return clientLimit(ticks) ?? scoringLimit(ticks) ?? cacheLimit(log, ticks) ?? phaseLimit(log, ticks, timeline);
}

type Ticks = TelemetryLog['ticks'];

const unknown = (why: string, evidence: Bottleneck['evidence']): Bottleneck => ({
  kind: 'unknown',
  summary: `not known: ${why}`,
  evidence,
});

const shareOf = (ticks: Ticks, holds: (tick: Ticks[number]) => boolean): number =>
  ticks.filter(holds).length / ticks.length;

const median = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );

function clientLimit(ticks: Ticks): Bottleneck | null {
  // A reading of a fraction of a second, or of the start, says little: it takes the middle one of them.
  const utilization = median(ticks.flatMap((tick) => tick.client.eventLoopUtilization ?? []));
  const lagMs = median(ticks.flatMap((tick) => tick.client.eventLoopLagP99Ms ?? []));
  if (utilization === null || utilization < busyClient) return null;
  const cores = median(ticks.flatMap((tick) => tick.client.cpuCores ?? []));
  // A loop that is busy without processor time waits for it.
  const starved =
    cores !== null && cores < starvedShare * utilization
      ? `, starved by other programs of this machine (it had ${cores.toFixed(2)} cores)`
      : '';
  return {
    kind: 'client',
    summary: `client-limited: the event loop was busy ${(100 * utilization).toFixed(0)} % of the time${starved}, so speed and latencies are this program’s, not the engine’s`,
    evidence: {
      eventLoopUtilization: utilization,
      ...(lagMs === null ? {} : { eventLoopLagP99Ms: lagMs }),
      ...(cores === null ? {} : { clientCores: cores }),
    },
  };
}

function scoringLimit(ticks: Ticks): Bottleneck | null {
  const share = shareOf(ticks, (tick) => tick.load.scoring >= scoringBehind);
  if (share < often) return null;
  return {
    kind: 'scoring',
    summary: `scoring was behind in ${(100 * share).toFixed(0)} % of the readings, so requests waited for it`,
    evidence: { shareOfReadings: share },
  };
}

function cacheLimit(log: TelemetryLog, ticks: Ticks): Bottleneck | null {
  const { preemptions = 0 } = countedTerms(log);
  const share = shareOf(
    ticks,
    ({ engine }) => (engine?.kvUsage ?? 0) >= fullCache && (engine?.waitingRequests ?? 0) > 0,
  );
  if (preemptions === 0 && share < often) return null;
  return {
    kind: 'kv',
    summary:
      preemptions > 0
        ? `the KV cache was too small: ${preemptions} requests were thrown out of it and began anew`
        : `the KV cache was full in ${(100 * share).toFixed(0)} % of the readings while requests waited`,
    evidence: { preemptions, shareOfReadings: share },
  };
}

/** Where requests spent their time: by the engine's own counts, else by what the client saw of each. */
function phaseLimit(log: TelemetryLog, ticks: Ticks, timeline: RequestTimeline): Bottleneck {
  const { queueSeconds, prefillSeconds, decodeSeconds } = countedTerms(log);
  if (prefillSeconds !== undefined && decodeSeconds !== undefined)
    return longest({ queue: queueSeconds ?? 0, prefill: prefillSeconds, decode: decodeSeconds }, 'the engine counts');
  const waiting = shareOf(ticks, ({ engine }) => (engine?.waitingRequests ?? 0) > 0);
  if (waiting >= often)
    return {
      kind: 'queue',
      summary: `requests waited in the engine’s queue in ${(100 * waiting).toFixed(0)} % of the readings`,
      evidence: { shareOfReadings: waiting },
    };
  let [before, after] = [0, 0];
  for (const { startMs, firstTokenMs, endMs } of timeline.requests()) {
    if (firstTokenMs === null || endMs <= firstTokenMs) continue;
    before += firstTokenMs - startMs;
    after += endMs - firstTokenMs;
  }
  if (after === 0) return unknown('no request streamed its answer', {});
  return longest({ prefill: before / 1000, decode: after / 1000 }, 'the client saw, queue included in prefill');
}

function longest(seconds: Readonly<Record<string, number>>, source: string): Bottleneck {
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const [kind, most] = Object.entries(seconds).reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  if (total === 0) return unknown('the engine counted no time', {});
  return {
    kind: kind as 'queue' | 'prefill' | 'decode',
    summary: `${kind} took ${((100 * most) / total).toFixed(0)} % of the requests’ time, as ${source}`,
    evidence: Object.fromEntries(Object.entries(seconds).map(([name, value]) => [`${name}Seconds`, value])),
  };
}
