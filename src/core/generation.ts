import type { Json, JsonSchema } from './json.ts';
import type { ChatMessage, ToolCall, ToolDefinition } from './message.ts';
import type { Sampling } from './sampling.ts';

/** What a model is asked to continue: a conversation the server renders, rendered text (special tokens are parsed), or token ids. */
export type Prompt =
  | {
      readonly kind: 'messages';
      readonly messages: readonly ChatMessage[];
      readonly tools?: readonly ToolDefinition[];
      /** Chat-template switches such as `enable_thinking`. */
      readonly templateArguments?: Readonly<Record<string, Json>>;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tokens'; readonly ids: readonly number[] };

/** Constraint on the form of the output. */
export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json_object' }
  | { readonly kind: 'json_schema'; readonly name: string; readonly schema: JsonSchema };

export interface GenerationRequest {
  readonly model: string;
  readonly prompt: Prompt;
  /** Upper limit on generated tokens, thinking included. */
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly sampling: Sampling;
  readonly responseFormat: ResponseFormat;
  readonly toolChoice?: 'auto' | 'none' | 'required';
  /** Log-probabilities of this many alternatives a token, where the engine has them. */
  readonly topLogProbabilities?: number;
  /** Extra request fields, passed through to HTTP engines. */
  readonly extraBody?: Readonly<Record<string, Json>>;
}

/** Why generation ended. `unknown` when the engine did not say. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'abort' | 'error' | 'unknown';

/** Token counts as the engine reported them; null where it did not. */
export interface Usage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly cachedPromptTokens: number | null;
}

/** One token with its log-probability (natural logarithm) and the alternatives the engine returned. */
export interface TokenLogProbability {
  readonly token: string;
  readonly logProbability: number;
  readonly top: readonly { readonly token: string; readonly logProbability: number }[];
}

/** A piece of a streamed generation. `atMs` is monotonic, stamped when the bytes arrived, before any parsing. */
export type GenerationDelta =
  | { readonly kind: 'open'; readonly atMs: number }
  | { readonly kind: 'content'; readonly text: string; readonly atMs: number }
  | { readonly kind: 'reasoning'; readonly text: string; readonly atMs: number }
  | {
      readonly kind: 'tool_call';
      readonly index: number;
      readonly id: string | null;
      readonly name: string | null;
      readonly argumentsText: string;
      readonly atMs: number;
    }
  | { readonly kind: 'log_probabilities'; readonly tokens: readonly TokenLogProbability[]; readonly atMs: number }
  | {
      readonly kind: 'finish';
      readonly reason: FinishReason;
      /** The engine's own word, kept. */
      readonly rawReason: string | null;
      readonly usage: Usage;
      /** Model the answer says it is from; absent where the engine does not say. */
      readonly servedModel?: string;
      /** When the request went out, where it may have waited for a connection before. */
      readonly sentAtMs?: number;
      readonly atMs: number;
    };

/** Client-side times of one request in milliseconds; null where the event did not happen. */
export interface Timings {
  /** Wall-clock start, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Send to last byte. */
  readonly latencyMs: number;
  /** Send to the first chunk of any kind (for vLLM the role-only chunk). */
  readonly timeToFirstChunkMs: number | null;
  /** Send to the first non-empty content, reasoning or tool-call chunk. */
  readonly timeToFirstTokenMs: number | null;
  /** Send to the first non-empty content chunk. */
  readonly timeToFirstContentMs: number | null;
  /** Mean gap between token-bearing chunks. */
  readonly meanGapMs: number | null;
  readonly maxGapMs: number | null;
  /** Token-bearing chunks; below the token count when the server bundles tokens. */
  readonly chunks: number;
}

/** A finished generation. */
export interface Generation {
  /** Content as it came, thinking tags and all. Null when the server sent a null content. */
  readonly text: string | null;
  /** Reasoning that arrived in its own field, else null. */
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly timings: Timings;
  readonly logProbabilities: readonly TokenLogProbability[] | null;
  /** Model the answer says it is from; null where the engine does not say. */
  readonly servedModel: string | null;
}

/** Usage with nothing reported. */
export const unknownUsage: Usage = {
  promptTokens: null,
  completionTokens: null,
  reasoningTokens: null,
  cachedPromptTokens: null,
};
