import type { TelemetryRecord, TelemetryTick } from '../core/telemetry-record.ts';
import { GapTotals } from './gap-histogram.ts';
import { readTelemetry } from './telemetry-file.ts';

/** Everything a run's telemetry.jsonl holds. */
export interface TelemetryLog {
  readonly sittings: number;
  /** Readings of all sittings, without their gaps, which `gaps` has all of. */
  readonly ticks: readonly (Omit<TelemetryTick, 'gaps'> & {
    /** Number of the sitting, from 0. */
    readonly sitting: number;
  })[];
  readonly gaps: GapTotals;
  /** Newest names of the engine's metrics page; null without one. */
  readonly metrics: { readonly dialect: string; readonly names: Readonly<Record<string, string>> } | null;
  /** Bytes a second that the machine's memory moves, as last measured; null where it was not. */
  readonly memoryBandwidth: number | null;
  /** Newest reason why a source was not asked or did not answer. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Reads the telemetry of a run; empty when there is none. */
export async function loadTelemetry(path: string): Promise<TelemetryLog> {
  const ticks: TelemetryLog['ticks'][number][] = [];
  const gaps = new GapTotals();
  const problems: Record<string, string> = {};
  let sittings = 0;
  let memoryBandwidth: number | null = null;
  let metrics: (TelemetryRecord & { kind: 'metrics' }) | null = null;
  for await (const record of readTelemetry(path)) {
    if (record.kind === 'start') {
      sittings++;
      Object.assign(problems, record.unavailable);
    } else if (record.kind === 'metrics') metrics = record;
    else if (record.kind === 'end') memoryBandwidth = record.memoryBandwidth ?? memoryBandwidth;
    else {
      const { gaps: counted, ...tick } = record;
      gaps.add(counted);
      ticks.push({ ...tick, sitting: Math.max(0, sittings - 1) });
      Object.assign(problems, record.problems);
    }
  }
  return {
    sittings,
    ticks,
    gaps,
    metrics: metrics === null ? null : { dialect: metrics.dialect, names: metrics.names },
    memoryBandwidth,
    problems,
  };
}
