import { unknownUsage, type FinishReason, type TokenLogProbability, type Usage } from '../core/generation.ts';
import type { ChatMessage, ToolCall } from '../core/message.ts';
import type { AssistantTurn, ContinuationScore, SampleResponse } from '../core/response.ts';
import { splitThinking } from './thinking.ts';

/** What an engine gave for one turn, before thinking is taken out. */
export interface RawTurn {
  readonly text: string | null;
  readonly reasoning?: string | null;
  readonly toolCalls?: readonly ToolCall[];
  readonly finishReason?: FinishReason;
  readonly usage?: Usage;
  readonly logProbabilities?: readonly TokenLogProbability[] | null;
  /** True when the rendered prompt ended inside an opened thinking tag. */
  readonly templateOpened?: boolean;
}

/** Takes thinking out of a raw turn. */
export const assistantTurn = (raw: RawTurn): AssistantTurn => turnOf(raw.text, raw);

// Text apart from the rest, so that a response out of both needs no copy: this is made for every response that is scored.
function turnOf(text: string | null, raw: Omit<RawTurn, 'text'>): AssistantTurn {
  const split = splitThinking(text, {
    reasoning: raw.reasoning ?? null,
    templateOpened: raw.templateOpened ?? false,
  });
  return {
    text,
    reasoning: split.thinking,
    answer: split.answer,
    thinking: split.state,
    toolCalls: raw.toolCalls ?? [],
    finishReason: raw.finishReason ?? 'stop',
    usage: raw.usage ?? unknownUsage,
    logProbabilities: raw.logProbabilities ?? null,
  };
}

/** A response of one or more turns; its own fields are those of the last turn. Throws on an empty list. */
export function sampleResponse(
  turns: readonly AssistantTurn[],
  transcript: readonly ChatMessage[] | null = null,
): SampleResponse {
  const last = turns.at(-1);
  if (last === undefined) throw new RangeError('a response needs at least one turn');
  // Named members, not a spread: this is made for every response that is scored.
  const { text, reasoning, answer, thinking, toolCalls, finishReason, usage, logProbabilities = null } = last;
  return {
    text,
    reasoning,
    answer,
    thinking,
    toolCalls,
    finishReason,
    usage,
    logProbabilities,
    turns,
    transcript,
    continuations: null,
  };
}

/** A single-turn response from raw text: what certificates and outside responses are made of. */
export const textResponse = (text: string | null, raw: Omit<RawTurn, 'text'> = {}): SampleResponse =>
  sampleResponse([turnOf(text, raw)]);

/** A log-likelihood response: no text, one score a continuation. */
export function continuationResponse(continuations: readonly ContinuationScore[]): SampleResponse {
  return { ...textResponse(null), continuations };
}
