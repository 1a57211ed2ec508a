import { Template } from '@huggingface/jinja';
import type { ChatTemplate } from '../core/ports/engine.ts';
import type { Json } from '../core/json.ts';
import type { ChatMessage, ToolCall, ToolDefinition } from '../core/message.ts';

/** A prompt as text, ready to be tokenised with special tokens on. */
export interface RenderedChat {
  readonly text: string;
  /** True when the text ends inside an opened thinking tag, so that the answer starts as thinking. */
  readonly opensThinking: boolean;
}

export interface ChatTemplateInput {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDefinition[];
  /** Switches such as `enable_thinking`. */
  readonly templateArguments?: Readonly<Record<string, Json>>;
}

const compiled = new Map<string, Template>();

/** Renders a model's own chat template (Jinja) up to the point where the assistant begins. Throws an Error naming the template's fault. */
export function renderChatTemplate(template: ChatTemplate, input: ChatTemplateInput): RenderedChat {
  let parsed = compiled.get(template.source);
  if (!parsed) {
    parsed = new Template(template.source);
    compiled.set(template.source, parsed);
  }
  const text = parsed.render({
    messages: input.messages.map(templateMessage),
    ...(input.tools && input.tools.length > 0 ? { tools: input.tools.map(templateTool) } : {}),
    add_generation_prompt: true,
    bos_token: template.bosToken ?? '',
    eos_token: template.eosToken ?? '',
    ...input.templateArguments,
  });
  return { text, opensThinking: text.lastIndexOf('<think>') > text.lastIndexOf('</think>') };
}

/** A tool in the shape that templates and OpenAI-compatible servers take. */
export const templateTool = (tool: ToolDefinition): { type: 'function'; function: ToolDefinition } => ({
  type: 'function',
  function: { name: tool.name, description: tool.description, parameters: tool.parameters },
});

function templateMessage(message: ChatMessage): Record<string, unknown> {
  return {
    role: message.role,
    content: message.content,
    ...(message.reasoning === undefined ? {} : { reasoning_content: message.reasoning }),
    ...(message.toolCalls === undefined ? {} : { tool_calls: message.toolCalls.map(templateCall) }),
    ...(message.toolCallId === undefined ? {} : { tool_call_id: message.toolCallId }),
    ...(message.name === undefined ? {} : { name: message.name }),
  };
}

// Templates print the arguments as JSON: a parsed object keeps them from being quoted twice; text that is no JSON goes through as it is.
function templateCall(call: ToolCall): Record<string, unknown> {
  let parsed: unknown = call.arguments;
  try {
    parsed = JSON.parse(call.arguments);
  } catch {
    parsed = call.arguments;
  }
  return {
    ...(call.id === null ? {} : { id: call.id }),
    type: 'function',
    function: { name: call.name, arguments: parsed },
  };
}
