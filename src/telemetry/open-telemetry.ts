import type { LoadReading, TelemetryRecord } from '../core/telemetry-record.ts';
import { ClientLoad } from './client-load.ts';
import { commandRunner } from './command-runner.ts';
import { GapHistogram } from './gap-histogram.ts';
import { measureBandwidth } from './measure-bandwidth.ts';
import { openSources, type Sources, type TelemetryTarget } from './open-sources.ts';
import { TelemetryFile } from './telemetry-file.ts';

export interface TelemetryOptions {
  /** Where the lines go. */
  readonly path: string;
  readonly target: TelemetryTarget;
  readonly readLoad: () => LoadReading;
  readonly clock: { readonly nowMs: () => number; readonly now: () => string };
  readonly periodMs?: number;
  /** True to measure this machine's memory bandwidth at the end, for an engine whose speed it limits. */
  readonly measuresBandwidth?: boolean;
}

/** Measures beside a run until it is stopped. */
export interface Telemetry {
  /** Notes the gap between two token-bearing chunks of one request. */
  seeGap(ms: number): void;
  /** Takes a last reading and ends; waits for no source longer than a second. */
  stop(): Promise<void>;
}

/** Longest wait of a tick for its sources: what comes later counts for the next one. */
const patienceMs = 800;

/** Starts measuring: a line a second to telemetry.jsonl with the state of run, client, engine process, graphics cards and engine metrics. Never throws and never waits for a source. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { target, clock, periodMs = 1000 } = options;
  const file = new TelemetryFile(options.path);
  const gaps = new GapHistogram();
  const client = new ClientLoad();
  const stamp = () => ({ atMs: round(clock.nowMs()), time: clock.now() });
  const ending = new AbortController();
  const sources = openSources(target, {
    nowMs: clock.nowMs,
    run: commandRunner(ending.signal),
    onNames: (dialect, names) => file.write({ kind: 'metrics', ...stamp(), dialect, names }),
  });
  file.write({ kind: 'start', ...stamp(), periodMs, unavailable: sources.unavailable });

  const tick = async (): Promise<void> => {
    await within(patienceMs, Promise.all(sources.all.map((source) => source.poll())));
    file.write(tickOf({ when: stamp(), load: options.readLoad(), client: client.read(), gaps: gaps.take(), sources }));
  };
  let ticking: Promise<void> = Promise.resolve();
  let isTicking = false;
  const beat = (): void => {
    if (isTicking) return;
    isTicking = true;
    ticking = tick().finally(() => {
      isTicking = false;
    });
  };
  beat();
  const timer = setInterval(beat, periodMs);
  timer.unref();
  return {
    seeGap: (ms) => gaps.add(ms),
    stop: async () => {
      clearInterval(timer);
      await ticking;
      await tick();
      ending.abort();
      client.close();
      const memoryBandwidth = options.measuresBandwidth ? await measureBandwidth().catch(() => null) : null;
      file.write({ kind: 'end', ...stamp(), memoryBandwidth });
    },
  };
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Waits for the work, but no longer than the time given. */
function within(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function tickOf(
  input: Pick<TelemetryRecord & { kind: 'tick' }, 'load' | 'client' | 'gaps'> & {
    readonly when: { readonly atMs: number; readonly time: string };
    readonly sources: Sources;
  },
): TelemetryRecord {
  const { when, load, client, gaps, sources } = input;
  const taken = { host: sources.host?.take(), gpus: sources.gpus?.take(), engine: sources.engine?.take() };
  const problems = Object.entries(taken).flatMap(([name, result]) =>
    result?.problem ? [[name, result.problem] as const] : [],
  );
  return {
    kind: 'tick',
    ...when,
    load,
    client,
    host: taken.host?.value ?? null,
    gpus: taken.gpus?.value ?? null,
    engine: taken.engine?.value ?? null,
    gaps,
    problems: Object.fromEntries(problems),
  };
}
