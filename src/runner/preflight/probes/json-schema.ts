import { found, type Probe } from '../asking.ts';

const values = ['north', 'south'];
const schema = {
  type: 'object',
  properties: { wind: { enum: values } },
  required: ['wind'],
  additionalProperties: false,
};

function holds(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return false;
    const entries = Object.entries(parsed);
    return entries.length === 1 && entries[0]?.[0] === 'wind' && values.includes(entries[0][1] as string);
  } catch {
    return false;
  }
}

/** Whether a JSON schema is enforced although the prompt asks for something else. */
export const jsonSchema: Probe = {
  ids: ['json_schema'],
  run: async (asking) => {
    const capability = asking.parts.description.capabilities.jsonSchema;
    if (!capability.supported) return { json_schema: found('absent', capability.reason) };
    const { turn } = await asking.ask({
      text: 'write a short poem about the sea.',
      maxTokens: 48,
      responseFormat: { kind: 'json_schema', name: 'probe', schema },
    });
    const answer = turn.answer.trim();
    const facts = { begins: answer.slice(0, 60), finishReason: turn.finishReason };
    if (holds(answer)) return { json_schema: found('yes', 'the answer keeps to the schema', facts) };
    if (answer === '' || (answer.startsWith('{') && turn.finishReason === 'length'))
      return { json_schema: found('unknown', 'the answer ended before it could be told', facts) };
    return { json_schema: found('no', 'the answer does not keep to the schema', facts) };
  },
};
