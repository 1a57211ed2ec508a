import type { FinishReason, GenerationDelta, TokenLogProbability, Usage } from '../../src/core/generation.ts';
import type { ToolCall } from '../../src/core/message.ts';

/** A streamed generation put together, with the deltas it was made of. */
export interface Collected {
  readonly deltas: readonly GenerationDelta[];
  /** Null when no content delta came. */
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly tokens: readonly TokenLogProbability[] | null;
  readonly reason: FinishReason;
  readonly usage: Usage;
}

const joined = (parts: readonly string[]): string | null => (parts.length === 0 ? null : parts.join(''));

/** Reads a generation to its end; throws when the last delta is not `finish`. */
export async function collectGeneration(stream: AsyncIterable<GenerationDelta>): Promise<Collected> {
  const deltas: GenerationDelta[] = [];
  for await (const delta of stream) deltas.push(delta);
  const last = deltas.at(-1);
  if (last?.kind !== 'finish') throw new Error(`the last delta is ${last?.kind ?? 'missing'}, not finish`);
  const calls = new Map<number, { id: string | null; name: string; arguments: string }>();
  for (const delta of deltas) {
    if (delta.kind !== 'tool_call') continue;
    const call = calls.get(delta.index) ?? { id: null, name: '', arguments: '' };
    calls.set(delta.index, {
      id: call.id ?? delta.id,
      name: call.name + (delta.name ?? ''),
      arguments: call.arguments + delta.argumentsText,
    });
  }
  const tokens = deltas.flatMap((delta) => (delta.kind === 'log_probabilities' ? delta.tokens : []));
  return {
    deltas,
    text: joined(deltas.flatMap((delta) => (delta.kind === 'content' ? [delta.text] : []))),
    reasoning: joined(deltas.flatMap((delta) => (delta.kind === 'reasoning' ? [delta.text] : []))),
    toolCalls: [...calls.entries()].toSorted(([a], [b]) => a - b).map(([, call]) => call),
    tokens: tokens.length === 0 ? null : tokens,
    reason: last.reason,
    usage: last.usage,
  };
}
