import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import type { Scored } from '../core/score.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { defaultSettings } from '../../test/support/task-settings.ts';
import bfclCalls, { type BfclTarget } from './bfcl-calls.ts';
import { toolOf, type BfclLanguage, type FunctionDoc } from './support/bfcl/function-doc.ts';

const doc = (properties: JsonObject, required: readonly string[] = [], name = 'area.of'): FunctionDoc => ({
  name,
  description: 'A function.',
  parameters: { type: 'dict', properties, required },
});

interface Asked {
  readonly functions: readonly FunctionDoc[];
  readonly language?: BfclLanguage;
  readonly target: BfclTarget;
  readonly text: string;
}

function judge({ functions, language = 'python', target, text }: Asked): Scored {
  const input = { messages: [], tools: functions.map((item) => toolOf(item, language)), functions, language };
  const sample = { id: 'x', category: null, cluster: null, input, target };
  const settings = { ...defaultSettings, toolFormat: 'hermes' as const };
  const outcome = bfclCalls.score({ sample, response: textResponse(text), settings }, { sandbox: null, judge: null });
  if (outcome instanceof Promise || outcome.kind !== 'scored') throw new Error('not scored');
  return outcome;
}
const verdicts = (asked: Asked): unknown[] => {
  const { measures } = judge(asked);
  return [measures['upstream'], measures['corrected']];
};
const call = (json: string, name = 'area_of'): string =>
  `<tool_call>\n{"name": "${name}", "arguments": ${json}}\n</tool_call>`;
const one = (properties: JsonObject, accepted: string, given: string, required: readonly string[] = []): unknown[] =>
  verdicts({
    functions: [doc(properties, required)],
    target: { kind: 'calls', answers: `[{"area.of": ${accepted}}]` },
    text: call(given),
  });

const integer = { n: { type: 'integer' } };
const float = { n: { type: 'float' } };
const string = { s: { type: 'string' } };

