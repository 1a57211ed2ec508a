import { QwenEvalError } from '../../core/errors.ts';

/** The part of a llama.cpp context that decoding needs (node-llama-cpp's native context has this shape). */
export interface DecodingContext {
  initBatch(size: number): void;
  /** Returns the output row of each token index in `outputs`. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, outputs: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  /** False when the memory of this model cannot be cut (recurrent and hybrid models). */
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  disposeSequence(sequence: number): void;
}

export interface Evaluation {
  /** Where the first token stands; whatever the sequence holds from there on is dropped first. At most the sequence's length. */
  readonly position: number;
  readonly tokens: readonly number[];
  /** Indexes into `tokens` (ascending) after which `read` is called with the output row, before anything else is decoded. */
  readonly readAt: readonly number[];
  readonly read: (row: number, index: number) => Promise<void>;
}

/** One of the context's parallel sequences, lent to one request at a time. */
export interface Sequence {
  /** Tokens at the start of the prompt that the sequence already holds. */
  readonly reused: number;
  evaluate(evaluation: Evaluation): Promise<void>;
  release(): void;
}

interface Slot {
  readonly id: number;
  /** What the key-value cache of this sequence holds. */
  readonly held: number[];
  /** How many of them were evaluated as whole prompt blocks, and so equal what a fresh evaluation would give. */
  blocks: number;
  busy: boolean;
}

interface Work {
  readonly slot: Slot;
  readonly signal: AbortSignal;
  readonly evaluation: Evaluation;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  /** Where `tokens` start, and how many tokens before the asked ones had to be added because the memory could not be cut. */
  start: number;
  added: number;
  tokens: readonly number[];
  done: number;
  prepared: boolean;
}

interface Waiter {
  readonly prompt: readonly number[];
  readonly signal: AbortSignal;
  readonly resolve: (sequence: Sequence) => void;
  readonly giveUp: () => void;
}

/** The tokens `from` to `to` of a work, decoded in one batch. */
interface Part {
  readonly work: Work;
  readonly from: number;
  readonly to: number;
}

/**
 * Prompts are decoded in blocks that start at multiples of this, and only whole blocks are kept for the next prompt. So a reused prefix
 * was computed in the very batches a fresh evaluation would use, and alone in its context gives the same bits.
 */
const blockTokens = 128;

/**
 * Decodes the sequences of one context together. A batch is started when every sequence that is about to go on has said so, and lists
 * them by rising number: llama.cpp splits a batch wherever the numbers do not rise by one.
 */
export class BatchDecoder {
  readonly #context: DecodingContext;
  readonly #slots: readonly Slot[];
  readonly #batchSize: number;
  readonly #block: number;
  readonly #waiters: Waiter[] = [];
  readonly #works = new Map<Slot, Work>();
  #running = false;
  #decodes = 0;

  constructor(context: DecodingContext, options: { readonly sequences: number; readonly batchSize: number }) {
    this.#context = context;
    this.#batchSize = Math.max(options.batchSize, options.sequences);
    this.#block = Math.min(blockTokens, this.#batchSize);
    this.#slots = Array.from({ length: options.sequences }, (_, id) => ({ id, held: [], blocks: 0, busy: false }));
  }

  /** Batches decoded so far. */
  get decodes(): number {
    return this.#decodes;
  }

