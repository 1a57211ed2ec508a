import { describe, expect, it } from 'vitest';
import { plainMath, readNumericClause, readNumericExpression } from './numeric-expression.ts';

describe('plainMath', () => {
  it.each([
    ['no dress', 'no dress'],
    ['\\frac34', ' 3/4 '],
    ['\\dfrac{1,000}{ 7 }', ' 1000/7 '],
    ['5\\text{ cm}^2', '5   cm '],
    ['90^\\circ', '90 '],
    ['2 \\times 3 \\div 4 \\approx 1', '2 × 3 ÷ 4 ≈ 1'],
    ['\\%\\$', '%$'],
    ['1{,}234', '1,234'],
  ])('of %j is %j', (text, plain) => {
    expect(plainMath(text)).toBe(plain);
  });
});

describe('readNumericExpression', () => {
  it.each<[string, string | null, boolean]>([
    ['18', '18', false],
    ['- 18', '-18', false],
    ['$ - $18', '-18', false],
    ['1 1/2', '1.5', false],
    ['-1 1/2', '-1.5', false],
    ['-2 2/3', '-8/3', false],
    ['1 3/2', null, true],
    ['1,23 1/2', null, true],
    ['1.5 1/2', null, true],
    ['3 2', null, true],
    ['x = 3 = 4', '4', false],
    ['x ≈ 3.5', '3.5', false],
    ['18 =', '18', false],
    ['18 (6 × 3)', '18', false],
    ['(6) (6)', '6', false],
    ['17 or 18', null, true],
    ['3 + 4', null, true],
    ['3 × 3', null, true],
    ['18 -', null, false],
    ['1,23', null, false],
    ['2^3', null, true],
    ['18 m^2', '18', false],
    ['none', null, false],
    ['', null, false],
  ])('of %j is %j, ambiguous: %j', (text, value, isAmbiguous) => {
    expect(readNumericExpression(text)).toEqual({ value, isAmbiguous });
  });
});

describe('readNumericClause', () => {
  it.each<[string, string | null, boolean, boolean]>([
    ['18', '18', false, false],
    ['18 or 19', null, true, false],
    ['18, or rather eighteen', '18', false, false],
    ['either 17 and 18', null, true, true],
    ['between 17 and 18', null, true, true],
    ['either 17 or 17', '17', false, true],
    ['not 18', null, false, false],
    ["surely wouldn't be 18", null, false, false],
    ['9 × 2 = 18', '18', false, true],
    ['9 because 3 × 3 = 9', '9', false, false],
    ['9 eggs at 2 each = 18', '9', false, false],
    ['found by adding 9 to 9, which is 18', '18', false, true],
    ['that she has 18', '18', false, true],
    [`${'word '.repeat(17)}18`, null, false, false],
    ['nothing', null, false, false],
  ])('of %j is %j, ambiguous: %j, derived: %j', (clause, value, isAmbiguous, isDerived) => {
    expect(readNumericClause(clause)).toMatchObject({ value, isAmbiguous, isDerived });
  });

  it('says where the number that counts ends', () => {
    expect(readNumericClause('9 × 2 = 18 eggs').end).toBe(10);
    expect(readNumericClause('$18 a day').end).toBe(3);
    expect(readNumericClause('no number').end).toBe(0);
  });
});
