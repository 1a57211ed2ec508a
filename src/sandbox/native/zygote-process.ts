import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import { bubblewrapCommand, pythonCommand, pythonEnvironment, type Confinement } from './confinement.ts';

const startLimitMs = 30_000;

/** A running fork-server and the bytes it has sent. */
export class ZygoteProcess {
  readonly #child: ChildProcess;
  readonly #scratch: string | null;
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #errors = '';
  #wake: () => void = () => {};

  private constructor(child: ChildProcess, scratch: string | null) {
    this.#child = child;
    this.#scratch = scratch;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    child.on('error', end);
    child.on('close', end);
    child.stdin?.on('error', () => {});
  }

  /** Starts a fork-server and waits until it is ready. Throws E_SANDBOX_FAILED with what it said. */
  static async start(confinement: Confinement, memoryBytes: number): Promise<ZygoteProcess> {
    const wrapped = confinement.kind === 'bubblewrap';
    const scratch = wrapped ? null : mkdtempSync(join(tmpdir(), 'qe-sandbox-'));
    const settings = JSON.stringify({
      memoryBytes,
      scratch: scratch ?? '/tmp',
      watchScratch: !wrapped,
      landlock: confinement.landlockVersion >= 1,
      readable: [
        '/usr',
        '/lib',
        '/lib64',
        wrapped ? '/w' : confinement.pythonFolder,
        '/dev/urandom',
        '/dev/zero',
        '/dev/null',
      ],
    });
    const [file = '', ...rest] = wrapped
      ? bubblewrapCommand(confinement, ['zygote.py', settings])
      : pythonCommand(confinement.python, confinement.pythonFolder, ['zygote.py', settings]);
    const child = spawn(file, rest, {
      cwd: scratch ?? '/',
      env: pythonEnvironment(scratch ?? '/tmp'),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const zygote = new ZygoteProcess(child, scratch);
    try {
      await zygote.readFrame(startLimitMs);
    } catch {
      zygote.kill();
      throw new QwenEvalError('E_SANDBOX_FAILED', `the fork-server did not start: ${zygote.errors || 'no message'}`, {
        hint: 'see `qwen-eval doctor`, or use --sandbox pyodide',
      });
    }
    return zygote;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get errors(): string {
    return this.#errors.trim();
  }

  write(parts: readonly Buffer[]): void {
    for (const part of parts) this.#child.stdin?.write(part);
  }

  /** The next frame: a length and so many bytes. Rejects when the process ends or the time is up. */
  async readFrame(limitMs: number): Promise<Buffer> {
    const until = performance.now() + limitMs;
    const length = (await this.read(4, limitMs)).readUInt32LE(0);
    return this.read(length, until - performance.now());
  }

  /** Exactly so many bytes. Rejects when the process ends or the time is up. */
  async read(count: number, limitMs: number): Promise<Buffer> {
    const until = performance.now() + limitMs;
    while (this.#length < count) {
      if (this.#ended) throw new Error('the fork-server ended');
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw new Error('the fork-server did not answer');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = () => {};
    }
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = all.length > count ? [all.subarray(count)] : [];
    this.#length = all.length - count;
    return all.subarray(0, count);
  }

  /** Ends the process and all it forked, and removes its folder. */
  kill(): void {
    this.#child.kill('SIGKILL');
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#ended = true;
    this.#wake();
    this.#removeScratch();
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    const running = this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
    const gone = running ? once(this.#child, 'exit') : null;
    this.kill();
    await gone;
    // Once more, as children may have written until the end.
    this.#removeScratch();
  }

  #removeScratch(): void {
    // A program can nest folders deeper than a recursive function or a path name goes.
    if (this.#scratch !== null) spawnSync('/bin/rm', ['-rf', '--', this.#scratch], { stdio: 'ignore' });
  }
}
