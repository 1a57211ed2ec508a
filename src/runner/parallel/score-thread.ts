import { parentPort, workerData } from 'node:worker_threads';
import { isQwenEvalError } from '../../core/errors.ts';
import type { Sample } from '../../core/sample.ts';
import { loadTask } from '../load-plugin.ts';
import { readOutsideResponse } from '../outside-responses.ts';
import { tallied } from '../response-tally.ts';
import { scoreResponse } from '../score-response.ts';
import { loadScoreTarget, responseOf, type ScoreTarget } from '../score-target.ts';
import { systemDependencies } from '../system-dependencies.ts';
import type { ResponseChunk, ScoredChunk, ScoringThreadData, ThreadError } from './scored-chunk.ts';

// Entry of a thread that scores parts of a file of responses: a chunk comes in, its verdicts go out.

const services = { sandbox: null, judge: null };
const newline = 0x0a;

const asThreadError = (error: unknown): ThreadError =>
  isQwenEvalError(error)
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error), hint: null };

function* linesOf({ bytes, firstLine }: ResponseChunk): Generator<{ readonly line: string; readonly number: number }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let number = firstLine;
  for (let from = 0; from < buffer.length; number++) {
    const found = buffer.indexOf(newline, from);
    const end = found < 0 ? buffer.length : found;
    yield { line: buffer.toString('utf8', from, end), number };
    from = end + 1;
  }
}

class Verdicts {
  readonly #places: ReadonlyMap<string, number>;
  readonly #columns = { samples: [], lines: [], epochs: [], scores: [], codes: [], truncated: [] } as Record<
    'samples' | 'lines' | 'epochs' | 'scores' | 'codes' | 'truncated',
    number[]
  >;
  readonly #codeNames: string[] = [];
  readonly #measured: [number, Readonly<Record<string, number | null>>][] = [];

  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
  }

  add(
    { sample, epoch, number }: { readonly sample: Sample; readonly epoch: number | null; readonly number: number },
    { score, measures, code, isTruncated }: ReturnType<typeof tallied>,
  ): void {
    const columns = this.#columns;
    for (const _ in measures) {
      this.#measured.push([columns.samples.length, measures ?? {}]);
      break;
    }
    columns.samples.push(this.#places.get(sample.id) ?? 0);
    columns.lines.push(number);
    columns.epochs.push(epoch ?? -1);
    columns.scores.push(score ?? Number.NaN);
    columns.codes.push(code === null ? 0 : this.#placeOf(code));
    columns.truncated.push(isTruncated ? 1 : 0);
  }

  #placeOf(code: string): number {
    const place = this.#codeNames.indexOf(code);
    return place < 0 ? this.#codeNames.push(code) : place + 1;
  }

  chunk(error: ThreadError | null): ScoredChunk {
    const { samples, lines, epochs, scores, codes, truncated } = this.#columns;
    return {
      samples: Uint32Array.from(samples),
      lines: Uint32Array.from(lines),
      epochs: Float64Array.from(epochs),
      scores: Float64Array.from(scores),
      codes: Uint16Array.from(codes),
      truncated: Uint8Array.from(truncated),
      codeNames: this.#codeNames,
      measured: this.#measured,
      error,
    };
  }
}

function scoreChunk(
  chunk: ResponseChunk,
  {
    target,
    places,
    path,
  }: { readonly target: ScoreTarget; readonly places: Map<string, number>; readonly path: string },
): ScoredChunk {
  const { task, settings, samples } = target;
  const verdicts = new Verdicts(places);
  try {
    for (const { line, number } of linesOf(chunk)) {
      const answer = readOutsideResponse(line, { samples, where: () => `line ${number} of ${path}` });
      if (answer === null) continue;
      const { sample, epoch, finishReason } = answer;
      const explained = scoreResponse({ task, sample, settings, response: responseOf(answer), services });
      if (explained instanceof Promise) throw new Error(`the scorer of ${task.id} does not answer at once`);
      verdicts.add({ sample, epoch, number }, tallied(explained, finishReason === 'length'));
    }
    return verdicts.chunk(null);
  } catch (error) {
    return verdicts.chunk(asThreadError(error));
  }
}

const port = parentPort;
if (port !== null) {
  const { task, options, responses } = workerData as ScoringThreadData;
  const target = await loadScoreTarget(await loadTask(task), options, systemDependencies(options));
  const places = new Map([...target.samples.keys()].map((id, place) => [id, place]));
  port.on('message', (chunk: ResponseChunk) =>
    port.postMessage(scoreChunk(chunk, { target, places, path: responses })),
  );
}
