import type { ChatMessage, ToolCall, ToolDefinition } from '../../core/message.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import type { AssistantTurn } from '../../core/response.ts';
import { parseTurnToolCalls } from '../../text/tool-calls/parse-tool-calls.ts';

/**
 * The calls of a turn: those the engine or runner took out, else those that the text holds in a prompt format. Recorded turns carry only
 * what the engine sent, so replaying them needs the text.
 */
export function turnCalls(
  turn: AssistantTurn,
  options: { readonly format: TaskSettings['toolFormat']; readonly tools: readonly ToolDefinition[] },
): readonly ToolCall[] {
  const { format, tools } = options;
  if (turn.toolCalls.length > 0 || format === null || format === 'native') return turn.toolCalls;
  return parseTurnToolCalls(turn, { format, tools }).strict.map((call) => ({
    id: null,
    name: call.name,
    arguments: JSON.stringify({ ...call.arguments }),
  }));
}

/** The answer to a call as the model sees it. */
export const toolMessage = (call: ToolCall, content: string): ChatMessage => ({
  role: 'tool',
  content,
  name: call.name,
  ...(call.id === null ? {} : { toolCallId: call.id }),
});

/** The arguments of a call as an object; null when they are no JSON object. Empty arguments are an empty object. */
export function callArguments(call: ToolCall): Readonly<Record<string, unknown>> | null {
  if (call.arguments.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(call.arguments);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
