import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import type { Job } from '../support/job.ts';
import type { ChildSettings } from './child.ts';
import type { ChildMessage, HostMessage } from './messages.ts';

const require = createRequire(import.meta.url);

/** Modules of src/sandbox/python/ that run inside WebAssembly, in the order in which they import each other. */
export const pythonModules: readonly string[] = ['codec', 'candidate', 'tester', 'judge', 'wasm_driver'];

/** Folder and version of the installed pyodide package; throws when it is not installed. */
export function pyodidePackage(): { readonly folder: string; readonly version: string } {
  const path = require.resolve('pyodide/package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
  return { folder: dirname(path), version };
}

type Done = Extract<ChildMessage, { readonly kind: 'done' }>;
type Ready = Extract<ChildMessage, { readonly kind: 'ready' }>;

/** Command-line walls of the child: files by name only, no processes, no add-ons, no code from strings. */
function walls(readable: readonly string[]): readonly string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  return [
    permission,
    '--allow-worker',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--no-warnings',
  ];
}

/** The running child process and the jobs it has. */
export class ChildProcessLink {
  readonly #child: ChildProcess;
  readonly #jobs = new Map<number, (done: Done | null) => void>();
  readonly ready: Promise<Ready>;
  #nextId = 1;
  #ended = false;
  #errors = '';

  constructor(settings: Omit<ChildSettings, 'pyodideFolder' | 'pythonFolder' | 'modules'>, snapshotDescriptor: number) {
    const script = require.resolve('#dist/sandbox/pyodide/child.js');
    const sandboxFolder = dirname(dirname(script));
    const { folder } = pyodidePackage();
    const whole: ChildSettings = {
      ...settings,
      pyodideFolder: folder,
      pythonFolder: join(sandboxFolder, 'python'),
      modules: pythonModules,
    };
    // The module loader looks for the package.json that says how our files are to be read.
    const ours = [join(sandboxFolder, '*'), join(dirname(dirname(sandboxFolder)), 'package.json')];
    this.#child = fork(script, [JSON.stringify(whole)], {
      cwd: folder,
      env: {},
      execArgv: [...walls([join(folder, '*'), ...ours])],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', snapshotDescriptor],
      serialization: 'advanced',
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
    this.ready = this.#listen();
    this.ready.catch(() => {});
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Has the child do a job; null when the child was lost meanwhile. Aborting ends it with outcome `aborted`. */
  execute(job: Job, signal: AbortSignal | undefined): Promise<Done | null> {
    if (this.#ended) return Promise.resolve(null);
    const id = this.#nextId++;
    const abort = (): void => this.#send({ kind: 'abort', id });
    signal?.addEventListener('abort', abort, { once: true });
    return new Promise((resolve) => {
      this.#jobs.set(id, (done) => {
        signal?.removeEventListener('abort', abort);
        resolve(done);
      });
      this.#send({ kind: 'job', id, job });
    });
  }

  /** Ends the child and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  #send(message: HostMessage): void {
    if (!this.#ended) this.#child.send(message, () => {});
  }

  #listen(): Promise<Ready> {
    return new Promise((resolve, reject) => {
      const lose = (detail: string): void => {
        this.#ended = true;
        reject(
          new QwenEvalError('E_SANDBOX_FAILED', `the pyodide sandbox did not start: ${detail.slice(0, 1000)}`, {
            hint: 'see `qwen-eval doctor`, or use --sandbox native',
          }),
        );
        for (const settle of this.#jobs.values()) settle(null);
        this.#jobs.clear();
      };
      this.#child.on('error', (error) => lose(error.message));
      this.#child.on('exit', (code, killer) => lose(this.#errors.trim() || `it ended with ${killer ?? code}`));
      this.#child.on('message', (message: ChildMessage) => {
        if (message.kind === 'ready') resolve(message);
        else if (message.kind === 'failed') lose(message.detail);
        else {
          this.#jobs.get(message.id)?.(message);
          this.#jobs.delete(message.id);
        }
      });
    });
  }
}
