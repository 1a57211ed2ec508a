import type { Prompt } from '../core/generation.ts';
import type { Json } from '../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import type { EngineDescription } from '../core/ports/engine.ts';
import type { ToolFormat } from '../core/ports/task.ts';
import { renderChatTemplate } from '../prompt/chat-template.ts';
import { renderToolPrompt } from '../prompt/tool-format.ts';

/** A conversation to be continued. */
export interface ChatToRender {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[] | undefined;
  /** How tools are offered; null where there are none. */
  readonly format: ToolFormat | null;
  readonly templateArguments: Readonly<Record<string, Json>>;
}

/** The prompt of a conversation in the form the engine takes: messages, or text by the engine's chat template; `opensThinking` when that text ends inside a thinking tag. */
export function renderPrompt(
  { messages, tools, format, templateArguments }: ChatToRender,
  { chatTemplate, capabilities }: Pick<EngineDescription, 'chatTemplate' | 'capabilities'>,
): { readonly prompt: Prompt; readonly opensThinking: boolean } {
  const written = tools ? renderToolPrompt(messages, tools, format ?? 'native') : { messages };
  const asked = { ...written, templateArguments };
  if (capabilities.messages.supported || chatTemplate === null) {
    return { prompt: { kind: 'messages', ...asked }, opensThinking: false };
  }
  const rendered = renderChatTemplate(chatTemplate, asked);
  return { prompt: { kind: 'text', text: rendered.text }, opensThinking: rendered.opensThinking };
}
