import type { Json, JsonObject } from '../core/json.ts';
import type { ChatMessage, ToolCall, ToolDefinition } from '../core/message.ts';
import type { ToolFormat } from '../core/ports/task.ts';
import { readJson } from '../text/json-reader.ts';
import { formatHermesCalls, formatSpacedJson, formatXmlCalls } from '../text/tool-calls/format-tool-calls.ts';

/** A conversation with tools, ready for one tool format. */
export interface ToolPrompt {
  readonly messages: readonly ChatMessage[];
  /** Present only in the native format: prompt formats carry the tools in the system message. */
  readonly tools?: readonly ToolDefinition[];
}

const declaration = ({ name, description, parameters }: ToolDefinition): JsonObject => ({
  name,
  description,
  parameters,
});

const hermesBlock = (tools: readonly ToolDefinition[]): string =>
  [
    '# Tools',
    '',
    'You can call these functions; each line describes one:',
    '<tools>',
    ...tools.map((tool) => formatSpacedJson({ type: 'function', function: declaration(tool) })),
    '</tools>',
    '',
    'To call a function, write its name and arguments as JSON between tool_call tags, one block for each call:',
    '<tool_call>',
    '{"name": <function-name>, "arguments": <arguments-object>}',
    '</tool_call>',
  ].join('\n');

const xmlBlock = (tools: readonly ToolDefinition[]): string =>
  [
    '# Tools',
    '',
    'You can call these functions; each line describes one:',
    '<tools>',
    ...tools.map((tool) => formatSpacedJson(declaration(tool))),
    '</tools>',
    '',
    'To call a function, write one block of this form for each call, with every parameter in its own tag:',
    '<tool_call>',
    '<function=example_function>',
    '<parameter=example_parameter>',
    'value, over several lines if need be',
    '</parameter>',
    '</function>',
    '</tool_call>',
    'You may think aloud before the first block; write nothing after the last one.',
  ].join('\n');

/** The section of the system message that offers tools in a prompt format. */
export const toolSection = (tools: readonly ToolDefinition[], format: 'hermes' | 'xml'): string =>
  format === 'hermes' ? hermesBlock(tools) : xmlBlock(tools);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function callText(call: ToolCall, format: 'hermes' | 'xml'): string {
  const read = readJson(call.arguments);
  const isWhole = read.fatal === null && call.arguments.slice(read.end).trim() === '';
  if (isWhole && isObject(read.value)) {
    const written = [{ name: call.name, arguments: read.value }];
    return format === 'hermes' ? formatHermesCalls(written) : formatXmlCalls(written);
  }
  // A malformed call stays as the model wrote it, so that the next turn sees what really happened.
  const body = `{"name": ${JSON.stringify(call.name)}, "arguments": ${call.arguments}}`;
  return `<tool_call>\n${body}\n</tool_call>`;
}

function assistantText(message: ChatMessage, format: 'hermes' | 'xml'): ChatMessage {
  const { toolCalls, ...rest } = message;
  if (toolCalls === undefined || toolCalls.length === 0) return rest;
  const calls = toolCalls.map((call) => callText(call, format)).join('\n');
  return { ...rest, content: message.content.trim() === '' ? calls : `${message.content.trimEnd()}\n${calls}` };
}

/** Tool results as a user turn, as the families' own templates write them; neighbours share one turn. */
function withoutToolRoles(messages: readonly ChatMessage[], format: 'hermes' | 'xml'): ChatMessage[] {
  const out: ChatMessage[] = [];
  let results: string[] = [];
  const flush = (): void => {
    if (results.length > 0) out.push({ role: 'user', content: results.join('\n') });
    results = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') results.push(`<tool_response>\n${message.content}\n</tool_response>`);
    else {
      flush();
      out.push(message.role === 'assistant' ? assistantText(message, format) : message);
    }
  }
  flush();
  return out;
}

/**
 * Writes a conversation with tools for a tool format. `native` leaves messages and tools as they are. The prompt formats put the tools at
 * the end of the system message (made when there is none), turn assistant tool calls into text and tool results into a user turn.
 */
export function renderToolPrompt(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
  format: ToolFormat,
): ToolPrompt {
  if (format === 'native') return { messages, tools };
  const [first, ...others] = withoutToolRoles(messages, format);
  if (tools.length === 0) return { messages: first === undefined ? [] : [first, ...others] };
  const section = toolSection(tools, format);
  if (first?.role === 'system') {
    return { messages: [{ ...first, content: `${first.content}\n\n${section}` }, ...others] };
  }
  return { messages: [{ role: 'system', content: section }, ...(first === undefined ? [] : [first]), ...others] };
}
