import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarTest } from './mcnemar.ts';

describe('mcnemarTest', () => {
  // 2 Σ C(n,k)/2ⁿ over k ≤ min(gained, lost), in 50 digits; the mid-p value less C(n,min)/2ⁿ.
  it.each([
    [12, 4, 0.076812744140625, 0.049041748046875],
    [4, 0, 0.125, 0.0625],
    [5, 5, 1, 1],
    [0, 0, 1, 1],
    [30, 55, 0.008836205876094518, 0.006673923142224867],
  ])('%d against %d', (gained, lost, exact, midP) => {
    expect(mcnemarTest(gained, lost).exact).toBeCloseTo(exact, 13);
    expect(mcnemarTest(gained, lost).midP).toBeCloseTo(midP, 13);
  });

  it('agrees with counting all 2ⁿ ways the differing pairs could have fallen', () => {
    for (let n = 1; n <= 10; n++)
      for (let gained = 0; gained <= n; gained++) {
        const observed = Math.abs(2 * gained - n);
        let asExtreme = 0;
        for (let ways = 0; ways < 2 ** n; ways++) {
          const heads = ways.toString(2).replaceAll('0', '').length;
          if (Math.abs(2 * heads - n) >= observed) asExtreme += 1;
        }
        expect(mcnemarTest(gained, n - gained).exact).toBeCloseTo(asExtreme / 2 ** n, 12);
      }
  });

  it('is symmetric, and the mid-p value is never larger', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.nat({ max: 300 }), (gained, lost) => {
        const { exact, midP } = mcnemarTest(gained, lost);
        expect(mcnemarTest(lost, gained)).toEqual({ exact, midP });
        expect(midP).toBeLessThanOrEqual(exact);
        expect(midP).toBeGreaterThan(0);
        expect(exact).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses what is no count', () => {
    expect(() => mcnemarTest(0.5, 1)).toThrow('got 0.5 and 1');
  });
});
