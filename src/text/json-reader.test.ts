import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStrictJson, maximumJsonDepth, readJson, type JsonIssueCode } from './json-reader.ts';

const fatalOf = (text: string): [JsonIssueCode, number] | null => {
  const { fatal } = readJson(text);
  return fatal === null ? null : [fatal.code, fatal.offset];
};
const mendedOf = (text: string): { value: unknown; codes: JsonIssueCode[] } => {
  const read = readJson(text);
  return { value: read.value, codes: read.mended.map((issue) => issue.code) };
};

describe('readJson', () => {
  it('reads what JSON.parse reads, to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readJson(text);
        expect(isStrictJson(read)).toBe(true);
        expect(read.end).toBe(text.length);
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('calls no text strict that JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[],:"\'\\01.-e truefalsnN/*#\n')) }), (text) => {
        const read = readJson(text);
        if (!isStrictJson(read) || text.slice(read.end).trim() !== '') return;
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(read.value));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, unknown, JsonIssueCode[]]>([
    ['{"a": [1, 2,], }', { a: [1, 2] }, ['trailing_comma', 'trailing_comma']],
    ["{'a': 'b'}", { a: 'b' }, ['single_quotes', 'single_quotes']],
    ['{a: 1, b-c: 2}', { a: 1, 'b-c': 2 }, ['unquoted_key', 'unquoted_key']],
    ['[True, False, None]', [true, false, null], ['python_literal', 'python_literal', 'python_literal']],
    ['{"a": "x\ny"}', { a: 'x\ny' }, ['raw_control_char']],
    ['{"a": 1 // one\n, /* two */ "b": 2 # three\n}', { a: 1, b: 2 }, ['comment', 'comment', 'comment']],
    [String.raw`{"a": "it\'s"}`, { a: "it's" }, ['single_quotes']],
  ])('mends %j without a change of meaning', (text, value, codes) => {
    expect(mendedOf(text)).toEqual({ value, codes });
    expect(readJson(text).end).toBe(text.length);
  });

  it.each<[string, JsonIssueCode, number]>([
    ['{"a": "b', 'unterminated_string', 6],
    ['{"a": "b\\', 'unterminated_string', 6],
    ['{"a": "b\\u12', 'unterminated_string', 8],
    ['{"a": 1', 'unclosed_bracket', 7],
    ['{"a"', 'unclosed_bracket', 4],
    ['{"a":', 'unclosed_bracket', 5],
    ['{', 'unclosed_bracket', 1],
    ['[1,', 'unclosed_bracket', 3],
    ['{"a": NaN}', 'nan', 6],
    ['[-Infinity]', 'nan', 1],
    ['[1e999]', 'nan', 1],
    ['{"a": 1, "a": 2}', 'duplicate_key', 9],
    ['{"a" 1}', 'syntax', 5],
    ['{"a": 1 "b": 2}', 'syntax', 8],
    ['[1,,2]', 'syntax', 3],
    ['[01]', 'syntax', 1],
    ['[1.]', 'syntax', 1],
    ['[+1]', 'syntax', 1],
    ['["\\x"]', 'syntax', 2],
    ['["\\uzzzz"]', 'syntax', 2],
    ['[undefined]', 'syntax', 1],
    ['{1: 2}', 'syntax', 1],
    ['{"a": 1 /* open', 'syntax', 8],
    ['', 'syntax', 0],
    ['hello', 'syntax', 0],
  ])('says why %j cannot be read', (text, code, offset) => {
    expect(fatalOf(text)).toEqual([code, offset]);
  });

  it('reads escapes of four hexadecimal digits', () => {
    expect(readJson('"\\u00e9\\uD83D\\ude00\\/\\b\\f\\n\\r\\t"').value).toBe('é😀/\b\f\n\r\t');
  });

  it('hands numbers with a point or an exponent to the caller who asks', () => {
    const floatOf = (value: number) => ({ float: value });
    expect(readJson('[5, 5.0, -1e2, 2E-1]', 0, { floatOf }).value).toEqual([
      5,
      { float: 5 },
      { float: -100 },
      { float: 0.2 },
    ]);
    expect(readJson('[5, 5.0]').value).toEqual([5, 5]);
  });

  it('lets faults of its callers through', () => {
    const floatOf = () => {
      throw new RangeError('no float');
    };
    expect(() => readJson('[5.0]', 0, { floatOf })).toThrow(new RangeError('no float'));
  });

  it('closes brackets at a limit only after a whole value', () => {
    const options = { limit: 8, closeAtLimit: true };
    expect(readJson('{"a":[1 </x>', 0, options)).toMatchObject({ value: { a: [1] }, fatal: null });
    expect(readJson('{"a":"1 </x>', 0, options).fatal?.code).toBe('unterminated_string');
    expect(readJson('{"a":   </x>', 0, options).fatal?.code).toBe('unclosed_bracket');
  });

  it('keeps __proto__ an ordinary member', () => {
    const { value } = readJson('{"__proto__": {"x": 1}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('refuses bottomless nesting without running out of stack', () => {
    expect(fatalOf('['.repeat(200_000))).toEqual(['syntax', maximumJsonDepth]);
    const deepest = '['.repeat(maximumJsonDepth) + ']'.repeat(maximumJsonDepth);
    expect(isStrictJson(readJson(deepest))).toBe(true);
  });

  it('reads a string of 10 MB', () => {
    const text = JSON.stringify({ a: 'x'.repeat(10_000_000), b: 'é\n"'.repeat(100_000) });
    expect(readJson(text).end).toBe(text.length);
  });
});
