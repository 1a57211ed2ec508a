/** The sandbox's child process: holds the compiled interpreter, hands jobs to worker threads, keeps time. Its permissions are cut by its command line. */
import { createHash } from 'node:crypto';
import { constants, fstatSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Job } from '../support/job.ts';
import { lateLimitMs } from '../support/late-limit.ts';
import { buildSnapshot } from './interpreter.ts';
import type { ChildMessage, HostMessage, WorkerMessage, WorkerSetup } from './messages.ts';
import { limitWasmMemory } from './wasm-memory.ts';
import { webAssembly, type WasmModule } from './web-assembly.ts';

/** What the host gives on the command line, as JSON. */
export interface ChildSettings {
  readonly task: 'build' | 'serve';
  readonly pyodideFolder: string;
  readonly pythonFolder: string;
  readonly modules: readonly string[];
  readonly memoryBytes: number;
  readonly workers: number;
  readonly isStrict: boolean;
}

/** Descriptor of the snapshot's file, opened by the host. */
const snapshotFile = 4;
const digestBytes = 32;
const prepareLimitMs = 60_000;
/** A loop that catches interrupts, or a long call inside C, does not stop for one. */
const interruptGraceMs = 300;
const earlyDeathLimit = 3;

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const tell = (message: ChildMessage): void => void process.send?.(message);