describe('the leaderboard’s rules and the verdict by meaning', () => {
  it.each<[string, JsonObject, string, string, number, number]>([
    ['an int', integer, '{"n": [5]}', '{"n": 5}', 1, 1],
    ['5.0 for an int', integer, '{"n": [5]}', '{"n": 5.0}', 0, 1],
    ['text for an int', integer, '{"n": [5]}', '{"n": "5"}', 0, 0],
    ['true for an int', integer, '{"n": [1]}', '{"n": true}', 0, 0],
    ['an int for a float', float, '{"n": [5.0]}', '{"n": 5}', 1, 1],
    ['a float by one bit', float, '{"n": [0.3]}', '{"n": 0.30000000000000004}', 0, 1],
    ['another float', float, '{"n": [0.3]}', '{"n": 0.31}', 0, 0],
    ['letter case', string, '{"s": ["New York"]}', '{"s": "new york"}', 1, 1],
    ['a lost decimal point', string, '{"s": ["3.14"]}', '{"s": "314"}', 1, 0],
    ['a lost sign', string, '{"s": ["-5"]}', '{"s": "5"}', 1, 0],
    ['another path', string, '{"s": ["/tmp/a_b"]}', '{"s": "tmpab"}', 1, 0],
    ['punctuation', string, '{"s": ["Berkeley, CA"]}', '{"s": "Berkeley CA."}', 1, 1],
    ['a range', string, '{"s": ["2010-2015"]}', '{"s": "2010 - 2015"}', 1, 1],
    ['other text', string, '{"s": ["a"]}', '{"s": "b"}', 0, 0],
    ['a parameter that may be left out', integer, '{"n": [5, ""]}', '{}', 1, 1],
    ['one that may not', integer, '{"n": [5]}', '{}', 0, 0],
    ['a parameter nobody knows', integer, '{"n": [5]}', '{"n": 5, "m": 1}', 0, 0],
    ['an explicit default', { n: { type: 'integer', default: 7 } }, '{"n": [""]}', '{"n": 7}', 0, 1],
    [
      'a default that is not listed',
      { n: { type: 'integer' }, m: { type: 'integer', default: 7 } },
      '{"n": [5]}',
      '{"n": 5, "m": 7}',
      0,
      1,
    ],
    ['an omitted default', { n: { type: 'integer', default: 7 } }, '{"n": [7]}', '{}', 0, 1],
    ['a list in order', { l: { type: 'array', items: { type: 'integer' } } }, '{"l": [[1, 2]]}', '{"l": [1, 2]}', 1, 1],
    [
      'a list out of order',
      { l: { type: 'array', items: { type: 'integer' } } },
      '{"l": [[1, 2]]}',
      '{"l": [2, 1]}',
      0,
      0,
    ],
    [
      'a list of another type',
      { l: { type: 'array', items: { type: 'integer' } } },
      '{"l": [[1, 2]]}',
      '{"l": ["1", "2"]}',
      0,
      0,
    ],
    [
      'a list of texts',
      { l: { type: 'array', items: { type: 'string' } } },
      '{"l": [["A b"]]}',
      '{"l": ["a B"]}',
      1,
      1,
    ],
    ['a flat dict', { d: { type: 'dict' } }, '{"d": [{"a": [1], "b": ["x", ""]}]}', '{"d": {"a": 1}}', 1, 1],
    ['a dict with another key', { d: { type: 'dict' } }, '{"d": [{"a": [1]}]}', '{"d": {"a": 1, "c": 1}}', 0, 0],
    ['a dict in a dict', { d: { type: 'dict' } }, '{"d": [{"a": [{"b": [1]}]}]}', '{"d": {"a": {"b": 1}}}', 0, 1],
    [
      'a list of dicts',
      { l: { type: 'array', items: { type: 'dict' } } },
      '{"l": [[{"a": [1]}, {"a": [2]}]]}',
      '{"l": [{"a": 1}, {"a": 2}]}',
      1,
      1,
    ],
    [
      'dicts out of order',
      { l: { type: 'array', items: { type: 'dict' } } },
      '{"l": [[{"a": [1]}, {"a": [2]}]]}',
      '{"l": [{"a": 2}, {"a": 1}]}',
      0,
      0,
    ],
    [
      'a short list of dicts',
      { l: { type: 'array', items: { type: 'dict' } } },
      '{"l": [[{"a": [1]}, {"a": [2]}]]}',
      '{"l": [{"a": 1}]}',
      0,
      0,
    ],
    ['a variable', integer, '{"n": ["count"]}', '{"n": "count"}', 1, 1],
    ['a variable in other letters', integer, '{"n": ["count"]}', '{"n": "Count"}', 0, 1],
    [
      'an enum in other letters',
      { s: { type: 'string', enum: ['Bronze', 'Wood'] } },
      '{"s": ["Bronze"]}',
      '{"s": "bronze"}',
      1,
      0,
    ],
    [
      'an accepted value beyond the enum',
      { s: { type: 'string', enum: ['feet'] } },
      '{"s": ["feet", "ft"]}',
      '{"s": "ft"}',
      1,
      1,
    ],
    ['nothing accepted', string, '{"s": [""]}', '{"s": "x"}', 0, 0],
    ['a list of any type', { l: { type: 'array' } }, '{"l": [[1, "A"]]}', '{"l": [1, "a"]}', 1, 1],
    [
      'a text beside a list',
      { l: { type: 'array', items: { type: 'string' } } },
      '{"l": [["a"], "b"]}',
      '{"l": ["b"]}',
      1,
      0,
    ],
    [
      'an empty list that may be left out',
      { l: { type: 'array', items: { type: 'string' } } },
      '{"l": [""]}',
      '{"l": []}',
      1,
      0,
    ],
    [
      'an empty list of dicts that may be left out',
      { l: { type: 'array', items: { type: 'dict' } } },
      '{"l": [""]}',
      '{"l": []}',
      1,
      0,
    ],
    [
      'floats in a list of ints',
      { l: { type: 'array', items: { type: 'integer' } } },
      '{"l": [[4, 5]]}',
      '{"l": [4.0, 5]}',
      0,
      1,
    ],
    [
      'ints in a list of floats',
      { l: { type: 'array', items: { type: 'float' } } },
      '{"l": [[4.0, 5.0]]}',
      '{"l": [4, 5.0]}',
      0,
      1,
    ],
    ['a text as a member left out', { d: { type: 'dict' } }, '{"d": [{"a": "xy"}]}', '{"d": {}}', 1, 0],
    ['a text beside a dict', { d: { type: 'dict' } }, '{"d": [{"a": [1]}, "x"]}', '{"d": {"a": 2}}', 0, 0],
    ['a member that stands for itself', { d: { type: 'dict' } }, '{"d": [{"a": 5}]}', '{"d": {"a": 5}}', 0, 1],
    [
      'a member that stands for itself left out',
      { d: { type: 'dict' } },
      '{"d": [{"a": 5, "b": [1]}]}',
      '{"d": {"b": 1}}',
      0,
      0,
    ],
    ['a text read letter by letter', { d: { type: 'dict' } }, '{"d": [{"a": "xy"}]}', '{"d": {"a": "Y"}}', 1, 0],
  ])('on %s', (_, properties, accepted, given, upstream, corrected) => {
    expect(one(properties, accepted, given)).toEqual([upstream, corrected]);
  });

  it('want required parameters even where the answer lets them out', () => {
    expect(one(integer, '{"n": ["", 5]}', '{}', ['n'])).toEqual([0, 0]);
  });

  it('refuse what no function describes', () => {
    const target: BfclTarget = { kind: 'calls', answers: '[{"area.of": {"n": [5]}}]' };
    const outcome = judge({ functions: [doc(integer, [], 'other')], target, text: call('{"n": 5}') });
    expect(outcome).toMatchObject({ codes: ['data.fault'], measures: { upstream: 0, corrected: 0 } });
  });

  it('tell what a call of the right function lacks, not that another one is of another function', () => {
    const functions = [doc(integer), doc(string, [], 'other')];
    const target: BfclTarget = { kind: 'calls', answers: '[{"area.of": {"n": [5]}}, {"other": {"s": ["x"]}}]' };
    const text = `${call('{"s": "x"}', 'other')}${call('{"n": 6}')}`;
    expect(judge({ functions, target, text })).toMatchObject({
      codes: ['args.wrong_value'],
      explanation: 'n is none of the accepted values',
    });
  });

  it('differ on parallel calls of which one fits two answers', () => {
    const functions = [doc(integer)];
    const target: BfclTarget = { kind: 'calls', answers: '[{"area.of": {"n": [1, 2]}}, {"area.of": {"n": [1]}}]' };
    const calls = (...values: number[]): string => values.map((value) => call(`{"n": ${value}}`)).join('\n');
    expect(verdicts({ functions, target, text: calls(2, 1) })).toEqual([1, 1]);
    expect(verdicts({ functions, target, text: calls(1, 2) })).toEqual([0, 1]);
    expect(verdicts({ functions, target, text: calls(2, 2) })).toEqual([0, 0]);
    expect(verdicts({ functions, target, text: calls(1) })).toEqual([0, 0]);
  });

  it('name the cause', () => {
    const functions = [doc(integer), doc(string, [], 'other')];
    const target: BfclTarget = { kind: 'calls', answers: '[{"area.of": {"n": [5]}}]' };
    const codes = (text: string): readonly string[] => judge({ functions, target, text }).codes;
    expect(codes(call('{"n": 6}'))).toEqual(['args.wrong_value']);
    expect(codes(call('{"n": "6"}'))).toEqual(['args.bad_type']);
    expect(codes(call('{}'))).toEqual(['args.missing_required']);
    expect(codes(call('{"s": "x"}', 'other'))).toEqual(['select.wrong_tool']);
    expect(codes(`${call('{"n": 5}')}${call('{"n": 5}')}`)).toEqual(['select.wrong_count']);
    expect(codes('It is 5.')).toEqual(['select.no_call']);
    expect(codes(call('{"n": 5,}'))).toEqual(['json.trailing_comma', 'select.no_call']);
  });
});

