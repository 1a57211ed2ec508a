import type { JsonSchema } from './json.ts';

/** A tool call as the model emitted it. `arguments` is the raw JSON text, not parsed, so that malformed calls can be explained. */
export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  readonly arguments: string;
}

/** One message of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Thinking of an assistant turn, kept apart from the content. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly ToolCall[];
  /** On a `tool` message: the call it answers. */
  readonly toolCallId?: string;
  /** On a `tool` message: the tool's name. */
  readonly name?: string;
}

/** A tool offered to the model; `parameters` is a JSON Schema of type object. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}