function fail(error: unknown): never {
  tell({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
  process.exit(1);
}

const compile = (): Promise<WasmModule> =>
  webAssembly.compile(
    limitWasmMemory(readFileSync(join(settings.pyodideFolder, 'pyodide.asm.wasm')), settings.memoryBytes),
  );

async function build(): Promise<void> {
  Object.defineProperty(process, 'binding', { value: () => ({ fs: constants }) });
  const sources = Object.fromEntries(
    settings.modules.map((name) => [name, readFileSync(join(settings.pythonFolder, `${name}.py`), 'utf8')]),
  );
  const snapshot = await buildSnapshot({ folder: settings.pyodideFolder, module: await compile() }, sources);
  for (const part of [createHash('sha256').update(snapshot).digest(), snapshot]) {
    for (let at = 0; at < part.length;) at += writeSync(snapshotFile, part, at);
  }
  tell({ kind: 'ready', pythonVersion: '', version: '' });
  process.disconnect?.();
}

/** The snapshot in memory that workers share. Throws when the file is not what was written. */
function readSnapshot(): SharedArrayBuffer {
  const digest = Buffer.alloc(digestBytes);
  const shared = new SharedArrayBuffer(Math.max(0, fstatSync(snapshotFile).size - digestBytes));
  const bytes = new Uint8Array(shared);
  readSync(snapshotFile, digest, 0, digestBytes, 0);
  for (let at = 0; at < bytes.length;) {
    const count = readSync(snapshotFile, bytes, at, bytes.length - at, digestBytes + at);
    if (count === 0) break;
    at += count;
  }
  if (!createHash('sha256').update(bytes).digest().equals(digest)) throw new Error('snapshot damaged');
  return shared;
}

interface Running {
  readonly id: number;
  timer: NodeJS.Timeout;
  readonly limitMs: number;
  startedAt: number | null;
  cpuAtStartMs: number;
  /** When it was last looked at past its limit, and the processor time of all slots by then. */
  seen: { readonly atMs: number; readonly cpuMs: number } | null;
  stoppedBy: 'timeout' | 'aborted' | null;
}

/** One worker thread, started again when it is spent or stuck. */
class Slot {
  readonly #setup: Omit<WorkerSetup, 'interrupt'>;
  #worker: Worker | null = null;
  #interrupt = new SharedArrayBuffer(1);
  #isReady = false;
  #earlyDeaths = 0;
  #running: Running | null = null;
  #next: { readonly id: number; readonly job: Job } | null = null;

  constructor(setup: Omit<WorkerSetup, 'interrupt'>) {
    this.#setup = setup;
    this.#spawn();
  }

  get isFree(): boolean {
    return this.#running === null && this.#next === null;
  }

  give(id: number, job: Job): void {
    this.#next = { id, job };
    this.#begin();
  }

  abort(id: number): void {
    if (this.#next?.id === id) {
      this.#next = null;
      tell({ kind: 'done', id, outcome: { kind: 'aborted' }, wallMs: 0 });
    } else if (this.#running?.id === id) this.#stop(this.#running, 'aborted');
  }

  #spawn(): void {
    this.#isReady = false;
    this.#interrupt = new SharedArrayBuffer(1);
    const worker = new Worker(join(fileURLToPath(import.meta.url), '..', 'worker.js'), {
      workerData: { ...this.#setup, interrupt: this.#interrupt } satisfies WorkerSetup,
      resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 4 },
      env: {},
      stdin: true,
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    worker.on('message', (message: WorkerMessage) => {
      if (worker === this.#worker) this.#hear(message);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#lose(error);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#lose(new Error('the worker ended'));
    });
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.#earlyDeaths = 0;
      if (!isAnnounced) tell({ ...message });
      isAnnounced = true;
      this.#begin();
      return;
    }
    const running = this.#running;
    if (running === null) return;
    clearTimeout(running.timer);
    if (message.kind === 'started') {
      running.startedAt = performance.now();
      running.cpuAtStartMs = processorMs();
      running.timer = setTimeout(() => this.#expire(running), running.limitMs);
      return;
    }
    this.#running = null;
    const { stoppedBy } = running;
    tell({
      kind: 'done',
      id: running.id,
      outcome: stoppedBy === null ? message.outcome : { kind: stoppedBy },
      wallMs: message.wallMs,
    });
    if (message.isSpent) this.#renew();
    else this.#begin();
  }

  #begin(): void {
    if (!this.#isReady || this.#running !== null || this.#next === null) return;
    const { id, job } = this.#next;
    this.#next = null;
    const running: Running = {
      id,
      limitMs: job.limitMs,
      startedAt: null,
      cpuAtStartMs: 0,
      seen: null,
      stoppedBy: null,
      timer: setTimeout(() => this.#lose(new Error('the tests could not be prepared in time')), prepareLimitMs),
    };
    this.#running = running;
    this.#worker?.postMessage(job);
  }

  /** Ends a job whose time is up; on a starved machine it is given until it has had its share of processor time. */
  #expire(running: Running): void {
    const passedMs = performance.now() - (running.startedAt ?? 0);
    const usedMs = (processorMs() - running.cpuAtStartMs) / Math.max(1, slots.filter((slot) => slot.#running).length);
    const leftMs = Math.min(lateLimitMs(running.limitMs) - passedMs, running.limitMs - usedMs, overtimeWindowMs);
    if (leftMs <= 0 || isAsleep(running)) this.#stop(running, 'timeout');
    else running.timer = setTimeout(() => this.#expire(running), Math.max(leftMs, 20));
  }

  /** Interrupts a job, then ends its thread if that does not help. */
  #stop(running: Running, why: 'timeout' | 'aborted'): void {
    if (running.stoppedBy !== null) return;
    running.stoppedBy = why;
    clearTimeout(running.timer);
    Atomics.store(new Uint8Array(this.#interrupt), 0, 2);
    running.timer = setTimeout(() => {
      if (this.#running !== running) return;
      this.#running = null;
      const wallMs = running.startedAt === null ? 0 : performance.now() - running.startedAt;
      tell({ kind: 'done', id: running.id, outcome: { kind: why }, wallMs });
      this.#renew();
    }, interruptGraceMs);
  }

  #renew(): void {
    const old = this.#worker;
    this.#worker = null;
    void old?.terminate();
    this.#spawn();
  }

  #lose(error: Error): void {
    const running = this.#running;
    this.#running = null;
    if (running !== null) {
      clearTimeout(running.timer);
      const wallMs = running.startedAt === null ? 0 : performance.now() - running.startedAt;
      // Running out of the thread's own memory is what the program did; all else is ours.
      const isMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      const outcome =
        running.stoppedBy !== null
          ? { kind: running.stoppedBy }
          : isMemory
            ? ({ kind: 'ended', how: 'crash', detail: 'out of memory' } as const)
            : ({ kind: 'fault', detail: error.message } as const);
      tell({ kind: 'done', id: running.id, outcome, wallMs });
    } else if (!this.#isReady && ++this.#earlyDeaths >= earlyDeathLimit) fail(error);
    this.#renew();
  }
}

let isAnnounced = false;
let slots: readonly Slot[] = [];

/** Past its limit a program is looked at this often; below this share of a processor it sleeps. */
const overtimeWindowMs = 1000;
const asleepShare = 0.005;

/** True when a job has used no processor time since it was last looked at: it waits for nothing but the clock and is not starved. */
function isAsleep(running: Running): boolean {
  const now = { atMs: performance.now(), cpuMs: processorMs() };
  const { seen } = running;
  if (seen !== null && now.atMs - seen.atMs < overtimeWindowMs) return false;
  running.seen = now;
  return seen !== null && now.cpuMs - seen.cpuMs < asleepShare * (now.atMs - seen.atMs);
}

/** Processor time of all threads. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function serve(): Promise<void> {
  const setup = {
    folder: settings.pyodideFolder,
    module: await compile(),
    snapshot: readSnapshot(),
    isStrict: settings.isStrict,
  };
  slots = Array.from({ length: settings.workers }, () => new Slot(setup));
  process.on('message', (message: HostMessage) => {
    if (message.kind === 'abort') for (const slot of slots) slot.abort(message.id);
    else (slots.find((slot) => slot.isFree) as Slot).give(message.id, message.job);
  });
  process.on('disconnect', () => process.exit(0));
}

try {
  await (settings.task === 'build' ? build() : serve());
} catch (error) {
  fail(error);
}
