import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { QwenEvalError } from '../../core/errors.ts';
import { unknownUsage, type GenerationDelta, type Usage } from '../../core/generation.ts';
import type { ResponseSink } from './http-exchange.ts';
import { statusError, streamedError, withoutSecret, type ErrorContext } from './http-error.ts';
import type { ResponseHeaders } from './retry-after.ts';
import { readServerError } from './server-error.ts';
import {
  carriesText,
  choiceDeltas,
  readFinishReason,
  readUsage,
  streamChunkSchema,
  type StreamChoice,
} from './stream-chunk.ts';

type Reader = (result: IteratorResult<GenerationDelta>) => void;

const finished: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Beyond this many bytes the body of a failed response is not kept. */
const longestErrorBytes = 65_536;

interface Exchange {
  send(): void;
  cancel(reason: unknown): void;
}

export interface GenerationStreamOptions {
  readonly context: ErrorContext;
  /** Makes the exchange that feeds this stream; called when the first delta is asked for. */
  readonly start: (sink: ResponseSink) => Exchange;
  /** Called once, with the error when there was one. */
  readonly onSettled: (error: unknown) => void;
}

/**
 * One streamed generation: takes the bytes of a response, gives deltas. Starts when it is first read; leaving the loop closes the connection.
 *
 * What arrives is only stamped at once and read after every other connection that had data was stamped too: with hundreds of
 * streams the reading of one would else be counted as the latency of the next.
 */
export class GenerationStream implements AsyncIterableIterator<GenerationDelta>, ResponseSink {
  readonly #options: GenerationStreamOptions;
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser: EventSourceParser;
  #exchange: Exchange | null = null;
  #queue: GenerationDelta[] = [];
  #next = 0;
  #reader: { readonly resolve: Reader; readonly reject: (error: unknown) => void } | null = null;
  #settled = false;
  #error: unknown = null;
  #status = 0;
  #headers: ResponseHeaders = {};
  #unread: (() => void)[] = [];
  #errorChunks: Buffer[] = [];
  #errorBytes = 0;
  #atMs = 0;
  #sentAtMs: number | null = null;
  #opened = false;
  #hasText = false;
  #hasContent = false;
  #rawReason: string | null = null;
  #usage: Usage = unknownUsage;
  #servedModel: string | null = null;

