import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { climbJsonLadder, type JsonRung } from './json-ladder.ts';
import type { JsonIssueCode } from './json-reader.ts';

const object = '{"a": 1, "b": ["x"]}';
const value = { a: 1, b: ['x'] };

describe('climbJsonLadder', () => {
  it.each<[string, JsonRung, JsonIssueCode | null]>([
    [object, 'strict', null],
    [`\n ${object} \n`, 'strict', null],
    [`\`\`\`json\n${object}\n\`\`\``, 'fenced', 'fenced'],
    [`\`\`\`\n${object}\n\`\`\`\n`, 'fenced', 'fenced'],
    [`\`\`\`${object}\`\`\``, 'fenced', 'fenced'],
    [`Here it is: ${object}`, 'extractable', 'prose_wrapped'],
    [`${object}\nHope that helps!`, 'extractable', 'extra_data'],
    [`Sure.\n\`\`\`json\n${object}\n\`\`\`\nDone {really}.`, 'extractable', 'prose_wrapped'],
    [`First ${object}, again ${object}`, 'extractable', 'prose_wrapped'],
    ["{'a': 1, 'b': ['x']}", 'repairable', 'single_quotes'],
    ['```json\n{"a": 1, "b": ["x"],}\n```', 'repairable', 'trailing_comma'],
    ['Between { and } stands {a: 1, b: ["x"]}.', 'repairable', 'unquoted_key'],
    [JSON.stringify(object), 'repairable', 'double_encoded'],
  ])('reads %j', (text, rung, code) => {
    const ladder = climbJsonLadder(text);
    expect(ladder.rung).toBe(rung);
    expect(ladder.value).toEqual(value);
    expect(ladder.issues[0]?.code ?? null).toBe(code);
    if (rung !== 'repairable') expect(JSON.parse(text.slice(...(ladder.span ?? [0, 0])))).toEqual(value);
  });

  it.each<[string, JsonIssueCode | null]>([
    ['', null],
    ['   ', null],
    ['I cannot do that.', 'syntax'],
    ['{"a": 1', 'unclosed_bracket'],
    ['{"a": "x', 'unterminated_string'],
    ['Answer: {"a": NaN}', 'nan'],
    ['{"a": 1, "a": 2}', 'duplicate_key'],
    [`${object} {"a": 2}`, 'extra_data'],
    [`{"a": 1} or {a: 2}`, 'extra_data'],
    ['3 apples', 'extra_data'],
    ['{"a" 1, "b": {"x": 1}}', 'syntax'],
    ['{"a": 1, "a": {"x": "}"}} {', 'duplicate_key'],
    ['{a: NaN, b: {"x": 1}}', 'nan'],
    ['{"a": NaN, "b": "\\\\\"}"} {', 'nan'],
    ['{"a\\\\": NaN} {', 'nan'],
  ])('does not read %j', (text, code) => {
    const ladder = climbJsonLadder(text);
    expect(ladder).toMatchObject({ rung: null, value: undefined, span: null });
    expect(ladder.issues[0]?.code ?? null).toBe(code);
  });

  it('repairs nothing in a text that was cut off', () => {
    expect(climbJsonLadder("{'a': 1}", { isTruncated: true }).rung).toBeNull();
    expect(climbJsonLadder('{"a": 1}', { isTruncated: true }).rung).toBe('strict');
  });

  it('has the strict rung exactly where JSON.parse reads the text, but for duplicate keys', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const isObjectText = /^\s*"/.test(text) && /^[[{]/.test(String(JSON.parse(text)));
        if (!isObjectText) expect(climbJsonLadder(text).rung).toBe('strict');
      }),
    );
  });

  it('is total and linear on hostile text', () => {
    const hostile = ['['.repeat(200_000), '{'.repeat(200_000), '{"a":'.repeat(100_000), '{/*'.repeat(200_000)];
    hostile.push(
      '```json\n'.repeat(5000),
      "{'".repeat(200_000),
      `{"a":"${'x'.repeat(10_000_000)}`,
      '{#'.repeat(100_000),
    );
    for (const text of hostile) {
      const started = process.hrtime.bigint();
      expect(climbJsonLadder(text).rung).toBeNull();
      expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5000);
    }
  });
});
