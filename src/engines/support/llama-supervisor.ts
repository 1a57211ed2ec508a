import { QwenEvalError } from '../../core/errors.ts';
import type { EngineDependencies } from '../../core/ports/engine.ts';
import { closedEngineError } from './closed-engine-error.ts';
import { EventQueue } from './event-queue.ts';
import { fromWire, LlamaProcess, type CallMessage, type TimedEvent } from './llama-process.ts';
import type { CallEvent, LlamaFacts, LlamaSettings } from './llama-protocol.ts';

const restartsAllowed = 1;

/** How long to wait, in milliseconds; null is for ever. */
export interface CallDeadlines {
  /** Until the request gets a sequence. */
  readonly firstByteMs: number | null;
  /** Between two events once text comes; the evaluation of a long prompt is silent and not meant. */
  readonly idleMs: number | null;
  readonly totalMs: number | null;
}

interface Call {
  readonly build: (id: number) => CallMessage;
  readonly deadlines: CallDeadlines;
  readonly signal: AbortSignal | undefined;
}

/** Keeps one child process running: a dead one is replaced once, for the requests that come after. */
export class LlamaSupervisor {
  readonly #settings: LlamaSettings;
  readonly #dependencies: Pick<EngineDependencies, 'nowMs' | 'log'>;
  readonly facts: LlamaFacts;
  #process: LlamaProcess;
  #starting: Promise<LlamaProcess> | null = null;
  #restarts = 0;
  #isClosed = false;

  private constructor(
    settings: LlamaSettings,
    dependencies: Pick<EngineDependencies, 'nowMs' | 'log'>,
    started: { readonly process: LlamaProcess; readonly facts: LlamaFacts },
  ) {
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.facts = started.facts;
    this.#process = started.process;
  }

  static async start(
    settings: LlamaSettings,
    dependencies: Pick<EngineDependencies, 'nowMs' | 'log'>,
  ): Promise<LlamaSupervisor> {
    return new LlamaSupervisor(settings, dependencies, await LlamaProcess.start(settings, dependencies));
  }

  get processId(): number | null {
    return this.#process.processId;
  }

  /**
   * The events of one request up to its last. Throws the child's QwenEvalError, E_ENGINE_CRASHED (retryable) when the process dies,
   * E_ENGINE_TIMEOUT, or the signal's reason. Leaving the loop early frees the sequence.
   */
  async *call({ build, deadlines, signal }: Call): AsyncGenerator<TimedEvent, void, undefined> {
    signal?.throwIfAborted();
    const process = await this.#running();
    const queue = new EventQueue<TimedEvent>();
    const onAbort = (): void => queue.fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const id = process.call(queue, build);
    const watch = new Watch(queue, deadlines);
    let isOver = false;
    try {
      while (!isOver) {
        const timed = await queue.next();
        signal?.throwIfAborted();
        isOver = ['finish', 'scores', 'ids', 'error'].includes(timed.event.kind);
        if (timed.event.kind === 'error') throw fromWire(timed.event.error);
        watch.saw(timed.event.kind);
        yield timed;
      }
    } finally {
      watch.stop();
      signal?.removeEventListener('abort', onAbort);
      process.forget(id, isOver);
    }
  }

  /** The one event that answers a request which streams nothing. Throws like `call`. */
  async answer<Kind extends 'scores' | 'ids'>(kind: Kind, call: Call): Promise<Extract<CallEvent, { kind: Kind }>> {
    for await (const { event } of this.call(call))
      if (event.kind === kind) return event as Extract<CallEvent, { kind: Kind }>;
    throw new QwenEvalError('E_BUG', `The embedded engine ended a request without ${kind}.`);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#starting?.catch(() => undefined);
    await this.#process.close();
  }

  async #running(): Promise<LlamaProcess> {
    if (this.#isClosed) throw closedEngineError('llama-cpp');
    if (this.#process.isAlive) return this.#process;
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #restart(): Promise<LlamaProcess> {
    if (this.#restarts >= restartsAllowed)
      throw new QwenEvalError('E_ENGINE_CRASHED', "The embedded engine's process died again after a restart.", {
        hint: 'Use a smaller model or context, or a server (--base-url); then resume the run.',
      });
    this.#restarts++;
    this.#dependencies.log('warn', 'The embedded engine is started again after its process died.');
    const { process } = await LlamaProcess.start(this.#settings, this.#dependencies);
    this.#process = process;
    return process;
  }
}

/** Fails the queue when a deadline passes. */
class Watch {
  readonly #queue: EventQueue<TimedEvent>;
  readonly #deadlines: CallDeadlines;
  readonly #total: NodeJS.Timeout | null;
  #current: NodeJS.Timeout | null;

  constructor(queue: EventQueue<TimedEvent>, deadlines: CallDeadlines) {
    this.#queue = queue;
    this.#deadlines = deadlines;
    this.#total = this.#after(deadlines.totalMs, 'the whole answer');
    this.#current = this.#after(deadlines.firstByteMs, 'a free sequence');
  }

  saw(kind: TimedEvent['event']['kind']): void {
    if (this.#current) clearTimeout(this.#current);
    this.#current = kind === 'content' ? this.#after(this.#deadlines.idleMs, 'the next token') : null;
  }

  stop(): void {
    for (const timer of [this.#total, this.#current]) if (timer) clearTimeout(timer);
  }

  #after(limitMs: number | null, what: string): NodeJS.Timeout | null {
    if (limitMs === null) return null;
    return setTimeout(() => {
      this.#queue.fail(
        new QwenEvalError('E_ENGINE_TIMEOUT', `The embedded engine took longer than ${limitMs} ms for ${what}.`, {
          hint: 'Raise the deadline, or use fewer parallel requests.',
          retryable: true,
        }),
      );
    }, limitMs);
  }
}