  /** Resolves when nothing is being decoded; asks no sequence to stop. */
  async idle(): Promise<void> {
    while (this.#running) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lends a sequence, in the order of asking. Rejects with the signal's reason when it aborts first. */
  acquire(prompt: readonly number[], signal: AbortSignal): Promise<Sequence> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const giveUp = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = { prompt, signal, resolve, giveUp };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#lend();
    });
  }

  #lend(): void {
    while (this.#waiters.length > 0) {
      const free = this.#slots.filter((slot) => !slot.busy);
      const waiter = free.length > 0 ? this.#waiters.shift() : undefined;
      if (!waiter) return;
      const { prompt, signal, resolve, giveUp } = waiter;
      signal.removeEventListener('abort', giveUp);
      const candidates = free.map((slot) => ({ slot, reused: this.#reusable(slot, prompt) }));
      const best = candidates.reduce((a, b) => (b.reused > a.reused ? b : a));
      best.slot.busy = true;
      resolve(this.#sequence(best.slot, best.reused, signal));
    }
  }

  #sequence(slot: Slot, reused: number, signal: AbortSignal): Sequence {
    return {
      reused,
      evaluate: (evaluation) =>
        new Promise((resolve, reject) => {
          const { position: start, tokens } = evaluation;
          const work = { slot, signal, evaluation, resolve, reject, start, added: 0, tokens, done: 0, prepared: false };
          this.#works.set(slot, work);
          this.#start();
        }),
      release: () => {
        slot.busy = false;
        this.#lend();
      },
    };
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    // After the promises of the last batch have run, every sequence that goes on has its next work in the map.
    setImmediate(() => void this.#step());
  }

  async #step(): Promise<void> {
    const parts = this.#plan();
    if (parts.length > 0) await this.#decode(parts);
    this.#running = false;
    if (this.#works.size > 0) this.#start();
  }

  #plan(): readonly Part[] {
    const works: Work[] = [];
    for (const slot of this.#slots) {
      const work = this.#works.get(slot);
      if (work?.signal.aborted) this.#end(work, () => work.reject(work.signal.reason));
      else if (work) works.push(work);
    }
    for (const work of works) if (!work.prepared) this.#prepare(work);
    let room = this.#batchSize - works.filter((work) => work.tokens.length - work.done === 1).length;
    return works.flatMap((work) => {
      const { done, tokens } = work;
      if (tokens.length - done === 1) return [{ work, from: done, to: done + 1 }];
      const size = Math.min(tokens.length - done, this.#block - ((work.start + done) % this.#block));
      if (size > room) return [];
      room -= size;
      return [{ work, from: done, to: done + size }];
    });
  }

  /** Cuts the sequence to where the work starts; a memory that cannot be cut is filled anew. */
  #prepare(work: Work): void {
    const { slot } = work;
    work.prepared = true;
    if (slot.held.length > work.start) {
      const cut = work.start > 0 && this.#context.removeTokenCellsFromSequence(slot.id, work.start, -1);
      if (!cut) {
        this.#context.disposeSequence(slot.id);
        work.added = work.start;
        work.tokens = [...slot.held.slice(0, work.start), ...work.tokens];
        work.start = 0;
      }
    }
    slot.held.length = work.start;
    slot.blocks = Math.min(slot.blocks, Math.floor(work.start / this.#block) * this.#block);
  }

  async #decode(parts: readonly Part[]): Promise<void> {
    const readings: { readonly part: Part; readonly rows: Uint32Array }[] = [];
    try {
      this.#context.initBatch(parts.reduce((sum, { from, to }) => sum + to - from, 0));
      for (const part of parts) {
        const { work, from, to } = part;
        const outputs = Uint32Array.from(outputsOf(part), (index) => index - from);
        const tokens = Uint32Array.from(work.tokens.slice(from, to));
        const rows = this.#context.addToBatch(work.slot.id, work.start + from, tokens, outputs);
        readings.push({ part, rows });
      }
      await this.#context.decodeBatch();
      this.#decodes++;
    } catch (cause) {
      for (const { work } of parts) this.#fail(work, decodingFailed(cause));
      return;
    }
    await Promise.all(readings.map(({ part, rows }) => this.#finish(part, rows)));
  }

  async #finish(part: Part, rows: Uint32Array): Promise<void> {
    const { work, from, to } = part;
    const { slot, start, evaluation } = work;
    try {
      const outputs = outputsOf(part);
      for (const [index, row] of rows.entries()) await evaluation.read(row, (outputs[index] ?? 0) - work.added);
    } catch (error) {
      this.#fail(work, error);
      return;
    }
    if (to - from === this.#block && slot.blocks === start + from) slot.blocks += this.#block;
    for (let index = from; index < to; index++) slot.held.push(work.tokens[index] ?? 0);
    work.done = to;
    if (to === work.tokens.length) this.#end(work, work.resolve);
  }

  #fail(work: Work, reason: unknown): void {
    this.#context.disposeSequence(work.slot.id);
    work.slot.held.length = 0;
    work.slot.blocks = 0;
    this.#end(work, () => work.reject(reason));
  }

  #end(work: Work, settle: () => void): void {
    this.#works.delete(work.slot);
    settle();
  }

  /** How many tokens at the start of a prompt the slot holds in whole blocks; at least one token is left to evaluate. */
  #reusable(slot: Slot, prompt: readonly number[]): number {
    const limit = Math.min(slot.blocks, prompt.length - 1);
    let common = 0;
    while (common < limit && slot.held[common] === prompt[common]) common++;
    return Math.floor(common / this.#block) * this.#block;
  }
}

/** Indexes into the work's tokens, within this part, whose output is read. */
const outputsOf = ({ work, from, to }: Part): readonly number[] =>
  work.evaluation.readAt.map((index) => index + work.added).filter((index) => index >= from && index < to);

const decodingFailed = (cause: unknown): QwenEvalError =>
  new QwenEvalError(
    'E_ENGINE_SERVER',
    `llama.cpp could not decode a batch: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { cause, retryable: true, hint: 'Fewer sequences or a shorter context (--max-model-len) need less memory.' },
  );
