import type { ToolDefinition } from '../../../core/message.ts';
import { parseTurnToolCalls } from '../../../text/tool-calls/parse-tool-calls.ts';
import { found, type Probe } from '../asking.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'get_weather',
    description: 'Current weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

/** Whether a tool call comes where it belongs: in its field, or in the text as the prompt asks. */
export const toolCall: Probe = {
  ids: ['tool_call'],
  run: async (asking) => {
    const { description, guidance } = asking.parts;
    const toolFormat = description.capabilities.tools.supported ? 'native' : (guidance.toolFormat ?? 'hermes');
    const { turn } = await asking.ask({
      text: 'use the tool get_weather to look up the weather in Paris.',
      maxTokens: 96,
      tools,
      toolFormat,
    });
    const { strict, lenient, problems } = parseTurnToolCalls(turn, { format: toolFormat, tools });
    const facts = { format: toolFormat, calls: turn.toolCalls.length, problems: problems.map(({ code }) => code) };
    if (toolFormat === 'native' && turn.toolCalls.length > 0)
      return { tool_call: found('yes', 'the call came in the tool_calls field', facts) };
    if (toolFormat !== 'native' && strict.length > 0)
      return { tool_call: found('yes', `the call came in the text as ${toolFormat}`, facts) };
    if (lenient.length > 0)
      return { tool_call: found('no', `the call came in the text, not as ${toolFormat} has it`, facts) };
    return { tool_call: found('unknown', 'the model made no call', facts) };
  },
};
