import { describe, expect, it } from 'vitest';
import type { ParsedCall } from '../../../text/tool-calls/parsed-call.ts';
import { answersAsCalls, bfclCall, parseAnswers } from './bfcl-answer.ts';
import { rightBfclResponses, wrongBfclResponses } from './bfcl-responses.ts';
import { itemsOf, parametersOf, requiredOf, toolOf, typeNameOf, type FunctionDoc } from './function-doc.ts';
import { pythonFloat } from './python-value.ts';

describe('ground truth', () => {
  it('lists the accepted values of each parameter; one alone stands for itself', () => {
    expect(parseAnswers('[{"f": {"a": [1, 2.0, ""], "b": 5}}]')).toEqual([
      { name: 'f', parameters: { a: [1, pythonFloat(2), ''], b: [5] } },
    ]);
  });

  it.each([
    ['no JSON', 'f(a=1)', 'no list'],
    ['an object', '{"f": {}}', 'no list'],
    ['a number among the calls', '[5]', 'an entry without a call'],
    ['a call without a name', '[{}]', 'an entry without a call'],
    ['a call without parameters', '[{"f": [1]}]', 'an entry without a call'],
  ])('may not be %s', (_, text, message) => {
    expect(() => parseAnswers(text)).toThrow(message);
  });
});

describe('calls to check', () => {
  const parsed = (changes: Partial<ParsedCall>): ParsedCall => ({
    name: 'f',
    arguments: { a: 5 },
    raw: '',
    span: [0, 0],
    repairs: [],
    ...changes,
  });

  it.each<[string, Partial<ParsedCall>, object]>([
    ['the text of the arguments', { raw: '{"a": 5.0}' }, { a: [pythonFloat(5)] }],
    [
      'the text of the whole call',
      { raw: '{"name": "f", "arguments": {"a": 5.0}}', span: [9, 47] },
      { a: [pythonFloat(5)] },
    ],
    ['the parsed call where the text was repaired', { raw: '{"a": 5.0}', repairs: ['json_syntax'] }, { a: [5] }],
    ['the parsed call where the text is not JSON', { raw: 'a=5' }, { a: [5] }],
    ['the parsed call where the text names no arguments', { raw: '{"name": "f"}', span: [9, 22] }, { a: [5] }],
    ['nothing where there are no arguments', { raw: '[1]', arguments: null }, {}],
  ])('have the values of %s', (_, changes, values) => {
    expect(bfclCall(parsed(changes), 'hermes')).toEqual({ name: 'f', values });
  });

  it.each([
    ['True', true],
    ['False', false],
    ['None', null],
    ['5', 5],
    ['5.0', pythonFloat(5)],
    ['[1]', [1]],
    ['"quoted"', '"quoted"'],
    ['plain', 'plain'],
  ])('read the text %s of XML in two ways', (text, read) => {
    expect(bfclCall(parsed({ arguments: { a: text, n: 7 } }), 'xml').values).toEqual({ a: [text, read], n: [7] });
    expect(bfclCall(parsed({ arguments: { a: text } }), 'hermes').values).toEqual({ a: [text] });
  });
});

describe('functions of the files', () => {
  const bare: FunctionDoc = { name: 'a.f', description: 'F.', parameters: {} };

  it('may say nothing of their parameters', () => {
    expect(parametersOf(bare)).toEqual({});
    expect(requiredOf(bare)).toEqual([]);
    expect(typeNameOf({ type: ['string'] })).toBe('');
    expect(itemsOf('string')).toBeUndefined();
    expect(toolOf(bare, 'java').parameters).toEqual({ type: 'object', properties: {}, required: [] });
    expect(toolOf(bare, 'python')).toEqual({ name: 'a_f', description: 'F.', parameters: {} });
  });

  it('keep what is no name of a type', () => {
    const odd = { type: 'dict', properties: { a: { type: ['string', 'null'] }, b: true, c: { type: 'integer' } } };
    expect(toolOf({ ...bare, parameters: odd }, 'python').parameters).toEqual({ ...odd, type: 'object' });
  });

  it('are offered with Java literals as text', () => {
    const parameters = { properties: { p: { type: 'HashMap' }, q: 'String' } };
    expect(toolOf({ ...bare, parameters }, 'javascript').parameters).toEqual({
      type: 'object',
      properties: {
        p: { type: 'string', description: 'Give it as text: a JavaScript literal of type HashMap.' },
        q: { type: 'string', description: 'Give it as text: a JavaScript literal of type .' },
      },
      required: [],
    });
  });

  it('that nobody described get no arguments in a made-up call', () => {
    const answers = parseAnswers('[{"a.f": {"x": [1]}}]');
    for (const functions of [[], [bare]]) {
      expect(answersAsCalls(answers, 'first', { functions, language: 'python' })).toEqual([
        { name: 'a_f', arguments: {} },
      ]);
    }
  });
});

describe('made-up responses', () => {
  const offer = { functions: [], tools: [], language: 'python' } as const;
  const anything = { name: 'any', description: '', parameters: true } as const;

  it('call the first tool without arguments where it has no schema', () => {
    const [plain] = rightBfclResponses({ kind: 'some_call' }, { ...offer, tools: [anything] }, 'native');
    expect(plain?.response.toolCalls).toMatchObject([{ name: 'any', arguments: '{}' }]);
  });

  it('are few where nothing can be called', () => {
    expect(wrongBfclResponses({ kind: 'no_call' }, offer, 'native')).toEqual([]);
    const nothing = wrongBfclResponses({ kind: 'some_call' }, offer, 'native');
    expect(nothing.map(({ kind, response }) => [kind, response.text])).toEqual([
      ['empty', ''],
      ['refusal', "I'm sorry, but I can't help with that."],
      ['narrated', 'I will now call a function.'],
    ]);
    expect(wrongBfclResponses({ kind: 'calls', answers: '[]' }, offer, 'native')).toEqual(nothing);
    const named = wrongBfclResponses({ kind: 'some_call' }, { ...offer, tools: [anything] }, 'native');
    expect(named.at(-1)?.response.text).toBe('I will now call any.');
  });
});
