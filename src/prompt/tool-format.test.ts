import { describe, expect, it } from 'vitest';
import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import { parseToolCalls } from '../text/tool-calls/parse-tool-calls.ts';
import { renderToolPrompt } from './tool-format.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'book_room',
    description: 'Books a room.',
    parameters: { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] },
  },
];
const conversation: readonly ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Book A and B.' },
  {
    role: 'assistant',
    content: 'Booking.',
    toolCalls: [
      { id: '1', name: 'book_room', arguments: '{"room": "A"}' },
      { id: '2', name: 'book_room', arguments: '{"room": ' },
    ],
  },
  { role: 'tool', content: '{"ok": true}', toolCallId: '1' },
  { role: 'tool', content: 'bad arguments', toolCallId: '2' },
  { role: 'user', content: 'Thanks.' },
];

describe('renderToolPrompt', () => {
  it('leaves the native format to the server', () => {
    expect(renderToolPrompt(conversation, tools, 'native')).toEqual({ messages: conversation, tools });
  });

  it('writes Hermes tools, calls and results as text', () => {
    const { messages, tools: offered } = renderToolPrompt(conversation, tools, 'hermes');
    expect(offered).toBeUndefined();
    expect(messages.map(({ role, content }) => `${role}: ${content}`).join('\n---\n')).toMatchInlineSnapshot(`
      "system: Be brief.

      # Tools

      You can call these functions; each line describes one:
      <tools>
      {"type": "function", "function": {"name": "book_room", "description": "Books a room.", "parameters": {"type": "object", "properties": {"room": {"type": "string"}}, "required": ["room"]}}}
      </tools>

      To call a function, write its name and arguments as JSON between tool_call tags, one block for each call:
      <tool_call>
      {"name": <function-name>, "arguments": <arguments-object>}
      </tool_call>
      ---
      user: Book A and B.
      ---
      assistant: Booking.
      <tool_call>
      {"name": "book_room", "arguments": {"room": "A"}}
      </tool_call>
      <tool_call>
      {"name": "book_room", "arguments": {"room": }
      </tool_call>
      ---
      user: <tool_response>
      {"ok": true}
      </tool_response>
      <tool_response>
      bad arguments
      </tool_response>
      ---
      user: Thanks."
    `);
    expect(messages.every((message) => message.toolCalls === undefined)).toBe(true);
  });

  it('writes XML tools and calls as text', () => {
    const { messages } = renderToolPrompt(conversation.slice(1, 4), tools, 'xml');
    expect(messages.map(({ role, content }) => `${role}: ${content}`).join('\n---\n')).toMatchInlineSnapshot(`
      "system: # Tools

      You can call these functions; each line describes one:
      <tools>
      {"name": "book_room", "description": "Books a room.", "parameters": {"type": "object", "properties": {"room": {"type": "string"}}, "required": ["room"]}}
      </tools>

      To call a function, write one block of this form for each call, with every parameter in its own tag:
      <tool_call>
      <function=example_function>
      <parameter=example_parameter>
      value, over several lines if need be
      </parameter>
      </function>
      </tool_call>
      You may think aloud before the first block; write nothing after the last one.
      ---
      user: Book A and B.
      ---
      assistant: Booking.
      <tool_call>
      <function=book_room>
      <parameter=room>
      A
      </parameter>
      </function>
      </tool_call>
      <tool_call>
      {"name": "book_room", "arguments": {"room": }
      </tool_call>
      ---
      user: <tool_response>
      {"ok": true}
      </tool_response>"
    `);
  });

  it('writes calls that its own parser reads back', () => {
    for (const format of ['hermes', 'xml'] as const) {
      const [, , assistant] = renderToolPrompt(conversation.slice(0, 3), tools, format).messages;
      const { lenient } = parseToolCalls(assistant?.content ?? '', { format, tools });
      expect(lenient).toMatchObject([{ name: 'book_room', arguments: { room: 'A' } }]);
    }
  });

  it('adds nothing where there are no tools', () => {
    expect(renderToolPrompt(conversation.slice(0, 2), [], 'hermes').messages).toEqual(conversation.slice(0, 2));
    expect(renderToolPrompt([], tools, 'xml').messages).toHaveLength(1);
  });
});