describe('calls in other languages', () => {
  const java = (type: string, accepted: string, given: string, items?: string): unknown[] =>
    verdicts({
      functions: [doc({ p: { type, ...(items === undefined ? {} : { items: { type: items } }) } })],
      language: 'java',
      target: { kind: 'calls', answers: `[{"area.of": {"p": ${accepted}}}]` },
      text: call(`{"p": ${given}}`),
    });

  it('come as text and are read as literals', () => {
    expect(java('integer', '[3]', '"3"')).toEqual([1, 1]);
    expect(java('integer', '[3]', '3')).toEqual([0, 1]);
    expect(java('long', '[5]', '"5L"')).toEqual([1, 1]);
    expect(java('long', '[5]', '"5"')).toEqual([0, 1]);
    expect(java('integer', '["Types.INT"]', '"Types.INT"')).toEqual([1, 1]);
    expect(java('String', '["abc"]', '"\\"abc\\""')).toEqual([0, 1]);
    expect(java('Array', '[["a", "b"]]', '"new String[]{\\"a\\", \\"b\\"}"', 'String')).toEqual([0, 1]);
    expect(java('Array', '[["a", "b"]]', '"new String[]{a, b}"', 'String')).toEqual([1, 1]);
    expect(java('ArrayList', '[["a"]]', '"new ArrayList<>(Arrays.asList(\\"a\\"))"', 'String')).toEqual([1, 1]);
    expect(java('ArrayList', '[["a"]]', '"Arrays.asList(\\"a\\")"', 'String')).toEqual([0, 1]);
    expect(java('Array', '[["a", "b"]]', '["a", "b"]', 'String')).toEqual([0, 1]);
    expect(java('Array', '[["a", "b"]]', '"[\\"a\\", \\"b\\"]"', 'String')).toEqual([0, 1]);
    expect(java('HashMap', '[{"k": [1]}]', '"new HashMap<>() {{ put(\\"k\\", 1); }}"')).toEqual([1, 1]);
    expect(java('Array', '[["a"]]', '"new String[]{\\"b\\"}"', 'String')).toEqual([0, 0]);
  });

  it('are offered as text', () => {
    const tool = toolOf(doc({ p: { type: 'ArrayList', items: { type: 'long' }, description: 'Ids.' } }, ['p']), 'java');
    expect(tool).toMatchObject({
      name: 'area_of',
      parameters: {
        required: ['p'],
        properties: {
          p: { type: 'string', description: 'Ids. Give it as text: a Java literal of type ArrayList of long.' },
        },
      },
    });
    const python = toolOf(
      doc({
        p: { type: 'tuple', items: { type: 'float' }, optional: true },
        d: { type: 'dict', properties: { x: { type: 'any' } } },
      }),
      'python',
    );
    expect(python.parameters).toEqual({
      type: 'object',
      properties: {
        p: { type: 'array', items: { type: 'number' } },
        d: { type: 'object', properties: { x: { type: 'string' } } },
      },
      required: [],
    });
  });
});

