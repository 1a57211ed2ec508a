import type { EngineMemory } from '../core/ports/engine.ts';
import type { ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { LoadReading } from '../core/telemetry-record.ts';
import type { RunDirectory } from '../store/run-directory.ts';
import { loadTelemetry } from '../telemetry/load-telemetry.ts';
import type { TelemetryTarget } from '../telemetry/open-sources.ts';
import { openTelemetry, type Telemetry } from '../telemetry/open-telemetry.ts';
import type { PreparedRun } from './prepared-run.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import type { RequestTimeline } from './request-timeline.ts';
import { systemReport } from './system-report.ts';

/** Starts measuring beside a sitting; told how to read the run's own state. */
export type StartTelemetry = (readLoad: () => LoadReading) => Telemetry;

/** How the telemetry of a run is started, one sitting after the other into the same file. */
export const runTelemetry =
  (
    prepared: PreparedRun,
    input: { readonly path: string; readonly clock: RunnerDependencies['clock'] },
  ): StartTelemetry =>
  (readLoad) =>
    openTelemetry({
      path: input.path,
      target: telemetryTarget(prepared),
      readLoad,
      measuresBandwidth: isLimitedByMemory(prepared),
      clock: { nowMs: () => input.clock.nowMs(), now: () => input.clock.now() },
    });

/** Weights below this may lie in a processor's cache, where memory limits nothing. */
const cacheBytes = 256 * 2 ** 20;

/** True for an engine on this machine's processor whose weights are read from memory at every step. */
const isLimitedByMemory = ({ plugin, header }: PreparedRun): boolean =>
  plugin.usesGpu === false && (header?.described.weightBytes ?? 0) >= cacheBytes;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/** Where the engine of a run is measured: its process where known, this machine for a loopback address, nothing elsewhere. */
export function telemetryTarget({ description, plugin, options, baseUrls }: PreparedRun): TelemetryTarget {
  const urls = baseUrls.filter((url) => URL.canParse(url)).map((url) => new URL(url));
  const local = urls.filter((url) => isLoopback(url.hostname));
  const [first] = local;
  const port = first === undefined ? null : Number(first.port || (first.protocol === 'https:' ? 443 : 80));
  return {
    isRemote: description.processId === null && !plugin.local && local.length === 0,
    processId: description.processId,
    port,
    usesGpu: plugin.usesGpu ?? true,
    metricsUrl: description.metricsUrl,
    headers: options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` },
  };
}

/** What the telemetry of a run directory and the times of its requests come to; null when nothing was measured. */
export const systemReporter =
  (directory: RunDirectory, document: RunDocument) =>
  async (timeline: RequestTimeline): Promise<ResultDocument['system']> => {
    const log = await loadTelemetry(directory.telemetryFile);
    const price = (name: string): number | null => {
      const value = document.options[name];
      return typeof value === 'number' ? value : null;
    };
    const logged = (document.engine['memory'] ?? null) as EngineMemory | null;
    const prices = { perHour: price('pricePerHour'), perKwh: price('pricePerKwh') };
    return log.sittings === 0 ? null : systemReport(log, timeline, { memory: document.memory, logged, prices });
  };
