import { z } from 'zod';
import {
  unknownUsage,
  type FinishReason,
  type GenerationDelta,
  type TokenLogProbability,
  type Usage,
} from '../../core/generation.ts';

const text = z.string().nullish();

const toolCallSchema = z.object({
  index: z.int().nonnegative().nullish(),
  id: text,
  function: z.object({ name: text, arguments: z.unknown().optional() }).nullish(),
});

const deltaSchema = z.object({
  role: text,
  content: text,
  reasoning: text,
  reasoning_content: text,
  tool_calls: z.array(toolCallSchema).nullish(),
});

const choiceSchema = z.object({
  index: z.int().nullish(),
  delta: deltaSchema.nullish(),
  text,
  logprobs: z.unknown().optional(),
  finish_reason: text,
});

/** A chunk of a streamed answer of either endpoint; unknown members are dropped. */
export const streamChunkSchema = z.object({
  model: z.string().nullish().catch(null),
  choices: z.array(choiceSchema).nullish(),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

export type StreamChoice = z.infer<typeof choiceSchema>;

const number = z.number();
const alternativeSchema = z.object({ token: z.string(), logprob: number });
const chatLogprobsSchema = z.object({
  content: z.array(alternativeSchema.extend({ top_logprobs: z.array(alternativeSchema).nullish() })),
});
const completionLogprobsSchema = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(number.nullable()),
  top_logprobs: z.array(z.record(z.string(), number).nullable()).nullish(),
});

/** Log-probabilities of generated tokens in the form of chat completions or of completions; null when there are none. */
export function readTokenLogProbabilities(value: unknown): TokenLogProbability[] | null {
  const chat = chatLogprobsSchema.safeParse(value);
  if (chat.success)
    return chat.data.content.map(({ token, logprob, top_logprobs: top }) => ({
      token,
      logProbability: logprob,
      top: (top ?? []).map((other) => ({ token: other.token, logProbability: other.logprob })),
    }));
  const completion = completionLogprobsSchema.safeParse(value);
  if (!completion.success) return null;
  const { tokens, token_logprobs: values, top_logprobs: tops } = completion.data;
  return tokens.flatMap((token, index) => {
    const logProbability = values[index];
    if (logProbability === null || logProbability === undefined) return [];
    const top = Object.entries(tops?.[index] ?? {}).map(([other, logprob]) => ({
      token: other,
      logProbability: logprob,
    }));
    return [{ token, logProbability, top }];
  });
}

const count = z.int().nonnegative().nullable().catch(null).default(null);
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
  // Some servers put it beside the others.
  reasoning_tokens: count,
});

/** Token counts as reported; whatever is missing or no count is null, never 0. */
export function readUsage(value: unknown): Usage {
  const parsed = usageSchema.safeParse(value);
  if (!parsed.success) return unknownUsage;
  const { data } = parsed;
  return {
    promptTokens: data.prompt_tokens,
    completionTokens: data.completion_tokens,
    reasoningTokens: data.completion_tokens_details?.reasoning_tokens ?? data.reasoning_tokens,
    cachedPromptTokens: data.prompt_tokens_details?.cached_tokens ?? null,
  };
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  abort: 'abort',
  error: 'error',
};

/** The finish reason in our words; `unknown` for one that nobody documents. */
export const readFinishReason = (raw: string): FinishReason =>
  Object.hasOwn(finishReasons, raw) ? (finishReasons[raw] ?? 'unknown') : 'unknown';

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** The pieces of one choice, in the order in which a model makes them: reasoning, content, tool calls. */
export function choiceDeltas(choice: StreamChoice, atMs: number): GenerationDelta[] {
  const deltas: GenerationDelta[] = [];
  const { delta } = choice;
  // Servers in between the two names send both, one of them empty or both alike.
  const reasoning = delta?.reasoning_content || delta?.reasoning;
  if (reasoning) deltas.push({ kind: 'reasoning', text: reasoning, atMs });
  const content = delta?.content ?? choice.text;
  if (content) deltas.push({ kind: 'content', text: content, atMs });
  if (delta?.tool_calls)
    for (const [position, call] of delta.tool_calls.entries())
      deltas.push({
        kind: 'tool_call',
        index: call.index ?? position,
        id: call.id ?? null,
        name: call.function?.name ?? null,
        argumentsText: argumentsText(call.function?.arguments),
        atMs,
      });
  if (choice.logprobs !== null && choice.logprobs !== undefined) {
    const tokens = readTokenLogProbabilities(choice.logprobs);
    if (tokens !== null && tokens.length > 0) deltas.push({ kind: 'log_probabilities', tokens, atMs });
  }
  return deltas;
}

/** True when the chunk carries text, even an empty one, beyond the role that opens an answer. */
export const carriesText = ({ delta, text: completion }: StreamChoice): boolean =>
  typeof completion === 'string' || (typeof delta?.content === 'string' && !delta.role);