describe('without a format', () => {
  it('calls come in the tools field, in certificates too', () => {
    const functions = [doc(integer)];
    const input = {
      messages: [],
      tools: functions.map((item) => toolOf(item, 'python')),
      functions,
      language: 'python',
    } as const;
    const sample = {
      id: 'x',
      category: null,
      cluster: null,
      input,
      target: { kind: 'calls', answers: '[{"area.of": {"n": [5]}}]' },
    } as const;
    const scoreOf = (response: Parameters<typeof bfclCalls.score>[0]['response']) =>
      bfclCalls.score({ sample, response, settings: defaultSettings }, { sandbox: null, judge: null });
    const [plain] = bfclCalls.gold(sample, defaultSettings);
    expect(plain?.response).toMatchObject({ text: null, toolCalls: [{ name: 'area_of', arguments: '{"n": 5}' }] });
    for (const { response } of bfclCalls.gold(sample, defaultSettings)) {
      expect(scoreOf(response)).toMatchObject({ score: 1, measures: { lenient: 1, corrected: 1 } });
    }
    for (const { response } of bfclCalls.wrong(sample, defaultSettings)) {
      expect(scoreOf(response)).toMatchObject({ score: 0 });
    }
  });
});

describe('where no call is due, or any', () => {
  const functions = [doc(integer)];
  const none = (text: string): unknown[] => verdicts({ functions, target: { kind: 'no_call' }, text });
  const some = (text: string): unknown[] => verdicts({ functions, target: { kind: 'some_call' }, text });

  it('a call is wrong, and what cannot be read counts for upstream alone', () => {
    expect(none('None of these can help.')).toEqual([1, 1]);
    expect(none(call('{"n": 1}'))).toEqual([0, 0]);
    expect(none('<tool_call>{"name": "area_of", "arguments": {</tool_call>')).toEqual([1, 0]);
    expect(none('area_of(n=1)')).toEqual([1, 0]);
    expect(none('')).toEqual([1, 0]);
    expect(judge({ functions, target: { kind: 'no_call' }, text: call('{"n": 1,}') }).measures).toMatchObject({
      lenient: 0,
      repair_gain: null,
    });
  });

  it('some call is enough, of a known function', () => {
    expect(some(call('{"n": 1}'))).toEqual([1, 1]);
    expect(some(call('{"n": 1}', 'unheard_of'))).toEqual([1, 0]);
    expect(some('I would call it.')).toEqual([0, 0]);
  });
});
