import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, withoutCsvHeader } from './parse-csv.ts';

const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;

/** Quotes where it must, as most writers do. */
const sparing = (field: string): string => (/[",\r\n]/.test(field) || field === '' ? quote(field) : field);

const field = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ',', '"', '\n', '\r', ' ') });
const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }));

describe('parseCsv', () => {
  it('gives back what any writer wrote', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(quote, sparing),
        fc.boolean(),
        (rows, lineEnd, write, lastEnd) => {
          const text = rows.map((row) => row.map(write).join(',')).join(lineEnd) + (lastEnd ? lineEnd : '');
          expect(parseCsv(text, 'x.csv')).toEqual(rows);
        },
      ),
    );
  });

  it('reads quotes, commas and line breaks inside fields, empty fields and empty lines', () => {
    expect(parseCsv('a,"b ""c"", d",\r\n\r\n"two\nlines",,e"f\n', 'x.csv')).toEqual([
      ['a', 'b "c", d', ''],
      ['two\nlines', '', 'e"f'],
    ]);
    expect(parseCsv('', 'x.csv')).toEqual([]);
    expect(parseCsv('a,', 'x.csv')).toEqual([['a', '']]);
    expect(parseCsv('a\rb', 'x.csv')).toEqual([['a'], ['b']]);
  });

  it.each([
    ['a\n"b\nc', 'line 2: a quoted field is never closed'],
    ['"a\nb"\nx,"c" d', 'line 3: text follows a closing quote'],
  ])('names the line of %j', (text, message) => {
    expect(() => parseCsv(text, 'x.csv')).toThrow(`x.csv: ${message}`);
  });

  it('reads megabytes of quotes in linear time', () => {
    const started = performance.now();
    expect(parseCsv(`"${'""'.repeat(3_000_000)}"`, 'x.csv')[0]?.[0]).toHaveLength(3_000_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('withoutCsvHeader', () => {
  it('leaves the header out', () => {
    expect(
      withoutCsvHeader(
        [
          ['q', 'a'],
          ['1', '2'],
        ],
        'x.csv',
      ),
    ).toEqual([['1', '2']]);
    expect(withoutCsvHeader([], 'x.csv')).toEqual([]);
  });

  it('refuses a record of another width', () => {
    expect(() => withoutCsvHeader([['q', 'a'], ['1', '2'], ['1']], 'x.csv')).toThrow(
      'x.csv: record 2 has 1 fields, the header has 2',
    );
  });
});
