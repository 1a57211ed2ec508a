import { closeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import type { Sandbox, SandboxSettings } from '../../core/ports/sandbox.ts';
import { assembleSandbox } from '../support/assemble-sandbox.ts';
import type { Job, JobResult } from '../support/job.ts';
import { closedError, type Lane } from '../support/lanes.ts';
import { selfTest } from '../support/self-test.ts';
import { parseTesterReport, verdictOf } from '../support/tester-report.ts';
import { ChildProcessLink } from './child-process-link.ts';
import { fileLimits } from './file-guards.ts';
import type { ChildMessage } from './messages.ts';
import { openSnapshot } from './snapshot-file.ts';

type Done = Extract<ChildMessage, { readonly kind: 'done' }>;

const mebibyte = 1024 * 1024;
const leastMemoryBytes = 64 * mebibyte;
const mostMemoryBytes = 4096 * mebibyte;

/** How a job's verdict is made of how the job ended in the child. */
export function jobResultOf({ outcome, wallMs }: Done, isStrict: boolean): JobResult {
  const none = (verdict: JobResult['verdict']): JobResult => ({ verdict, calls: [] });
  switch (outcome.kind) {
    case 'aborted':
    case 'timeout':
      return none(verdictOf('timeout', null, { wallMs }));
    case 'fault':
      return none(verdictOf('fault', 'Interpreter', { detail: outcome.detail, wallMs }));
    case 'ended': {
      if (outcome.how === 'denied') {
        const detail = `the program called ${outcome.detail}, which is not allowed`;
        return none(verdictOf('denied', outcome.detail, { detail, wallMs }));
      }
      if (outcome.how === 'exit') return none(verdictOf('runtime', 'SystemExit', { detail: outcome.detail, wallMs }));
      const isStack = outcome.detail.includes('call stack');
      const isMemory = /out of memory|allocation/i.test(outcome.detail);
      const error = isStack ? 'RecursionError' : isMemory ? 'MemoryError' : 'InterpreterCrash';
      return none(verdictOf(isMemory ? 'memory' : 'runtime', error, { detail: outcome.detail, wallMs }));
    }
    case 'report': {
      const report = parseTesterReport(outcome.text);
      if (report === null || report.kind === 'gone') {
        const detail = 'the report cannot be read';
        return none(verdictOf(isStrict ? 'fault' : 'runtime', 'MalformedVerdict', { detail, wallMs }));
      }
      const { kind, error, detail, calls } = report;
      return { verdict: verdictOf(kind, error, { detail, wallMs }), calls };
    }
  }
}

/** The child process of a sandbox, started again when it is lost. */
class Host {
  readonly #start: () => Promise<ChildProcessLink>;
  #link: Promise<ChildProcessLink>;
  #isClosed = false;

  constructor(link: ChildProcessLink, start: () => Promise<ChildProcessLink>) {
    this.#link = Promise.resolve(link);
    this.#start = start;
  }

  /** Has the child do a job, on a fresh one when it is lost meanwhile; null when that one is lost too. */
  async execute(job: Job, signal: AbortSignal | undefined): Promise<Done | null> {
    const first = await (await this.#running()).execute(job, signal);
    return first ?? (await this.#running()).execute(job, signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#link).close();
  }

  async #running(): Promise<ChildProcessLink> {
    const seen = this.#link;
    const link = await seen;
    if (this.#isClosed) throw closedError();
    // Several lanes meet a loss; the first of them starts the next child.
    if (link.ended && seen === this.#link) this.#link = this.#start();
    return this.#link;
  }
}

class PyodideLane implements Lane {
  readonly #host: Host;
  readonly #isStrict: boolean;

  constructor(host: Host, isStrict: boolean) {
    this.#host = host;
    this.#isStrict = isStrict;
  }

  async execute(job: Job, signal: AbortSignal | undefined): Promise<JobResult> {
    signal?.throwIfAborted();
    const done = await this.#host.execute(job, signal);
    signal?.throwIfAborted();
    if (done !== null) return jobResultOf(done, this.#isStrict);
    const detail = 'the sandbox process was lost twice';
    return { verdict: verdictOf('fault', 'SandboxProcess', { detail, wallMs: 0 }), calls: [] };
  }

  /** The lanes share one process; closing it for one closes it for all. */
  close(): Promise<void> {
    return this.#host.close();
  }
}

async function startChild(settings: SandboxSettings, remake: boolean): Promise<ChildProcessLink> {
  const script = createRequire(import.meta.url).resolve('#dist/sandbox/pyodide/child.js');
  const pythonFolder = join(dirname(dirname(script)), 'python');
  const { cacheDir, memoryBytes } = settings;
  const snapshot = await openSnapshot({ cacheDir, pythonFolder, memoryBytes, remake });
  const workers = Math.max(1, settings.workers);
  const link = new ChildProcessLink(
    { task: 'serve', memoryBytes, workers, isStrict: settings.mode === 'strict' },
    snapshot,
  );
  closeSync(snapshot);
  try {
    await link.ready;
    return link;
  } catch (error) {
    await link.close();
    if (remake) throw error;
    return startChild(settings, true);
  }
}

/** Starts the child process with its workers and tests it. Throws E_SANDBOX_FAILED when it does not start or leaks. */
export async function openPyodide(settings: SandboxSettings): Promise<Sandbox> {
  const { memoryBytes } = settings;
  if (memoryBytes < leastMemoryBytes || memoryBytes > mostMemoryBytes) {
    throw new QwenEvalError(
      'E_OPTION_INVALID',
      `a program gets ${leastMemoryBytes} to ${mostMemoryBytes} bytes, not ${memoryBytes}`,
    );
  }
  const link = await startChild(settings, false);
  const { pythonVersion, version } = await link.ready;
  const host = new Host(link, () => startChild(settings, false));
  const isStrict = settings.mode === 'strict';
  const lanes = Array.from({ length: Math.max(1, settings.workers) }, () => new PyodideLane(host, isStrict));
  const sandbox = assembleSandbox(lanes, settings, {
    backend: 'pyodide',
    version,
    pythonVersion,
    limits: { confinement: 'webassembly', memoryBytes, ...fileLimits, processes: 0 },
  });
  try {
    await selfTest(sandbox);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return sandbox;
}