  constructor(options: GenerationStreamOptions) {
    this.#options = options;
    this.#parser = createParser({
      onEvent: ({ data }) => this.#onEvent(data),
      onError: ({ line, message }) => this.#garbled(line ?? message),
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<GenerationDelta>> {
    if (this.#exchange === null && !this.#settled) {
      this.#exchange = this.#options.start(this);
      this.#exchange.send();
    }
    const delta = this.#queue[this.#next];
    if (delta !== undefined) {
      this.#next++;
      if (this.#next === this.#queue.length) {
        this.#queue = [];
        this.#next = 0;
      }
      return Promise.resolve({ done: false, value: delta });
    }
    if (this.#settled) {
      if (this.#error === null) return Promise.resolve(finished);
      const error = this.#error;
      // An error is told once; after it the stream is over.
      this.#error = null;
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<GenerationDelta>> {
    this.#queue = [];
    this.#next = 0;
    if (!this.#settled) this.#settle(null);
    this.#error = null;
    this.#exchange?.cancel(new Error('the reader left'));
    return Promise.resolve(finished);
  }

  /** Ends the stream with the error at once: what was not read yet is dropped. */
  abort(error: unknown): void {
    if (this.#settled) return;
    this.#queue = [];
    this.#next = 0;
    this.#fail(error);
  }

  onSent(atMs: number): void {
    this.#sentAtMs = atMs;
  }

  onStatus(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer, atMs: number): void {
    this.#readSoon(() => this.#readData(chunk, atMs));
  }

  onEnd(atMs: number): void {
    this.#readSoon(() => this.#readEnd(atMs));
  }

  onFailure(error: unknown): void {
    this.#readSoon(() => this.#fail(error));
  }

  /** Immediates run when all connections that had data were served; the steps of one stream stay in order. */
  #readSoon(step: () => void): void {
    if (this.#settled) return;
    this.#unread.push(step);
    if (this.#unread.length === 1) setImmediate(this.#readAll);
  }

  readonly #readAll = (): void => {
    const steps = this.#unread;
    this.#unread = [];
    for (const step of steps) if (!this.#settled) step();
  };

  #readData(chunk: Buffer, atMs: number): void {
    if (this.#status !== 200) {
      if (this.#errorBytes < longestErrorBytes) this.#errorChunks.push(chunk);
      this.#errorBytes += chunk.length;
      return;
    }
    this.#atMs = atMs;
    this.#parser.feed(this.#decoder.write(chunk));
  }

  #readEnd(atMs: number): void {
    if (this.#status !== 200) {
      const body = Buffer.concat(this.#errorChunks).toString('utf8');
      return this.#fail(statusError({ status: this.#status, headers: this.#headers, body }, this.#options.context));
    }
    this.#atMs = atMs;
    // Servers may leave out the empty line after the last event.
    this.#parser.feed(`${this.#decoder.end()}\n\n`);
    if (!this.#settled) this.#complete();
  }

  #onEvent(data: string): void {
    if (this.#settled) return;
    if (data === '[DONE]') return this.#complete();
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return this.#garbled(data);
    }
    const parsed = streamChunkSchema.safeParse(value);
    if (!parsed.success) return this.#refuse(value, data);
    const chunk = parsed.data;
    if (chunk.error !== undefined && chunk.error !== null) return this.#refuse(value, data);
    if (!chunk.choices && !chunk.usage) return this.#refuse(value, data);
    if (!this.#opened) {
      this.#opened = true;
      this.#push({ kind: 'open', atMs: this.#atMs });
    }
    if (chunk.model) this.#servedModel ??= chunk.model;
    if (chunk.usage) this.#usage = readUsage(chunk.usage);
    for (const choice of chunk.choices ?? []) if ((choice.index ?? 0) === 0) this.#onChoice(choice);
  }

  #onChoice(choice: StreamChoice): void {
    if (carriesText(choice)) this.#hasText = true;
    for (const delta of choiceDeltas(choice, this.#atMs)) {
      if (delta.kind === 'content') this.#hasContent = true;
      this.#push(delta);
    }
    if (choice.finish_reason) this.#rawReason = choice.finish_reason;
  }

  /** The end of the answer: complete only when the server said why it ended. */
  #complete(): void {
    const raw = this.#rawReason;
    const { url } = this.#options.context;
    if (raw === null)
      return this.#fail(
        new QwenEvalError('E_ENGINE_STREAM', `${url} ended an answer without saying why it ended`, {
          hint: 'The answer may be cut; the sample is asked again. Look into the server’s log and any proxy in between.',
          retryable: true,
        }),
      );
    const atMs = this.#atMs;
    // An empty text is an answer; a content that never came is null.
    if (this.#hasText && !this.#hasContent) this.#push({ kind: 'content', text: '', atMs });
    const served = this.#servedModel === null ? {} : { servedModel: this.#servedModel };
    const sent = this.#sentAtMs === null ? {} : { sentAtMs: this.#sentAtMs };
    const reason = readFinishReason(raw);
    this.#push({ kind: 'finish', reason, rawReason: raw, usage: this.#usage, ...served, ...sent, atMs });
    this.#settle(null);
  }

  #refuse(value: unknown, data: string): void {
    const error = readServerError(value);
    if (error === null) return this.#garbled(data);
    this.#fail(streamedError(error, this.#options.context));
  }

  #garbled(text: string): void {
    if (this.#settled) return;
    const { url, secret } = this.#options.context;
    const shown = JSON.stringify(withoutSecret(text.length > 120 ? `${text.slice(0, 120)}…` : text, secret));
    this.#fail(
      new QwenEvalError('E_ENGINE_STREAM', `${url} sent something that is no chunk of an answer: ${shown}`, {
        hint: 'Check that --base-url leads to an OpenAI-compatible server, and any proxy in between.',
        retryable: true,
      }),
    );
  }

  #push(delta: GenerationDelta): void {
    if (this.#reader === null) {
      this.#queue.push(delta);
      return;
    }
    const { resolve } = this.#reader;
    this.#reader = null;
    resolve({ done: false, value: delta });
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#settle(error);
    this.#exchange?.cancel(error);
  }

  #settle(error: unknown): void {
    this.#settled = true;
    this.#options.onSettled(error);
    const reader = this.#reader;
    if (reader === null) return;
    this.#reader = null;
    if (error === null) reader.resolve(finished);
    else {
      this.#error = null;
      reader.reject(error);
    }
  }
}
