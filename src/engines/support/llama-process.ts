import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { QwenEvalError } from '../../core/errors.ts';
import type { EngineDependencies } from '../../core/ports/engine.ts';
import { closedEngineError } from './closed-engine-error.ts';
import type { EventQueue } from './event-queue.ts';
import {
  hrtimeMs,
  type CallEvent,
  type ChildMessage,
  type LlamaFacts,
  type LlamaSettings,
  type ParentMessage,
  type WireError,
} from './llama-protocol.ts';

/** An event with its time on the engine's clock. */
export interface TimedEvent {
  readonly event: CallEvent;
  readonly atMs: number;
}

/** A message with an id that the process gives out. */
export type CallMessage = Exclude<ParentMessage, { readonly kind: 'open' | 'close' | 'cancel' }>;

const closeGraceMs = 5000;
const stderrTailBytes = 4000;

/** A QwenEvalError as the child sent it. */
export const fromWire = ({ code, message, hint, retryable, details }: WireError): QwenEvalError =>
  new QwenEvalError(code, message, { hint: hint ?? undefined, retryable, details });

/** One child process with one loaded model. */
export class LlamaProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, EventQueue<TimedEvent>>();
  readonly #clockOffsetMs: number;
  readonly #log: EngineDependencies['log'];
  readonly #exited: Promise<void>;
  #nextId = 1;
  #stderr = '';
  #isAlive = true;
  #isClosing = false;
  #settleStart: ((outcome: LlamaFacts | QwenEvalError) => void) | null = null;

  private constructor(dependencies: Pick<EngineDependencies, 'nowMs' | 'log'>) {
    this.#log = dependencies.log;
    this.#clockOffsetMs = dependencies.nowMs() - hrtimeMs();
    this.#child = fork(createRequire(import.meta.url).resolve('#dist/engines/support/llama-child.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: childEnvironment(process.env),
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrTailBytes);
    });
    this.#child.on('message', (message: ChildMessage) => this.#receive(message));
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(null, error.message, resolve));
      this.#child.once('exit', (code, signal) => this.#end(signal, `exit code ${code}`, resolve));
    });
  }

  /** Starts a child and loads the model; rejects with the QwenEvalError that the child reports, or E_ENGINE_CRASHED when it dies. */
  static async start(
    settings: LlamaSettings,
    dependencies: Pick<EngineDependencies, 'nowMs' | 'log'>,
  ): Promise<{ readonly process: LlamaProcess; readonly facts: LlamaFacts }> {
    const process = new LlamaProcess(dependencies);
    const outcome = await new Promise<LlamaFacts | QwenEvalError>((resolve) => {
      process.#settleStart = resolve;
      process.#send({ kind: 'open', settings });
    });
    if (!(outcome instanceof QwenEvalError)) return { process, facts: outcome };
    await process.close();
    throw outcome;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get processId(): number | null {
    return this.#child.pid ?? null;
  }

  /** Sends a request; its events and the process's death go to the queue. Returns the id for `forget`. */
  call(queue: EventQueue<TimedEvent>, build: (id: number) => CallMessage): number {
    const id = this.#nextId++;
    this.#calls.set(id, queue);
    if (this.#isAlive) this.#send(build(id));
    else queue.fail(closedEngineError('llama-cpp'));
    return id;
  }

  /** Ends the interest in a request and, unless it has ended, frees its sequence. */
  forget(id: number, isOver: boolean): void {
    this.#calls.delete(id);
    if (!isOver) this.#send({ kind: 'cancel', id });
  }

  /** Ends the process: in good order within five seconds, else by force. Idempotent. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#send({ kind: 'close' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeGraceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  #send(message: ParentMessage): void {
    // A channel that breaks here is reported by the exit that follows.
    if (this.#isAlive && this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: ChildMessage): void {
    switch (message.kind) {
      case 'ready':
        return this.#settleStart?.(message.facts);
      case 'failed':
        return this.#settleStart?.(fromWire(message.error));
      case 'log':
        return this.#log(message.level, `llama.cpp: ${message.message}`);
      case 'events':
        for (const { id, event, hrtimeMs } of message.events)
          this.#calls.get(id)?.push({ event, atMs: hrtimeMs + this.#clockOffsetMs });
    }
  }

  #end(signal: NodeJS.Signals | null, reason: string, resolve: () => void): void {
    this.#isAlive = false;
    const error = this.#isClosing ? closedEngineError('llama-cpp') : crashError(signal, reason, this.#stderr);
    for (const queue of this.#calls.values()) queue.fail(error);
    this.#calls.clear();
    this.#settleStart?.(error);
    resolve();
  }
}

/** The pool of one keeps sequences apart and must be set before the process starts; the crash handler of ggml would start a debugger. */
function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...environment, UV_THREADPOOL_SIZE: '1', GGML_NO_BACKTRACE: '1' };
  delete own['NODE_OPTIONS'];
  return own;
}

const crashHints: Readonly<Record<string, string>> = {
  SIGKILL:
    'It was probably killed for lack of memory: take --preset memory_optimized, a shorter context or a smaller model.',
  SIGILL: 'This CPU lacks instructions that the llama.cpp binary needs; use a server (--base-url).',
};

const crashError = (signal: NodeJS.Signals | null, reason: string, stderr: string): QwenEvalError =>
  new QwenEvalError('E_ENGINE_CRASHED', `The embedded engine's process died (${signal ?? reason}).`, {
    hint:
      crashHints[signal ?? ''] ??
      'Run again; if it dies again, use a server (--base-url) and report the details of this error.',
    retryable: true,
    details: { signal, reason, stderr: stderr.trim() },
  });
