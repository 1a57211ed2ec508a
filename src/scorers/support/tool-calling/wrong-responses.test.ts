import { describe, expect, it } from 'vitest';
import type { ChatMessage, ToolDefinition } from '../../../core/message.ts';
import { rightResponses } from './right-responses.ts';
import type { GoldDecision, ToolExpectation } from './tool-expectation.ts';
import { wrongResponses } from './wrong-responses.ts';

const toolOf = (name: string, parameters: ToolDefinition['parameters']): ToolDefinition => ({
  name,
  description: '',
  parameters,
});

const note = toolOf('add_note', {
  type: 'object',
  properties: { text: { type: 'string' }, level: { type: 'integer', minimum: 1 } },
  required: ['text'],
});
const free = toolOf('free', true);

const expected: ToolExpectation = {
  kind: 'calls',
  calls: [{ name: 'add_note', arguments: { text: { kind: 'exact', value: 'a' } } }],
};
const gold: GoldDecision = { calls: [{ name: 'add_note', arguments: { text: 'a' } }], reply: '' };
const user: ChatMessage = { role: 'user', content: 'Note a.' };

/** Text or calls of every wrong response by its kind. */
const wrongOf = (
  decision: { readonly expected: ToolExpectation; readonly gold: GoldDecision },
  tools: readonly ToolDefinition[],
  messages: readonly ChatMessage[] = [user],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    wrongResponses(decision, { messages, tools }, 'native').map(({ kind, response }) => [
      kind,
      response.text ?? response.toolCalls.map((call) => `${call.name} ${call.arguments}`),
    ]),
  );

describe('wrong calls', () => {
  it('are made of what the schema says', () => {
    expect(wrongOf({ expected, gold }, [note, free])).toMatchObject({
      'extra-call': ['add_note {"text": "a"}', 'free {}'],
      'wrong-tool': ['free {"text": "a"}'],
      'call-every-tool': ['add_note {"text": "string", "level": 1}', 'free {}'],
      'copy-schema': ['add_note {"text": "string", "level": 1}'],
      'wrong-value': ['add_note {"text": "ax"}'],
      'missing-required': ['add_note {}'],
      placeholder: ['add_note {"text": "your_text"}'],
      echo: 'Note a.',
    });
  });

  it.each([
    ['no schema', toolOf('add_note', true)],
    ['a schema without parameters', toolOf('add_note', { type: 'object' })],
    ['no tool of the name', toolOf('other', true)],
  ])('do without the schema where there is %s', (_, tool) => {
    const wrong = wrongOf({ expected, gold }, [tool]);
    expect(wrong).toMatchObject({
      'copy-schema': [`${tool.name} {}`],
      'wrong-value': ['add_note {"text": "ax"}'],
      placeholder: ['add_note {"text": "your_text"}'],
    });
    for (const kind of ['missing-required', 'bad-enum', 'below-minimum', 'call-every-tool', 'drop-call']) {
      expect(wrong).not.toHaveProperty(kind);
    }
  });

  it('copy no schema where no tool is on offer', () => {
    const wrong = wrongOf({ expected, gold }, []);
    expect(wrong).not.toHaveProperty('extra-call');
    expect(wrong).not.toHaveProperty('copy-schema');
    expect(wrong).toMatchObject({ 'duplicate-call': ['add_note {"text": "a"}', 'add_note {"text": "a"}'] });
  });

  it('put no placeholder where no argument is a text', () => {
    const level: GoldDecision = { calls: [{ name: 'add_note', arguments: { level: 2 } }], reply: '' };
    const wanted: ToolExpectation = {
      kind: 'calls',
      calls: [{ name: 'add_note', arguments: { level: { kind: 'number', value: 2, tolerance: 0 } } }],
    };
    const wrong = wrongOf({ expected: wanted, gold: level }, [note]);
    expect(wrong).not.toHaveProperty('placeholder');
    expect(wrong).toMatchObject({
      'wrong-value': ['add_note {"level": 3}'],
      'below-minimum': ['add_note {"level": 0}'],
      'number-as-text': ['add_note {"level": "2"}'],
    });
  });

  it('echo nothing where no user has spoken', () => {
    expect(wrongOf({ expected, gold }, [note], [{ role: 'system', content: 'Be brief.' }])['echo']).toBe('');
  });
});

describe('wrong replies', () => {
  const ask: ToolExpectation = {
    kind: 'ask',
    parameter: 'date',
    names: ['date', 'day'],
    given: [
      { names: ['city', 'town'], text: 'Oslo' },
      { names: ['owner'], text: 'Ada' },
    ],
  };
  const reply: GoldDecision = { calls: [], reply: 'Which date?' };

  it('list everything or echo the request where a question is due', () => {
    expect(wrongOf({ expected: ask, gold: reply }, [note])).toMatchObject({
      'list-everything': 'Please give me date, city, owner.',
      'spurious-call': ['add_note {"text": "string", "level": 1}'],
      echo: 'Note a.',
    });
    const few: ToolExpectation = { ...ask, given: ask.given.slice(0, 1) };
    expect(wrongOf({ expected: few, gold: reply }, [note])).not.toHaveProperty('list-everything');
  });

  it('try calls in every form where no tool fits, and are silent alone where there is none', () => {
    const none: ToolExpectation = { kind: 'none' };
    const kinds = Object.keys(wrongOf({ expected: none, gold: reply }, [note, free]));
    expect(kinds).toEqual(
      expect.arrayContaining(['fenced', 'bare-json', 'tools-tag', 'pythonic', 'react', 'truncated', 'silence-1']),
    );
    expect(kinds).not.toContain('echo');
    expect(Object.keys(wrongOf({ expected: none, gold: reply }, []))).toEqual([
      'silence-1',
      'silence-2',
      'silence-3',
      'silence-4',
      'silence-5',
    ]);
  });
});

describe('right calls', () => {
  const argumentsOf = (kind: string, decision: { expected: ToolExpectation; gold: GoldDecision }) =>
    rightResponses(decision, 'native')
      .find((each) => each.kind === kind)
      ?.response.toolCalls.map((call) => call.arguments);

  it('may say the defaults and the members of a set in any order', () => {
    const decision = {
      expected: {
        kind: 'calls',
        calls: [
          {
            name: 'add_note',
            arguments: {
              tags: { kind: 'set', items: [] },
              list: { kind: 'list', items: [] },
              level: { kind: 'default', value: 3 },
            },
          },
        ],
      } satisfies ToolExpectation,
      gold: { calls: [{ name: 'add_note', arguments: { tags: ['a', 'b'], list: ['c', 'd'] } }], reply: '' },
    };
    expect(argumentsOf('explicit-defaults', decision)).toEqual([
      '{"tags": ["a", "b"], "list": ["c", "d"], "level": 3}',
    ]);
    expect(argumentsOf('sets-reordered', decision)).toEqual(['{"tags": ["b", "a"], "list": ["c", "d"]}']);
  });
});
