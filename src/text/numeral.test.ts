import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDecimal, canonicalFraction, numerals } from './numeral.ts';

describe('canonicalDecimal', () => {
  it.each<[string, string | null]>([
    ['0', '0'],
    ['42', '42'],
    ['018.50', '18.5'],
    ['+7', '7'],
    ['-7', '-7'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-.25', '-0.25'],
    ['', null],
    ['.', null],
    ['-', null],
    ['1e3', null],
    ['1,000', null],
    ['1.2.3', null],
    ['9'.repeat(400), '9'.repeat(400)],
    ['9'.repeat(401), null],
    [`0.${'9'.repeat(400)}`, null],
  ])('of %j is %j', (text, value) => {
    expect(canonicalDecimal(text)).toBe(value);
  });

  it('is the same for equal numbers, however they are written', () => {
    const digits = fc.stringMatching(/^\d{1,12}$/);
    fc.assert(
      fc.property(digits, digits, fc.nat(3), fc.nat(3), (whole, part, before, after) => {
        const plain = canonicalDecimal(`${whole}.${part}`);
        expect(canonicalDecimal(`+${'0'.repeat(before)}${whole}.${part}${'0'.repeat(after)}`)).toBe(plain);
        expect(canonicalDecimal(plain as string)).toBe(plain);
      }),
    );
  });
});

describe('canonicalFraction', () => {
  it.each<[string, string, string | null]>([
    ['3', '4', '0.75'],
    ['-3', '4', '-0.75'],
    ['2', '3', '2/3'],
    ['-4', '6', '-2/3'],
    ['12', '4', '3'],
    ['-12', '4', '-3'],
    ['0', '7', '0'],
    ['1', '80', '0.0125'],
    ['1', '625', '0.0016'],
    ['7', '0', null],
    ['7', '-2', null],
    ['1.5', '2', null],
    ['1'.repeat(31), '2', null],
    ['1', '2'.repeat(31), null],
  ])('%s / %s is %j', (dividend, divisor, value) => {
    expect(canonicalFraction(dividend, divisor)).toBe(value);
  });

  it('has the quotient as its value', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e4 }), (top, bottom) => {
        const [whole = '', part = '1'] = (canonicalFraction(`${top}`, `${bottom}`) ?? '').split('/');
        expect(Number(whole) / Number(part)).toBeCloseTo(top / bottom, 9);
      }),
    );
  });
});

describe('numerals', () => {
  const values = (text: string) => numerals(text).map(({ value }) => value);
  const spans = (text: string) => numerals(text).map(({ start, end }) => text.slice(start, end));

  it.each<[string, readonly (string | null)[]]>([
    ['.5 and 0.5', ['0.5', '0.5']],
    ['...18 to Rs.500', ['18', '500']],
    ['x^2 + a_1 + b_{3} + c^{4} = 7', ['7']],
    ['item B12 of v3, then 5', ['5']],
    ['\\frac12, \\times3, \\dfrac5', ['12', '3', '5']],
    ['1{,}234 and 5\\,678 and 9,\\!012', ['1234', '5678', '9012']],
    ['12 345 678 but 12 34', ['12345678', '12', '34']],
    ['1,23', [null]],
    ['2/3 million', [null]],
    ['3/4 million', ['750000']],
    ['1.5 Thousand, 2 billion, 3\\text{ trillion}', ['1500', '2000000000', '3000000000000']],
    ['7 thousandths', ['7']],
    ['1/2/2025', ['1', '2', '2025']],
    ['5 - 3, 5-3, (5)-3', ['5', '3', '5', '3', '5', '3']],
    ['-3, minus 4, negative 5, -0', ['-3', '-4', '-5', '0']],
    ['he surmises 4, Venus 5', ['4', '5']],
    ['A-3 and )-4 and 5%-6', ['3', '4', '5', '6']],
    ['9'.repeat(403), [null, null]],
  ])('of %j are %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['cost $ 18', '$ 18'],
    ['cost \\$18', '\\$18'],
    ['loss -$18', '-$18'],
    ['loss $-18', '$-18'],
    ['loss \\$-18', '\\$-18'],
    ['loss -\\$18', '-\\$18'],
    [' 18', '18'],
    ['€ 18', '€ 18'],
    ['minus 18', 'minus 18'],
    ['8 million', '8 million'],
  ])('sign and currency of %j belong to it', (text, span) => {
    expect(spans(text)).toEqual([span]);
  });

  it('lie in the text, one behind the other', () => {
    const piece = fc.constantFrom(
      '1',
      '23',
      ',',
      '.',
      ' ',
      '-',
      '$',
      '\\$',
      '/',
      '^',
      '_',
      '{',
      '}',
      'x',
      ' million',
      ' minus ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        let before = 0;
        for (const { start, end } of numerals(text)) {
          expect(start).toBeLessThan(end);
          expect(start >= 0 && end <= text.length && end > before).toBe(true);
          before = end;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
