import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Options } from '../../config/options.ts';
import { QwenEvalError } from '../../core/errors.ts';
import type { Task } from '../../core/ports/task.ts';
import type { Sample } from '../../core/sample.ts';
import { EpochNumbers, unreadableResponses } from '../outside-responses.ts';
import type { ScoreTarget } from '../score-target.ts';
import { ScoreTally } from '../score-tally.ts';
import type { ResponseChunk, ScoredChunk, ScoringThreadData } from './scored-chunk.ts';

/** Bytes of responses from which on starting threads is worth its time. */
const worthwhileBytes = 48 * 1024 * 1024;
const usualChunkBytes = 1024 * 1024;
const mostThreads = 8;
/** Chunks a thread may have before it: one to work on, one to go on with. */
const chunksAhead = 2;
const newline = 0x0a;

/** True for a large file of answers whose scorer needs nothing but the text, where only totals are wanted. */
export function canScoreInParallel(
  request: { readonly responses: string; readonly onScored?: unknown },
  task: Pick<Task, 'needs'>,
): boolean {
  const needsText = !task.needs.includes('sandbox') && !task.needs.includes('judge');
  if (request.onScored !== undefined || !needsText || availableParallelism() < 2) return false;
  return (statSync(request.responses, { throwIfNoEntry: false })?.size ?? 0) >= worthwhileBytes;
}

/** Parts of a file, cut at line ends, in constant memory. */
export function* readChunks(path: string, size: number): Generator<ResponseChunk> {
  const descriptor = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let firstLine = 1;
    for (;;) {
      const buffer = Buffer.alloc(rest.length + size);
      rest.copy(buffer);
      const length = readSync(descriptor, buffer, rest.length, size, null);
      const filled = buffer.subarray(0, rest.length + length);
      const end = length === 0 ? filled.length : filled.lastIndexOf(newline) + 1;
      rest = Buffer.from(filled.subarray(end));
      if (end > 0) {
        // A buffer of its own, so that it can be handed over without a copy.
        const bytes = new Uint8Array(filled.subarray(0, end));
        yield { bytes, firstLine };
        firstLine += linesIn(filled.subarray(0, end));
      }
      if (length === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/** Adds the verdicts of threads up in the order of the file. */
class ChunkTally {
  readonly tally = new ScoreTally();
  readonly #epochs = new EpochNumbers();
  readonly #samples: readonly Sample[];
  readonly #path: string;

  constructor(target: ScoreTarget, path: string) {
    this.#samples = [...target.samples.values()];
    this.#path = path;
  }

  /** Throws what ended the chunk, or E_INPUT_INVALID for a repeated epoch. */
  add({ samples, lines, epochs, scores, codes, truncated, codeNames, measured, error }: ScoredChunk): void {
    const measures = new Map(measured);
    for (let row = 0; row < samples.length; row++) {
      const sample = this.#samples[samples[row] ?? -1];
      if (sample === undefined) throw new QwenEvalError('E_BUG', 'a thread scored a sample that is not there');
      const epoch = epochs[row] ?? -1;
      this.#epochs.next(sample.id, {
        given: epoch < 0 ? null : epoch,
        where: () => `line ${lines[row]} of ${this.#path}`,
      });
      const score = scores[row] ?? Number.NaN;
      this.tally.countScored(sample, {
        score: Number.isNaN(score) ? null : score,
        measures: measures.get(row) ?? null,
        code: codeNames[(codes[row] ?? 0) - 1] ?? null,
        isTruncated: truncated[row] === 1,
      });
    }
    if (error === null) return;
    if (error.code === null) throw new Error(error.message);
    throw new QwenEvalError(error.code, error.message, error.hint === null ? {} : { hint: error.hint });
  }
}

/** One thread and the answers it owes, oldest first. */
class ScoringThread {
  readonly #worker: Worker;
  readonly #owed: { readonly resolve: (chunk: ScoredChunk) => void; readonly reject: (error: unknown) => void }[] = [];
  #failure: unknown = null;

  constructor(data: ScoringThreadData) {
    const script = createRequire(import.meta.url).resolve('#dist/runner/parallel/score-thread.js');
    this.#worker = new Worker(script, { workerData: data });
    this.#worker.on('message', (chunk: ScoredChunk) => this.#owed.shift()?.resolve(chunk));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a scoring thread ended with ${code}`)));
  }

  score(chunk: ResponseChunk): Promise<ScoredChunk> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#owed.push({ resolve, reject });
      this.#worker.postMessage(chunk, [chunk.bytes.buffer as ArrayBuffer]);
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#owed.splice(0)) reject(error);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Scores a file of responses on all cores, in memory that does not grow with it; totals and errors are those of scoring line by line. */
export async function scoreInParallel(
  responses: string,
  request: { readonly target: ScoreTarget; readonly options: Options; readonly chunkBytes?: number },
): Promise<ScoreTally> {
  const { target, options, chunkBytes = usualChunkBytes } = request;
  const count = Math.min(mostThreads, availableParallelism());
  const threads = Array.from({ length: count }, () => new ScoringThread({ task: target.task.id, options, responses }));
  const total = new ChunkTally(target, responses);
  const pending: Promise<ScoredChunk>[] = [];
  try {
    let next = 0;
    for (const chunk of chunksOf(responses, chunkBytes)) {
      const scored = threads[next++ % count]?.score(chunk);
      if (scored === undefined) continue;
      // Its failure is thrown when its turn comes.
      scored.catch(() => undefined);
      pending.push(scored);
      if (pending.length < count * chunksAhead) continue;
      const first = await pending.shift();
      if (first) total.add(first);
    }
    for (const each of pending) total.add(await each);
    return total.tally;
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

function* chunksOf(responses: string, chunkBytes: number): Generator<ResponseChunk> {
  try {
    yield* readChunks(responses, chunkBytes);
  } catch (cause) {
    throw cause instanceof QwenEvalError ? cause : unreadableResponses(responses, cause);
  }
}
