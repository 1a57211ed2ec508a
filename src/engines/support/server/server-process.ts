import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { markedProcesses } from './process-table.ts';
import { stopGraceMs, type GuardReport, type GuardRequest } from './guard-protocol.ts';

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started at all; null when it was. */
  readonly startError: { readonly code: string; readonly message: string } | null;
}

/** A program with its arguments and whole environment. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Longer than the guard itself needs to end and kill. */
const guardGraceMs = stopGraceMs + 8000;

/** A server that runs under a guard: it ends when told to, and when this process is gone. */
export class ServerProcess {
  readonly #guard: ChildProcess;
  readonly #gone: Promise<void>;
  /** Settles when the server has ended. */
  readonly exited: Promise<ServerExit>;
  #processId: number | null = null;
  #exit: ServerExit | null = null;

  constructor(server: ServerCommand, onLine: (line: string) => void) {
    this.#guard = fork(createRequire(import.meta.url).resolve('#dist/engines/support/server/server-guard.js'), [], {
      // Own session and group: what reaches the terminal’s group reaches neither guard nor server.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: guardEnvironment(process.env),
    });
    const { stdout, stderr } = this.#guard;
    const drained = [stdout, stderr].filter((stream) => stream !== null).map((stream) => splitLines(stream, onLine));
    let settle: (exit: ServerExit) => void = () => undefined;
    this.exited = new Promise((resolve) => {
      settle = resolve;
    });
    const end = (exit: ServerExit): void => {
      this.#exit ??= exit;
      settle(this.#exit);
    };
    // The guard tells of the server's end and ends itself, which must not be taken for the end of the server.
    let isTold = false;
    this.#guard.on('message', (report: GuardReport) => {
      if (report.kind === 'started') this.#processId = report.processId;
      else if (report.kind === 'failed') end({ code: null, signal: null, startError: report });
      else {
        isTold = true;
        void Promise.race([Promise.all(drained), pause()]).then(() => end({ ...report, startError: null }));
      }
    });
    this.#gone = new Promise((resolve) => {
      const leave = (code: number | null, signal: string | null): void => {
        if (!isTold) {
          // A guard that was killed leaves its group behind.
          if (this.#exit === null) this.#killGroup();
          end({ code, signal, startError: null });
        }
        resolve();
      };
      this.#guard.once('exit', (code, signal) => {
        // What the guard said last may still have to be read.
        if (this.#guard.connected) this.#guard.once('disconnect', () => leave(code, signal));
        else leave(code, signal);
      });
      this.#guard.once('error', (error: NodeJS.ErrnoException) => {
        end({ code: null, signal: null, startError: { code: error.code ?? '', message: error.message } });
        resolve();
      });
    });
    this.#send({ kind: 'start', ...server });
  }

  /** Of the server itself; null before it started. */
  get processId(): number | null {
    return this.#processId;
  }

  /** How the server ended; null while it runs. */
  get exit(): ServerExit | null {
    return this.#exit;
  }

  /** Ends the server with everything it started; settles when all of it is gone. Idempotent. */
  async stop(): Promise<void> {
    this.#send({ kind: 'stop' });
    const timer = setTimeout(() => {
      this.#killGroup();
      this.#guard.kill('SIGKILL');
    }, guardGraceMs);
    await this.#gone;
    clearTimeout(timer);
  }

  #send(request: GuardRequest): void {
    if (this.#guard.connected) this.#guard.send(request, () => undefined);
  }

  #killGroup(): void {
    const { pid } = this.#guard;
    if (pid === undefined || process.platform === 'win32') return;
    for (const id of [-pid, ...markedProcesses(pid)]) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
  }
}

/** The last lines come after the news of the end, or never when a grandchild holds the pipe. */
const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 500));

function guardEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...own } = environment;
  return own;
}

/** Gives each line, also those that a progress bar writes over each other; settles at the end of the stream. */
function splitLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split(/\r\n|\n|\r/);
    rest = parts.pop() ?? '';
    for (const line of parts) if (line.trim() !== '') onLine(line);
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest.trim() !== '') onLine(rest);
      resolve();
    });
  });
}
