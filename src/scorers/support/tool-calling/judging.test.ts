import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../../core/json.ts';
import type { ToolDefinition } from '../../../core/message.ts';
import type { ParsedCall } from '../../../text/tool-calls/parsed-call.ts';
import { jsonCorruptions } from '../json-corruptions.ts';
import { schemaIssues } from '../json-schema.ts';
import { schemaExample } from '../schema-example.ts';
import { judgeCalls } from './judge-calls.ts';
import { mentionsAny, replyFaults } from './judge-reply.ts';
import { otherValue } from './mutate-value.ts';
import type { ExpectedCall } from './tool-expectation.ts';

describe('schemaIssues', () => {
  it.each<[JsonSchema, Json, string[]]>([
    [{ type: 'object', required: ['a'] }, {}, ['args.missing_required']],
    [{ type: 'object', properties: {}, additionalProperties: false }, { a: 1 }, ['args.unexpected']],
    [{ type: 'integer' }, 1.5, ['args.bad_type']],
    [{ type: 'integer' }, 5, []],
    [{ enum: [1, 2] }, 3, ['args.bad_enum']],
    [{ const: 1 }, 3, ['args.bad_enum']],
    [{ type: 'number', maximum: 2 }, 3, ['args.out_of_range']],
    [{ type: 'string', format: 'date' }, '2026-02-30', ['args.bad_type.format']],
    [{ type: 'string', pattern: '^a$' }, 'b', ['args.bad_type.pattern']],
    [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, 3, ['args.bad_type', 'args.bad_type', 'args.bad_type']],
    [false, 1, ['args.bad_type']],
    [true, 1, []],
  ])('%j on %j', (schema, value, codes) => {
    expect(schemaIssues(schema, value).map(({ code }) => code)).toEqual(codes);
  });

  it('names the place', () => {
    const schema = { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'string' } } } } };
    expect(schemaIssues(schema, { a: { b: 1 } })).toEqual([
      { code: 'args.bad_type', path: '/a/b', message: '/a/b must be string' },
    ]);
    expect(schemaIssues({ type: 'string' }, 1)[0]?.message).toBe('the value must be string');
  });
});

describe('schemaExample', () => {
  it.each<[JsonSchema | undefined, Json]>([
    [undefined, null],
    [true, null],
    [{ const: 'x' }, 'x'],
    [{ const: null }, null],
    [{ enum: ['b', 'a'] }, 'b'],
    [{ enum: [] }, null],
    [{ oneOf: [{ type: 'boolean' }] }, true],
    [{ anyOf: [{ type: 'null' }] }, null],
    [{ type: ['integer', 'null'], minimum: 4 }, 4],
    [{ type: 'number' }, 1],
    [{ type: 'string', format: 'date' }, '2000-01-01'],
    [{ type: 'string', format: 'date-time' }, '2000-01-01T00:00:00Z'],
    [{ type: 'string', format: 'email' }, 'user@example.com'],
    [{ type: 'array', items: { type: 'string' } }, ['string']],
    [{ type: 'object' }, {}],
    [{ type: 'object', properties: { a: { type: 'null' } } }, { a: null }],
  ])('%j', (schema, value) => {
    expect(schemaExample(schema)).toEqual(value);
  });
});

describe('otherValue', () => {
  it.each<[Json, JsonSchema | undefined, Json | undefined]>([
    ['a', { enum: ['a', 'b'] }, 'b'],
    ['a', { enum: ['a'] }, undefined],
    ['a', { const: 'a' }, undefined],
    [true, undefined, false],
    [3, undefined, 4],
    [3, { maximum: 3 }, 2],
    [0.5, { minimum: 0, maximum: 1 }, 0.25],
    ['x', undefined, 'xx'],
    ['x9', undefined, 'x0'],
    ['2031-07-19', { format: 'date' }, '2031-07-20'],
    ['2030-01-01', { format: 'date' }, '2031-07-19'],
    ['a@b.cc', { format: 'email' }, 'xa@b.cc'],
    [[1, 2], undefined, [2, 2]],
    [[], undefined, undefined],
    [[null], undefined, undefined],
    [{ a: null, b: 1 }, { properties: { b: { type: 'integer' } } }, { a: null, b: 2 }],
    [{ a: null }, undefined, undefined],
    [null, undefined, undefined],
  ])('%j by %j', (value, schema, other) => {
    expect(otherValue(value, schema)).toEqual(other);
  });
});

describe('jsonCorruptions', () => {
  it('spoil what offers a place, and leave alone what does not', () => {
    const spoiled = (text: string): string[] =>
      jsonCorruptions.filter(({ spoil }) => spoil(text) !== null).map(({ code }) => code);
    expect(spoiled('{"a": "x", "b": true, "c": 1}')).toHaveLength(12);
    expect(spoiled('{}')).toEqual(['comment', 'extra_data', 'unclosed_bracket']);
    expect(spoiled('{"a": "it\'s"}')).not.toContain('single_quotes');
  });
});

