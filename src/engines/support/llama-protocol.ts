import type { ErrorCode } from '../../core/errors.ts';
import type { GenerationRequest, ResponseFormat, TokenLogProbability, Usage } from '../../core/generation.ts';
import type { ContinuationScore } from '../../core/response.ts';
import type { Sampling } from '../../core/sampling.ts';

/** Everything the child needs to load a model; only the context length may be left to it. */
export interface LlamaSettings {
  readonly modelPath: string;
  readonly sequences: number;
  /** Tokens of prompt and output together in one sequence; null is the smaller of 4096 and what the model was trained on. */
  readonly contextLength: number | null;
  readonly batchSize: number;
  /** At most as many as there are cores that are useful for arithmetic, unless `threadsAreExact`. */
  readonly threads: number;
  readonly threadsAreExact: boolean;
  readonly flashAttention: boolean;
  /** `f16`, `q8_0` … for keys and values alike. */
  readonly kvCacheType: string;
  /** False is CPU only. */
  readonly gpu: false | 'auto' | 'metal' | 'cuda' | 'vulkan';
}

/** What the child knows once the model is loaded. */
export interface LlamaFacts {
  readonly bindingVersion: string;
  readonly llamaCppRelease: string;
  readonly contextLength: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly gpu: string | false;
  readonly vocabularySize: number;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
}

/** Text (special tokens are parsed) or token ids. */
export type LlamaPrompt =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tokens'; readonly ids: readonly number[] };

/** A generation with its seed drawn. */
export interface GenerateCall {
  readonly prompt: LlamaPrompt;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly sampling: Sampling & { readonly seed: number };
  readonly responseFormat: ResponseFormat;
  /** Null for no log-probabilities, else the number of alternatives. */
  readonly topLogProbabilities: GenerationRequest['topLogProbabilities'] | null;
}

export interface ScoreCall {
  readonly context: LlamaPrompt;
  readonly continuations: readonly string[];
}

/** Messages from the engine to the child. */
export type ParentMessage =
  | { readonly kind: 'open'; readonly settings: LlamaSettings }
  | { readonly kind: 'generate'; readonly id: number; readonly call: GenerateCall }
  | { readonly kind: 'score'; readonly id: number; readonly call: ScoreCall }
  | { readonly kind: 'tokenize'; readonly id: number; readonly prompt: LlamaPrompt }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** A QwenEvalError as it crosses the process boundary. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What happened to a request. `finish`, `scores`, `ids` and `error` are the last event of theirs. */
export type CallEvent =
  | { readonly kind: 'open' }
  | { readonly kind: 'content'; readonly text: string }
  | { readonly kind: 'log_probabilities'; readonly tokens: readonly TokenLogProbability[] }
  | {
      readonly kind: 'finish';
      readonly reason: 'stop' | 'length';
      /** `eos`, `stop`, `max_tokens` or `context`. */
      readonly rawReason: string;
      readonly usage: Usage;
    }
  | { readonly kind: 'scores'; readonly scores: readonly ContinuationScore[] }
  | { readonly kind: 'ids'; readonly ids: readonly number[] }
  | { readonly kind: 'error'; readonly error: WireError };

/** An event with its request and the time it happened: milliseconds of the machine's monotonic clock, one clock for both processes. */
export interface StampedEvent {
  readonly id: number;
  readonly hrtimeMs: number;
  readonly event: CallEvent;
}

/** Messages from the child. Events are gathered for up to 10 ms. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly facts: LlamaFacts }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'events'; readonly events: readonly StampedEvent[] }
  | { readonly kind: 'log'; readonly level: 'warn' | 'error'; readonly message: string };

/** Milliseconds of the machine's monotonic clock, which parent and child share. */
export const hrtimeMs = (): number => Number(process.hrtime.bigint()) / 1e6;
