import { z } from 'zod';

const nullableInteger = z.int().nonnegative().nullable();
const nullableNumber = z.number().nullable();

const usageSchema = z.strictObject({
  promptTokens: nullableInteger,
  completionTokens: nullableInteger,
  reasoningTokens: nullableInteger,
  cachedPromptTokens: nullableInteger,
});

/** Times as they were taken; null on an imported record whose log does not tell. */
const timingsSchema = z.strictObject({
  startedAt: z.string().nullable(),
  latencyMs: nullableNumber,
  timeToFirstChunkMs: nullableNumber,
  timeToFirstTokenMs: nullableNumber,
  timeToFirstContentMs: nullableNumber,
  meanGapMs: nullableNumber,
  maxGapMs: nullableNumber,
  chunks: nullableInteger,
});

const toolCallSchema = z.strictObject({ id: z.string().nullable(), name: z.string(), arguments: z.string() });

const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  reasoning: z.string().exactOptional(),
  toolCalls: z.array(toolCallSchema).readonly().exactOptional(),
  toolCallId: z.string().exactOptional(),
  name: z.string().exactOptional(),
});

const finishReasonSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'abort', 'error', 'unknown']);
const thinkingSchema = z.enum(['none', 'empty', 'paired', 'close_only', 'unclosed', 'field', 'field_only']);

const turnSchema = z.strictObject({
  text: z.string().nullable(),
  reasoning: z.string().nullable(),
  toolCalls: z.array(toolCallSchema).readonly(),
  finishReason: finishReasonSchema,
  usage: usageSchema,
  timings: timingsSchema,
});

const requestSchema = z.union([
  z.strictObject({
    kind: z.literal('chat'),
    messages: z.array(messageSchema).readonly(),
    /** Names of the tools offered; their definitions follow from the task version. */
    tools: z.array(z.string()).readonly().exactOptional(),
    /** Rendered text, where this project applied the template. */
    prompt: z.string().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('continuations'),
    context: z.string(),
    continuations: z.array(z.string()).readonly(),
  }),
]);

/** One finished sample: a line of samples.jsonl. Unknown is null. */
export const sampleRecordSchema = z.strictObject({
  task: z.string(),
  sampleId: z.string(),
  epoch: z.int().nonnegative(),
  category: z.string().nullable(),
  cluster: z.string().nullable(),
  request: requestSchema,
  /** Raw content of the last turn, thinking tags and all; null for a null content or a log-likelihood sample. */
  response: z.string().nullable(),
  /** Thinking that came in a field of its own. */
  reasoning: z.string().nullable(),
  thinking: thinkingSchema,
  toolCalls: z.array(toolCallSchema).readonly(),
  finishReason: finishReasonSchema,
  usage: usageSchema,
  timings: timingsSchema,
  /** Assistant turns before the last one and all messages sent between them; null for single-turn samples. */
  turns: z.array(turnSchema).readonly().nullable(),
  transcript: z.array(messageSchema).readonly().nullable(),
  continuations: z
    .array(
      z.strictObject({
        text: z.string(),
        logProbability: nullableNumber,
        tokenCount: nullableInteger,
        isGreedy: z.boolean().nullable(),
      }),
    )
    .readonly()
    .nullable(),
  extraction: z
    .strictObject({
      value: z.string().nullable(),
      method: z.string().nullable(),
      span: z.tuple([z.int(), z.int()]).readonly().nullable(),
      candidates: z.int().nonnegative(),
    })
    .nullable(),
  /** In [0,1]; null when unscored. */
  score: z.number().min(0).max(1).nullable(),
  measures: z.record(z.string(), nullableNumber),
  /** Why there is no score; null when there is one. */
  unscored: z.string().nullable(),
  /** Primary failure code; null for a right answer. */
  code: z.string().nullable(),
  /** Further codes that apply. */
  codes: z.array(z.string()).readonly(),
  explanation: z.string().nullable(),
  attempts: z.int().positive(),
  /** What the judge said, each time it was asked; absent where no judge was. */
  judgements: z
    .array(z.strictObject({ prompt: z.string(), reply: z.string(), rating: nullableNumber }))
    .readonly()
    .exactOptional(),
  /** Sampling seed that was sent; null when none was. */
  seed: z.int().nullable(),
});

export type SampleRecord = z.infer<typeof sampleRecordSchema>;
export type RecordedTurn = z.infer<typeof turnSchema>;

/** Key of a sample × epoch within a run. */
export const recordKey = (record: {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
}): string => `${record.task}\u0000${record.sampleId}\u0000${record.epoch}`;