describe('judgeCalls', () => {
  const tools: readonly ToolDefinition[] = [
    {
      name: 'add_note',
      description: '',
      parameters: {
        type: 'object',
        properties: { text: { type: 'string' }, level: { type: 'integer' } },
        required: ['text'],
      },
    },
    { name: 'free', description: '', parameters: true },
  ];
  const call = (name: string, values: ParsedCall['arguments']): ParsedCall => ({
    name,
    arguments: values,
    raw: '',
    span: [0, 0],
    repairs: [],
  });
  const wanted = (text: string): ExpectedCall => ({
    name: 'add_note',
    arguments: { text: { kind: 'exact', value: text }, level: { kind: 'absent' } },
  });
  const codes = (expected: readonly ExpectedCall[], calls: readonly ParsedCall[]): string[] =>
    judgeCalls(expected, calls, tools).faults.map(({ code }) => code);

  it('accepts the calls in any order', () => {
    const calls = [call('add_note', { text: 'b' }), call('add_note', { text: 'a' })];
    expect(judgeCalls([wanted('a'), wanted('b')], calls, tools)).toEqual({
      isRight: true,
      faults: [],
      validCalls: 2,
      unknownCalls: 0,
      selectedTools: 2,
      arguments: { right: 4, total: 4 },
    });
  });

  it('names each fault, and counts what is right', () => {
    expect(codes([wanted('a')], [])).toEqual(['select.no_call']);
    expect(codes([wanted('a')], [call('add_not', { text: 'a' })])).toEqual([
      'select.wrong_tool',
      'select.unknown_tool',
    ]);
    expect(codes([wanted('a')], [call('zzzzzzzzzz', {})])).toEqual(['select.wrong_tool', 'select.unknown_tool']);
    expect(codes([wanted('a')], [call('add_note', null)])).toEqual(['args.not_object', 'args.missing_required']);
    expect(codes([wanted('a')], [call('add_note', { text: '<text>' })])).toEqual(['args.placeholder_value']);
    expect(codes([wanted('a')], [call('add_note', { text: 'a', level: 3 })])).toEqual(['args.wrong_value']);
    expect(codes([wanted('a')], [call('add_note', { text: 'a', more: 3 })])).toEqual(['args.unexpected']);
    expect(codes([wanted('a')], [call('add_note', { text: 'a' }), call('free', { x: 1 })])).toEqual([
      'select.wrong_count',
      'args.unexpected',
    ]);
    expect(judgeCalls([wanted('a'), wanted('b')], [call('add_note', { text: 'c' })], tools)).toMatchObject({
      isRight: false,
      selectedTools: 1,
      arguments: { right: 1, total: 2 },
    });
  });
});

describe('replies without a call', () => {
  const ask = {
    kind: 'ask',
    parameter: 'date',
    names: ['date', 'when', 'due_date'],
    given: [
      { names: ['city'], text: 'Oslo' },
      { names: ['owner'], text: 'Ada' },
    ],
  } as const;

  it('must ask for the missing detail, and not for everything', () => {
    expect(replyFaults('Which due date?', ask)).toEqual([]);
    expect(replyFaults('Oslo is the city, Ada the owner; on which DATE?', ask)).toEqual([]);
    expect(replyFaults('Done.', ask)[0]?.code).toBe('answer.wrong.did_not_ask');
    expect(replyFaults('I will update it.', ask)[0]?.code).toBe('answer.wrong.did_not_ask');
    expect(replyFaults('Please give city, owner, date.', ask)[0]?.code).toBe('extract.ambiguous');
    expect(replyFaults('Please give city, date.', { ...ask, given: ask.given.slice(0, 1) })).toEqual([]);
    expect(replyFaults(' ', ask)[0]?.code).toBe('extract.no_answer');
    expect(replyFaults('No tool fits.', { kind: 'none' })).toEqual([]);
  });

  it.each([
    ['Would you like to be notified?', ['notify'], true],
    ['What invoice do you want to archive?', ['which invoice'], true],
    ['Please specify the invoice you mean.', ['which invoice'], true],
    ['Which of the invoices is it?', ['which invoice'], true],
    ['I archived the invoice. Which was easy.', ['which invoice'], false],
    ['I archived the invoice. The number was in the file.', ['number'], false],
    ['All done. Let me know when you need anything else.', ['when'], false],
    ['All done. Is there anything else you need, and when?', ['when'], false],
    ['Let me know when it should happen.', ['when'], true],
    ['I cannot do that without a date.', ['date'], true],
    ['WHICH DUE_DATE SHOULD I USE？', ['due date'], true],
  ])('takes %j for a question about %j: %s', (reply, names, isAsked) => {
    const faults = replyFaults(reply, { kind: 'ask', parameter: 'x', names, given: [] });
    expect(faults.map(({ code }) => code)).toEqual(isAsked ? [] : ['answer.wrong.did_not_ask']);
  });

  it('names are whole words, plurals too', () => {
    expect(mentionsAny('Which dates?', ['date'])).toBe(true);
    expect(mentionsAny('update', ['date'])).toBe(false);
    expect(mentionsAny('the start_time', ['start time'])).toBe(true);
    expect(mentionsAny('c++?', ['c++'])).toBe(true);
  });
});
