import type { Dispatcher } from 'undici';
import type { EngineSettings } from '../../core/ports/engine.ts';
import { QwenEvalError } from '../../core/errors.ts';
import type { ResponseHeaders } from './retry-after.ts';
import { transportError } from './transport-error.ts';

export type Deadlines = EngineSettings['deadlines'];

/** Receives one response. After `onEnd` or `onFailure` nothing more comes. */
export interface ResponseSink {
  /** A connection stands and the request goes out on it. */
  onSent?(atMs: number): void;
  onStatus(status: number, headers: ResponseHeaders): void;
  /** `atMs` is stamped before anything else is done with the bytes. */
  onData(chunk: Buffer, atMs: number): void;
  onEnd(atMs: number): void;
  onFailure(error: unknown): void;
}

export interface ExchangeRequest {
  readonly pool: Pick<Dispatcher, 'dispatch'>;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: string | null;
  /** Address for messages. */
  readonly url: string;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
}

type Stage = 'connect' | 'firstByte' | 'idle' | 'total';

const stageText: Readonly<Record<Stage, readonly [what: string, hint: string]>> = {
  connect: ['no connection to', 'Check host and port of --base-url and the network in between.'],
  firstByte: [
    'no answer from',
    'The server may still load the model or be overloaded: raise --request-timeout or lower --max-connections.',
  ],
  idle: [
    'nothing more came from',
    'The server stalled in the middle of an answer: look into its log, or raise --idle-timeout.',
  ],
  total: ['no complete answer from', 'Raise --request-timeout, or lower --max-tokens.'],
};

function timeoutError(stage: Stage, url: string, ms: number): QwenEvalError {
  const [what, hint] = stageText[stage];
  return new QwenEvalError('E_ENGINE_TIMEOUT', `${what} ${url} within ${ms / 1000} s`, {
    hint,
    retryable: true,
    details: { stage, deadlineMs: ms },
  });
}

/** One request on its way: passes the response to a sink and keeps its own deadlines, since undici's are off. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest;
  readonly #sink: ResponseSink;
  #totalTimer: NodeJS.Timeout | undefined;
  #stageTimer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #responded = false;
  #hasData = false;
  #done = false;

  constructor(request: ExchangeRequest, sink: ResponseSink) {
    this.#request = request;
    this.#sink = sink;
  }

  /** Sends the request; the deadlines run from here. */
  send(): void {
    const { pool, method, path, headers, body, deadlines } = this.#request;
    this.#totalTimer = this.#timer('total', deadlines.totalMs);
    this.#stageTimer = this.#timer('connect', deadlines.connectMs);
    try {
      pool.dispatch({ method, path, headers, body }, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Breaks the exchange off; the connection is closed so that the server frees the slot. Does nothing after the end. */
  cancel(reason: unknown): void {
    this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) {
      controller.abort(new Error('given up before the connection stood'));
      return;
    }
    this.#sink.onSent?.(this.#request.nowMs());
    this.#enter('firstByte', this.#request.deadlines.firstByteMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#done || status < 200) return;
    this.#responded = true;
    this.#sink.onStatus(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const atMs = this.#request.nowMs();
    if (this.#done) return;
    if (this.#hasData) this.#stageTimer?.refresh();
    else {
      this.#hasData = true;
      this.#enter('idle', this.#request.deadlines.idleMs);
    }
    this.#sink.onData(chunk, atMs);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    const atMs = this.#request.nowMs();
    this.#finish();
    this.#sink.onEnd(atMs);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(transportError(error, this.#request.url, this.#responded));
  }

  #timer(stage: Stage, ms: number | null): NodeJS.Timeout | undefined {
    if (ms === null) return undefined;
    return setTimeout(() => this.#fail(timeoutError(stage, this.#request.url, ms)), ms);
  }

  #enter(stage: Stage, ms: number | null): void {
    clearTimeout(this.#stageTimer);
    this.#stageTimer = this.#timer(stage, ms);
  }

  #finish(): void {
    this.#done = true;
    clearTimeout(this.#stageTimer);
    clearTimeout(this.#totalTimer);
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#finish();
    this.#controller?.abort(new Error('given up'));
    this.#sink.onFailure(error);
  }
}
