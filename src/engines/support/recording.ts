import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { QwenEvalError } from '../../core/errors.ts';
import { unknownUsage, type FinishReason, type Prompt, type Usage } from '../../core/generation.ts';
import type { ChatMessage, ToolCall } from '../../core/message.ts';
import type { ContinuationScore } from '../../core/response.ts';
import { sampleRecordSchema, type RecordedTurn, type SampleRecord } from '../../core/sample-record.ts';

/** One recorded answer. */
export interface RecordedAnswer {
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly seed: number | null;
}

/** Everything a file holds, by the hash of what was asked. */
export interface Recording {
  readonly answers: ReadonlyMap<string, readonly RecordedAnswer[]>;
  readonly scores: ReadonlyMap<string, readonly ContinuationScore[]>;
  /** All answers in the order of the file. */
  readonly inOrder: readonly RecordedAnswer[];
}

const digest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

const messageKey = (message: ChatMessage): unknown => ({
  role: message.role,
  content: message.content,
  reasoning: message.reasoning,
  toolCalls: message.toolCalls?.map((call) => ({ name: call.name, arguments: call.arguments })),
  toolCallId: message.toolCallId,
});

/** Hash of a prompt: of its messages, its text or its token ids. */
export function promptHash(prompt: Prompt): string {
  if (prompt.kind === 'text') return digest({ text: prompt.text });
  if (prompt.kind === 'tokens') return digest({ ids: prompt.ids });
  return digest({ messages: prompt.messages.map(messageKey) });
}

/** Hash of a context with the continuations that are scored after it. */
export const continuationHash = (context: string, continuations: readonly string[]): string =>
  digest({ context, continuations });

const count = z.int().nonnegative().nullable().default(null);
const plainRecordSchema = z
  .strictObject({
    prompt: z.string().optional(),
    messages: z
      .array(z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.string() }))
      .optional(),
    response: z.string().nullable(),
    reasoning: z.string().nullable().default(null),
    toolCalls: z
      .array(z.strictObject({ id: z.string().nullable().default(null), name: z.string(), arguments: z.string() }))
      .default([]),
    finishReason: z
      .enum(['stop', 'length', 'tool_calls', 'content_filter', 'abort', 'error', 'unknown'])
      .default('unknown'),
    usage: z
      .strictObject({
        promptTokens: count,
        completionTokens: count,
        reasoningTokens: count,
        cachedPromptTokens: count,
      })
      .default(unknownUsage),
    seed: z.int().nullable().default(null),
  })
  .refine((record) => (record.prompt === undefined) !== (record.messages === undefined), {
    message: 'a record has either "prompt" or "messages"',
  });

interface Entry {
  readonly prompts: readonly Prompt[];
  readonly answer: RecordedAnswer;
}

const turnAnswer = (turn: RecordedTurn, seed: number | null): RecordedAnswer => ({
  text: turn.text,
  reasoning: turn.reasoning,
  toolCalls: turn.toolCalls,
  finishReason: turn.finishReason,
  usage: turn.usage,
  seed,
});

// Schema output marks absent members as undefined, messages leave them out.
const asMessages = (messages: readonly object[]): readonly ChatMessage[] => messages as readonly ChatMessage[];

/** The answers of a sample with what each was asked: the first turn the request, the later ones the conversation up to them. */
function sampleEntries(record: SampleRecord): readonly Entry[] {
  // A request that failed for good left no answer to give again.
  if (record.request.kind !== 'chat' || (record.unscored !== null && record.finishReason === 'error')) return [];
  const { messages, prompt } = record.request;
  const single: RecordedAnswer = {
    text: record.response,
    reasoning: record.reasoning,
    toolCalls: record.toolCalls,
    finishReason: record.finishReason,
    usage: record.usage,
    seed: record.seed,
  };
  const answers = record.turns?.map((turn) => turnAnswer(turn, record.seed)) ?? [single];
  const transcript = asMessages(record.transcript ?? messages);
  // Assistant messages after the request are the model's own turns: each was asked with what stands before it.
  const asked = transcript.flatMap(({ role }, index) =>
    index >= messages.length && role === 'assistant' ? [index] : [],
  );
  return [...asked, transcript.length].flatMap((length, turn) => {
    const answer = answers[turn];
    if (answer === undefined) return [];
    const chat: Prompt = { kind: 'messages', messages: transcript.slice(0, length) };
    const rendered: readonly Prompt[] = turn === 0 && prompt !== undefined ? [{ kind: 'text', text: prompt }] : [];
    return [{ prompts: [chat, ...rendered], answer }];
  });
}

function plainEntry(record: z.infer<typeof plainRecordSchema>): Entry {
  const { prompt, messages, response, ...rest } = record;
  const asked: Prompt =
    prompt === undefined ? { kind: 'messages', messages: asMessages(messages ?? []) } : { kind: 'text', text: prompt };
  return { prompts: [asked], answer: { ...rest, text: response } };
}

interface Building {
  readonly answers: Map<string, RecordedAnswer[]>;
  readonly scores: Map<string, readonly ContinuationScore[]>;
  readonly inOrder: RecordedAnswer[];
}

function addEntry(building: Building, { prompts, answer }: Entry): void {
  building.inOrder.push(answer);
  for (const prompt of prompts) {
    const key = promptHash(prompt);
    const list = building.answers.get(key);
    if (list === undefined) building.answers.set(key, [answer]);
    else list.push(answer);
  }
}

function addLine(building: Building, value: unknown): void {
  if (typeof value !== 'object' || value === null || !('request' in value)) {
    addEntry(building, plainEntry(plainRecordSchema.parse(value)));
    return;
  }
  const record = sampleRecordSchema.parse(value);
  if (record.request.kind === 'continuations' && record.continuations !== null)
    building.scores.set(continuationHash(record.request.context, record.request.continuations), record.continuations);
  for (const entry of sampleEntries(record)) addEntry(building, entry);
}

/**
 * Parses a samples.jsonl or a JSONL file of `{prompt | messages, response, …}` records; a torn last line is left out. Throws
 * E_INPUT_INVALID that names the line, and for a file without records.
 */
export function parseRecording(text: string, path: string): Recording {
  const building: Building = { answers: new Map(), scores: new Map(), inOrder: [] };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      addLine(building, JSON.parse(line));
    } catch (cause) {
      if (cause instanceof SyntaxError && index === lines.length - 1) continue;
      const problem = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : 'not JSON';
      throw new QwenEvalError('E_INPUT_INVALID', `${path} line ${index + 1} is no recorded answer: ${problem}`, {
        hint: 'A record has "prompt" or "messages", and "response"; or it is a line of samples.jsonl.',
        cause,
      });
    }
  }
  if (building.inOrder.length === 0 && building.scores.size === 0)
    throw new QwenEvalError('E_INPUT_INVALID', `${path} holds no recorded answers`, {
      hint: 'Give a samples.jsonl of a run, or a JSONL file of {"prompt", "response"} records.',
    });
  return building;
}
