import { z } from 'zod';
import type { FinishReason } from '../../core/generation.ts';
import type { ChatMessage, ToolCall } from '../../core/message.ts';
import { unknownTimings, type LoggedSample, type LoggedVerdict } from './imported-log.ts';
import { instructionMeasures } from './instruction-measures.ts';

const partSchema = z.looseObject({ type: z.string(), text: z.string().nullish(), reasoning: z.string().nullish() });
const contentSchema = z.union([z.string(), z.array(partSchema)]);

const callSchema = z.looseObject({ id: z.string().nullish(), function: z.string(), arguments: z.json() });

const messageSchema = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: contentSchema.nullish(),
  tool_calls: z.array(callSchema).nullish(),
});

const outputSchema = z.looseObject({
  choices: z.array(z.looseObject({ message: messageSchema, stop_reason: z.string().default('unknown') })).default([]),
  usage: z
    .looseObject({
      input_tokens: z.int().nullish(),
      output_tokens: z.int().nullish(),
      reasoning_tokens: z.int().nullish(),
      input_tokens_cache_read: z.int().nullish(),
    })
    .nullish(),
  time: z.number().nullish(),
});

/** One sample of a log. */
export const inspectSampleSchema = z.looseObject({
  id: z.union([z.string(), z.int()]),
  epoch: z.int().positive(),
  input: z.union([z.string(), z.array(messageSchema)]),
  choices: z.array(z.string()).nullish(),
  target: z.union([z.string(), z.array(z.string())]),
  messages: z.array(messageSchema).default([]),
  output: outputSchema.default({ choices: [] }),
  scores: z.record(z.string(), z.looseObject({ value: z.json(), answer: z.string().nullish() })).nullish(),
  attachments: z.record(z.string(), z.string()).default({}),
  error: z.looseObject({ message: z.string() }).nullish(),
  started_at: z.string().nullish(),
});

export type InspectSample = z.infer<typeof inspectSampleSchema>;
type Message = z.infer<typeof messageSchema>;

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
};

/** A sample of Inspect in our words. */
export function inspectSample(sample: InspectSample, where: string): LoggedSample {
  const { id, epoch, output, target, choices, error } = sample;
  const [generated] = output.choices;
  const said = generated === undefined ? null : contentOf(generated.message, sample);
  return {
    where: `sample ${id}, epoch ${epoch}, of ${where}`,
    ids: [String(id)],
    index: typeof id === 'number' ? id - 1 : null,
    question: questionOf(sample),
    options: choices == null || choices.length === 0 ? null : choices,
    target: typeof target === 'string' ? target : (target[0] ?? null),
    epoch: epoch - 1,
    answer: {
      request: { kind: 'chat', messages: askedOf(sample) },
      response: said?.text ?? null,
      reasoning: said?.reasoning ?? null,
      toolCalls: callsOf(generated?.message),
      finishReason: error ? 'error' : (finishReasons[generated?.stop_reason ?? ''] ?? 'unknown'),
      usage: usageOf(output),
      timings: {
        ...unknownTimings,
        startedAt: sample.started_at ?? null,
        latencyMs: output.time == null ? null : output.time * 1000,
      },
      continuations: null,
    },
    failure: error ? `Inspect: ${error.message}` : null,
    verdicts: Object.entries(sample.scores ?? {}).flatMap(([name, score]) => verdictsOf(name, score)),
  };
}

/** Long texts stand apart under their hash. */
const resolved = (text: string, { attachments }: Pick<InspectSample, 'attachments'>): string =>
  text.startsWith('attachment://') ? (attachments[text.slice('attachment://'.length)] ?? text) : text;

/** Text and thinking of a message; images and the like are left out. */
function contentOf(
  { content }: Message,
  sample: Pick<InspectSample, 'attachments'>,
): { readonly text: string | null; readonly reasoning: string | null } {
  if (content == null) return { text: null, reasoning: null };
  if (typeof content === 'string') return { text: resolved(content, sample), reasoning: null };
  const texts = content.flatMap(({ type, text }) => (type === 'text' ? resolved(text ?? '', sample) : []));
  const thoughts = content.flatMap(({ type, reasoning }) =>
    type === 'reasoning' ? resolved(reasoning ?? '', sample) : [],
  );
  return { text: texts.join(''), reasoning: thoughts.length === 0 ? null : thoughts.join('\n\n') };
}

function questionOf(sample: InspectSample): string | null {
  if (typeof sample.input === 'string') return resolved(sample.input, sample);
  const asked = sample.input.findLast(({ role }) => role === 'user');
  return asked === undefined ? null : contentOf(asked, sample).text;
}

/** The conversation up to the answer. */
function askedOf(sample: InspectSample): readonly ChatMessage[] {
  const answered = sample.messages.findLastIndex(({ role }) => role === 'assistant');
  const asked = answered < 0 ? sample.messages : sample.messages.slice(0, answered);
  return asked.map((message) => {
    const { text, reasoning } = contentOf(message, sample);
    const toolCalls = callsOf(message);
    return {
      role: message.role,
      content: text ?? '',
      ...(reasoning === null ? {} : { reasoning }),
      ...(toolCalls.length === 0 ? {} : { toolCalls }),
    };
  });
}

const callsOf = (message: Message | undefined): readonly ToolCall[] =>
  (message?.tool_calls ?? []).map((call) => ({
    id: call.id ?? null,
    name: call.function,
    arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));

const usageOf = ({ usage }: z.infer<typeof outputSchema>) => ({
  promptTokens: usage?.input_tokens ?? null,
  completionTokens: usage?.output_tokens ?? null,
  reasoningTokens: usage?.reasoning_tokens ?? null,
  cachedPromptTokens: usage?.input_tokens_cache_read ?? null,
});

/** Its letters for right, wrong, in part and no answer. */
const letterScores: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };

const scoreOf = (value: unknown): number | null => {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (letterScores[value] ?? null) : null;
};

function verdictsOf(
  scorer: string,
  score: { readonly value: unknown; readonly answer?: string | null | undefined },
): readonly LoggedVerdict[] {
  const common = { extracted: score.answer ?? null, rules: 'inspect', how: null };
  if (typeof score.value !== 'object' || score.value === null)
    return [{ metric: scorer, measure: null, score: scoreOf(score.value), ...common }];
  return Object.entries(score.value).flatMap(([name, value]): LoggedVerdict[] => {
    const measure = instructionMeasures[name];
    return measure === undefined ? [] : [{ metric: name, measure, score: scoreOf(value), ...common, extracted: null }];
  });
}
