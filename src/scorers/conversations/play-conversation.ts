import type { ChatMessage, ToolDefinition } from '../../core/message.ts';
import type { Dialogue } from '../../core/ports/task.ts';
import type { SampleResponse } from '../../core/response.ts';
import { assistantTurn, sampleResponse, type RawTurn } from '../../text/assistant-turn.ts';

/** A program that takes the model's place in a conversation. Gets all messages so far; its own turns are among them. */
export type Agent = (messages: readonly ChatMessage[]) => RawTurn;

/** Lets an agent hold a conversation to its end, or for so many turns, and gives the response a run would have recorded. */
export function playConversation(
  dialogue: Dialogue,
  agent: Agent,
  start: {
    readonly messages: readonly ChatMessage[];
    readonly tools?: readonly ToolDefinition[];
    readonly turns: number;
  },
): SampleResponse {
  const messages: ChatMessage[] = [...start.messages];
  const turns = [];
  for (;;) {
    const raw = agent(messages);
    const number = turns.length + 1;
    const toolCalls = (raw.toolCalls ?? []).map((call, index) => ({
      ...call,
      id: call.id ?? `call_${number}_${index + 1}`,
    }));
    const turn = assistantTurn({ ...raw, toolCalls });
    turns.push(turn);
    const step = dialogue.next(turn);
    if (step.kind === 'end' || turns.length >= start.turns) break;
    messages.push(
      { role: 'assistant', content: turn.answer, ...(toolCalls.length > 0 ? { toolCalls } : {}) },
      ...step.messages,
    );
  }
  return sampleResponse(turns, messages);
}
