import { platform } from 'node:os';
import { request } from 'undici';
import type { EngineReading, GpuReading, HostReading } from '../core/telemetry-record.ts';
import type { RunCommand } from './command-runner.ts';
import { readEngineMetrics } from './engine-metrics.ts';
import { findListener } from './find-listener.ts';
import { NvidiaSmi } from './nvidia-smi.ts';
import { parsePrometheus } from './parse-prometheus.ts';
import { PolledSource, type Reading } from './polled-source.ts';
import { ProcessTree } from './process-tree.ts';
import { readRocmSmi } from './rocm-smi.ts';

/** The engine as its telemetry sees it. */
export interface TelemetryTarget {
  /** True when the engine runs on another machine: nothing of this one is measured for it. */
  readonly isRemote: boolean;
  /** Root of its process tree; null when not known. */
  readonly processId: number | null;
  /** Port of this machine it answers on, to find its process by. */
  readonly port: number | null;
  readonly usesGpu: boolean;
  readonly metricsUrl: string | null;
  /** Names and values of the headers that the metrics page needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What is asked at each tick; null where it is not asked at all, for which `unavailable` has the reason. */
export interface Sources {
  readonly host: PolledSource<HostReading> | null;
  readonly gpus: PolledSource<readonly GpuReading[]> | null;
  readonly engine: PolledSource<EngineReading> | null;
  readonly all: readonly PolledSource<unknown>[];
  readonly unavailable: Readonly<Record<string, string>>;
}

const elsewhere = 'not measured: the engine runs on another machine';

/** What sources ask with. */
export interface Instruments {
  readonly nowMs: () => number;
  readonly run: RunCommand;
  /** Told which names a metrics page has. */
  readonly onNames: (dialect: string, names: Readonly<Record<string, string>>) => void;
}

/** Sets up the sources for an engine. */
export function openSources(target: TelemetryTarget, instruments: Instruments): Sources {
  const processes = new EngineProcesses(target, instruments);
  const host = target.isRemote ? null : new PolledSource(() => processes.read());
  const gpus =
    target.isRemote || !target.usesGpu ? null : new PolledSource(gpuReader(() => processes.ids, instruments.run));
  const engine = target.metricsUrl === null ? null : new PolledSource(metricsReader(target, instruments.onNames));
  return {
    host,
    gpus,
    engine,
    all: [host, gpus, engine].filter((source) => source !== null),
    unavailable: {
      ...(host === null ? { host: elsewhere } : {}),
      ...(gpus === null ? { gpus: target.isRemote ? elsewhere : 'the engine uses no graphics card' } : {}),
      ...(engine === null ? { engine: 'the engine has no metrics page' } : {}),
    },
  };
}

/** The process tree of the engine, found by its port where its id is not known. */
class EngineProcesses {
  readonly #target: TelemetryTarget;
  readonly #instruments: Instruments;
  #tree: ProcessTree | null;

  constructor(target: TelemetryTarget, instruments: Instruments) {
    this.#target = target;
    this.#instruments = instruments;
    this.#tree = target.processId === null ? null : this.#treeOf(target.processId);
  }

  get ids(): ReadonlySet<number> {
    return this.#tree?.processIds ?? new Set();
  }

  async read(): Promise<Reading<HostReading>> {
    if (this.#tree === null) {
      const { port } = this.#target;
      if (port === null) return { kind: 'problem', reason: 'the process of the engine is not known', final: true };
      const found = await findListener(port, platform());
      if (typeof found === 'string') return { kind: 'problem', reason: found, final: true };
      this.#tree = this.#treeOf(found.pid);
    }
    const value = await this.#tree.read(this.#instruments.nowMs);
    return value === null ? { kind: 'problem', reason: 'the process of the engine is gone' } : { kind: 'value', value };
  }

  #treeOf(pid: number): ProcessTree {
    return new ProcessTree(pid, { run: this.#instruments.run, platform: platform() });
  }
}

/** Reads the cards by nvidia-smi, or by rocm-smi where there is none. */
export function gpuReader(
  processIds: () => ReadonlySet<number>,
  run: RunCommand,
): () => Promise<Reading<readonly GpuReading[]>> {
  const nvidia = new NvidiaSmi(run);
  let isAmd = false;
  return async () => {
    const reading = isAmd ? await readRocmSmi(run) : await nvidia.read(processIds());
    if (reading.kind === 'read') return { kind: 'value', value: reading.gpus };
    if (reading.kind === 'failed') return { kind: 'problem', reason: reading.reason };
    if (isAmd) return { kind: 'problem', reason: 'neither nvidia-smi nor rocm-smi is installed', final: true };
    isAmd = true;
    const amd = await readRocmSmi(run);
    if (amd.kind === 'read') return { kind: 'value', value: amd.gpus };
    if (amd.kind === 'failed') return { kind: 'problem', reason: amd.reason };
    return { kind: 'problem', reason: 'neither nvidia-smi nor rocm-smi is installed', final: true };
  };
}

const metricsDeadlineMs = 2000;

function metricsReader(
  target: TelemetryTarget,
  onNames: (dialect: string, names: Readonly<Record<string, string>>) => void,
): () => Promise<Reading<EngineReading>> {
  let known = '';
  return async () => {
    const response = await request(target.metricsUrl ?? '', {
      headers: target.headers,
      signal: AbortSignal.timeout(metricsDeadlineMs),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200)
      return { kind: 'problem', reason: `the metrics page answered with status ${response.statusCode}` };
    const metrics = readEngineMetrics(parsePrometheus(text));
    if (metrics === null) return { kind: 'problem', reason: 'the metrics page has no names of a known engine' };
    const names = JSON.stringify(metrics.names);
    if (names !== known) onNames(metrics.dialect, metrics.names);
    known = names;
    return { kind: 'value', value: metrics.reading };
  };
}
