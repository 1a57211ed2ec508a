import { unavailable } from '../core/estimate.ts';
import type { SystemReading, SystemReport } from '../core/system-report.ts';
import type { EngineReading } from '../core/telemetry-record.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';

/** Terms of the vocabulary that only grow; the others are states. */
const counters = [
  'promptTokens',
  'cachedPromptTokens',
  'generatedTokens',
  'finishedRequests',
  'preemptions',
  'prefixQueriedTokens',
  'prefixHitTokens',
  'drafts',
  'draftedTokens',
  'acceptedTokens',
  'firstTokenSeconds',
  'firstTokenCount',
  'gapSeconds',
  'gapCount',
  'queueSeconds',
  'queueCount',
  'prefillSeconds',
  'decodeSeconds',
] as const satisfies readonly (keyof EngineReading)[];

/** A term that only grows. */
export type EngineCounter = (typeof counters)[number];

/** What the engine counted during the run's sittings: last less first reading of each, other clients of the engine included. */
export function engineCounts(log: TelemetryLog, reason: string): SystemReport['engineMetrics'] {
  const { metrics } = log;
  if (metrics === null) return unavailable(reason);
  const counted = countedTerms(log);
  return Object.keys(counted).length === 0
    ? unavailable('the engine was read fewer than twice')
    : { dialect: metrics.dialect, names: metrics.names, counted };
}

/** Growth of each counter that the metrics page has; one that fell, because the engine was started anew, is left out. */
export function countedTerms({ ticks, sittings }: TelemetryLog): Partial<Record<EngineCounter, number>> {
  const counted: Partial<Record<EngineCounter, number>> = {};
  for (const term of counters) {
    let total: number | null = null;
    for (let sitting = 0; sitting < sittings; sitting++) {
      const values = ticks.flatMap((tick) => (tick.sitting === sitting ? (tick.engine?.[term] ?? []) : []));
      const [first] = values;
      const last = values.at(-1);
      if (first === undefined || last === undefined || values.length < 2 || last < first) continue;
      total = (total ?? 0) + last - first;
    }
    if (total !== null) counted[term] = total;
  }
  return counted;
}

/** Tokens that a decoding step gave a sequence: one and the accepted drafts, as the engine counts or states them. */
export function tokensPerStep(log: TelemetryLog): SystemReading {
  const { drafts, acceptedTokens } = countedTerms(log);
  if (drafts !== undefined && drafts > 0 && acceptedTokens !== undefined)
    return { value: 1 + acceptedTokens / drafts, readings: log.ticks.filter(({ engine }) => engine !== null).length };
  const stated = log.ticks.flatMap(({ engine }) => engine?.stepTokens ?? []).filter((value) => value > 0);
  return stated.length === 0
    ? unavailable('no speculative decoding was seen')
    : { value: Math.max(...stated), readings: stated.length };
}
