import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import type { Json, JsonObject, JsonSchema } from '../core/json.ts';
import { textResponse } from '../text/assistant-turn.ts';
import jsonOutput from './json-output.ts';
import type { ValueMatcher } from './support/tool-calling/value-matcher.ts';

interface Asked {
  readonly schema?: JsonSchema;
  readonly matcher: ValueMatcher;
  readonly gold?: JsonObject;
}

const sampleOf = ({ schema = true, matcher, gold = {} }: Asked) => ({
  id: 'x',
  category: null,
  cluster: null,
  input: { prompt: 'Read.', schema, level: 1 },
  target: { matcher, gold },
});

const scored = (asked: Asked, text: string, raw: Parameters<typeof textResponse>[1] = {}) =>
  jsonOutput.score(
    { sample: sampleOf(asked), response: textResponse(text, raw), settings: defaultSettings },
    { sandbox: null, judge: null },
  );

const exact = (value: Json): ValueMatcher => ({ kind: 'exact', value });
const nested: ValueMatcher = {
  kind: 'object',
  members: { a: { kind: 'object', members: { b: exact(1), c: exact(2) } }, d: exact(3) },
};

describe('JSON as asked', () => {
  it.each<[string, ValueMatcher, Json, string, number]>([
    ['the value itself', exact(5), 6, 'the value is not what the text says', 0],
    ['no object', nested, [1], 'the value is not what the text says', 0],
    ['a member in a member', nested, { a: { b: 1, c: 9 }, d: 3 }, '/a/c is not what the text says', 2 / 3],
    ['a member that is no object', nested, { a: 5, d: 3 }, '/a is not what the text says', 1 / 3],
    ['a member that is missing', nested, { a: { b: 1, c: 2 } }, '/d is not what the text says', 2 / 3],
    ['a member too many', nested, { a: { b: 1, c: 2 }, d: 3, e: 4 }, 'the value is not what the text says', 1],
  ])('names what is wrong first: %s', async (_, matcher, value, explanation, fields) => {
    expect(await scored({ matcher }, JSON.stringify(value))).toMatchObject({
      score: 0,
      codes: ['args.wrong_value'],
      explanation,
      measures: { content_right: 0, schema_valid: 1, json_strict: 1, fields_right: fields },
    });
  });

  it('is right in plain JSON alone, and measured on every rung', async () => {
    const asked: Asked = { matcher: exact({ a: 1 }) };
    expect(await scored(asked, '{"a": 1}')).toMatchObject({
      score: 1,
      codes: [],
      explanation: null,
      measures: { json_strict: 1, right_when_extracted: 1, fields_right: 1, level: 1 },
    });
    expect(await scored(asked, '```json\n{"a": 1}\n```')).toMatchObject({
      score: 0,
      measures: { json_strict: 0, json_fenced: 1, json_extractable: 1, right_when_extracted: 1 },
    });
    expect(await scored(asked, '{"a": 1,}')).toMatchObject({
      score: 0,
      codes: ['json.trailing_comma'],
      measures: { json_extractable: 0, json_repairable: 1, right_when_extracted: 0 },
    });
    expect(await scored(asked, 'None.')).toMatchObject({
      score: 0,
      extraction: null,
      measures: { json_repairable: 0, schema_valid: 0, content_right: 0, fields_right: 0 },
    });
    expect(await scored(asked, '{"a": ', { finishReason: 'length' })).toMatchObject({
      score: 0,
      codes: ['gen.truncated.in_json'],
    });
  });

  it('breaks its schema before it is wrong', async () => {
    const schema: JsonSchema = { type: 'object', required: ['a'] };
    expect(await scored({ schema, matcher: exact({ a: 1 }) }, '{}')).toMatchObject({
      codes: ['args.missing_required'],
      measures: { schema_valid: 0 },
    });
  });

  it('certifies itself', async () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['a', 'd'],
      properties: { a: { type: 'object', properties: { b: { type: 'integer' } } }, d: { type: 'integer' } },
      additionalProperties: false,
    };
    const sample = sampleOf({ schema, matcher: nested, gold: { a: { b: 1, c: 2 }, d: 3 } });
    const scoreOf = (response: ReturnType<typeof textResponse>) =>
      jsonOutput.score({ sample, response, settings: defaultSettings }, { sandbox: null, judge: null });
    for (const { kind, response } of jsonOutput.gold(sample, defaultSettings)) {
      expect([kind, await scoreOf(response)]).toMatchObject([kind, { score: 1 }]);
    }
    for (const { kind, response } of jsonOutput.wrong(sample, defaultSettings)) {
      expect([kind, await scoreOf(response)]).toMatchObject([kind, { score: 0 }]);
    }
  });
});
