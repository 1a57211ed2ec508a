import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonLines } from './parse-json-lines.ts';

const values = (text: string): unknown[] => Array.from(parseJsonLines(text, 'data.jsonl'), ({ value }) => value);

describe('parseJsonLines', () => {
  it('gives back what was written, whatever the line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\n'), (records, lineEnd) => {
        const text = records.map((record) => JSON.stringify(record)).join(lineEnd);
        expect(values(text)).toEqual(JSON.parse(JSON.stringify(records)));
      }),
    );
  });

  it('counts blank lines and keeps the text of a line', () => {
    expect([...parseJsonLines('\n{"a": 1.0}\n\n[2]\n', 's')]).toEqual([
      { line: 2, text: '{"a": 1.0}', value: { a: 1 } },
      { line: 4, text: '[2]', value: [2] },
    ]);
  });

  it('reads the numbers that only Python writes, outside strings', () => {
    expect(values('{"a": [NaN, -Infinity, Infinity], "b": "NaN \\" Infinity", "NaN": 1}')).toEqual([
      { a: [NaN, -Infinity, Infinity], b: 'NaN " Infinity', NaN: 1 },
    ]);
  });

  it.each([
    ['{"a":1}\n\n{"a":', 3],
    ['{"a":1}\n{"a":NaNa}', 2],
    ['[1]\n"\\', 2],
    ['x', 1],
    ['[1]\n[2] [3]', 2],
  ])('names the line that is not JSON in %j', (text, line) => {
    expect(() => values(text)).toThrow(
      expect.objectContaining({
        code: 'E_DATASET_INVALID',
        message: expect.stringContaining(`data.jsonl: line ${line} is not JSON`),
      }),
    );
  });

  it('refuses a long broken line without going back over it', () => {
    const broken = `["${'\\"'.repeat(2_000_000)}`;
    const started = performance.now();
    expect(() => values(broken)).toThrow(/line 1/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
