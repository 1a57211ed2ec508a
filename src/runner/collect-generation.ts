import { unknownUsage, type Generation, type GenerationDelta, type TokenLogProbability } from '../core/generation.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { ToolCall } from '../core/message.ts';
import type { Clock } from './clock.ts';

interface OpenCall {
  id: string | null;
  name: string;
  arguments: string;
}

/** Adds streamed deltas up to one generation, with the client-side times that belong to it; `onGap` is told of each gap between token-bearing chunks. Throws E_ENGINE_STREAM when the stream ends without a finish. */
export async function collectGeneration(
  deltas: AsyncIterable<GenerationDelta>,
  clock: Clock,
  onGap: (gapMs: number) => void = () => undefined,
): Promise<Generation> {
  const startedAt = clock.now();
  const callMs = clock.nowMs();
  const times = new ChunkTimes(onGap);
  let text: string | null = null;
  let reasoning: string | null = null;
  const calls: OpenCall[] = [];
  let logProbabilities: TokenLogProbability[] | null = null;
  let finish: (GenerationDelta & { kind: 'finish' }) | null = null;
  for await (const delta of deltas) {
    times.see(delta);
    if (delta.kind === 'content') text = (text ?? '') + delta.text;
    else if (delta.kind === 'reasoning') reasoning = (reasoning ?? '') + delta.text;
    else if (delta.kind === 'tool_call') addCall(calls, delta);
    else if (delta.kind === 'log_probabilities') (logProbabilities ??= []).push(...delta.tokens);
    else if (delta.kind === 'finish') finish = delta;
  }
  if (!finish) {
    throw new QwenEvalError('E_ENGINE_STREAM', 'the answer ended before the engine said that it was finished', {
      retryable: true,
    });
  }
  const startMs = finish.sentAtMs ?? callMs;
  return {
    text,
    reasoning,
    toolCalls: calls.filter((call): call is OpenCall => call !== undefined) satisfies readonly ToolCall[],
    finishReason: finish.reason,
    usage: finish.usage ?? unknownUsage,
    logProbabilities,
    servedModel: finish.servedModel ?? null,
    timings: { startedAt, latencyMs: round(finish.atMs - startMs), ...times.summary(startMs) },
  };
}

function addCall(calls: OpenCall[], delta: GenerationDelta & { kind: 'tool_call' }): void {
  const call = (calls[delta.index] ??= { id: null, name: '', arguments: '' });
  if (delta.id !== null) call.id = delta.id;
  if (delta.name !== null) call.name += delta.name;
  call.arguments += delta.argumentsText;
}

/** Microseconds are all that a journal needs. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000;

class ChunkTimes {
  readonly #onGap: (gapMs: number) => void;
  #firstChunkMs: number | null = null;
  #firstTokenMs: number | null = null;
  #firstContentMs: number | null = null;
  #lastMs = 0;
  #maxGapMs: number | null = null;
  #chunks = 0;

  constructor(onGap: (gapMs: number) => void) {
    this.#onGap = onGap;
  }

  see(delta: GenerationDelta): void {
    this.#firstChunkMs ??= delta.atMs;
    const bearsTokens =
      (delta.kind === 'content' && delta.text !== '') ||
      (delta.kind === 'reasoning' && delta.text !== '') ||
      delta.kind === 'tool_call';
    if (!bearsTokens) return;
    if (delta.kind === 'content') this.#firstContentMs ??= delta.atMs;
    if (this.#firstTokenMs === null) this.#firstTokenMs = delta.atMs;
    else {
      const gapMs = delta.atMs - this.#lastMs;
      this.#maxGapMs = Math.max(this.#maxGapMs ?? 0, gapMs);
      this.#onGap(gapMs);
    }
    this.#lastMs = delta.atMs;
    this.#chunks += 1;
  }

  summary(startMs: number) {
    const since = (ms: number | null): number | null => (ms === null ? null : round(ms - startMs));
    const first = this.#firstTokenMs;
    return {
      timeToFirstChunkMs: since(this.#firstChunkMs),
      timeToFirstTokenMs: since(first),
      timeToFirstContentMs: since(this.#firstContentMs),
      meanGapMs: first === null || this.#chunks < 2 ? null : round((this.#lastMs - first) / (this.#chunks - 1)),
      maxGapMs: this.#maxGapMs === null ? null : round(this.#maxGapMs),
      chunks: this.#chunks,
    };
  }
}
