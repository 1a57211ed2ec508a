import type { FinishReason, TokenLogProbability, Usage } from './generation.ts';
import type { ChatMessage, ToolCall } from './message.ts';

/** Log-probability (natural logarithm) of one given continuation after a context. Null values are kept: they are an alarm, not a zero. */
export interface ContinuationScore {
  readonly text: string;
  readonly logProbability: number | null;
  readonly tokenCount: number | null;
  /** True when every token of the continuation was the most likely one. */
  readonly isGreedy: boolean | null;
}

/** Where thinking was found and whether it ended (see src/text/thinking.ts). */
export type ThinkingState = 'none' | 'empty' | 'paired' | 'close_only' | 'unclosed' | 'field' | 'field_only';

/** One assistant turn as a scorer sees it: raw text apart from the answer that is left when thinking is taken out. */
export interface AssistantTurn {
  /** Content as sent by the engine; null for a null content. */
  readonly text: string | null;
  /** Thinking, from its own field or cut out of the text; null when there was none. */
  readonly reasoning: string | null;
  /** The text without thinking; '' when nothing is left. */
  readonly answer: string;
  readonly thinking: ThinkingState;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly logProbabilities?: readonly TokenLogProbability[] | null;
}

/** Everything a model gave for one sample. */
export interface SampleResponse extends AssistantTurn {
  /** All assistant turns in order; the last one equals this object's own fields. Single-turn samples have one. */
  readonly turns: readonly AssistantTurn[];
  /** The whole conversation as it was sent, where the sample had several turns; else null. */
  readonly transcript: readonly ChatMessage[] | null;
  /** Scores of the given continuations, for choice tasks by log-likelihood; else null. */
  readonly continuations: readonly ContinuationScore[] | null;
}
