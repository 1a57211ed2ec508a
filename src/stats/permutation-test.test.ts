import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarTest } from './mcnemar.ts';
import { permutationTest } from './permutation-test.ts';
import { seededRng } from './rng.ts';

const rng = seededRng('permutation');

describe('permutationTest', () => {
  it('counts every change of signs for few differences', () => {
    // Of the 8 sums ±1 ±2 ±4, those of size 7 and 5 or more are 2 and 4.
    expect(permutationTest([1, 2, 4], { rng })).toEqual({ pValue: 2 / 8, exact: true });
    expect(permutationTest([-1, 2, 4], { rng })).toEqual({ pValue: 4 / 8, exact: true });
    expect(permutationTest([], { rng })).toEqual({ pValue: 1, exact: true });
  });

  it('is exact McNemar on right-or-wrong outcomes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.nat({ max: 20 }), (gained, lost, equal) => {
        const differences = [
          ...Array.from({ length: gained }, () => 1),
          ...Array.from({ length: lost }, () => -1),
          ...Array.from({ length: equal }, () => 0),
        ];
        const { pValue, exact } = permutationTest(differences, { rng });
        expect(exact).toBe(true);
        expect(pValue).toBeCloseTo(mcnemarTest(gained, lost).exact, 12);
      }),
    );
  });

  it('treats sums that differ by rounding alone as ties', () => {
    const exact = permutationTest([1, 2, 3, -4], { rng }).pValue;
    expect(permutationTest([0.1, 0.2, 0.3, -0.4], { rng }).pValue).toBe(exact);
  });

  it('changes the signs of a cluster together', () => {
    const clusters = ['a', 'a', 'b', 'b', 'c', 'c'];
    expect(permutationTest([1, 1, 2, 2, 4, 4], { rng, clusters })).toEqual({ pValue: 2 / 8, exact: true });
  });

  it('draws with a seed for many differences, close to the exact value', () => {
    const differences = Array.from({ length: 64 }, (_, index) => (index < 40 ? 1 : -1));
    const first = permutationTest(differences, { rng: seededRng(1), draws: 40_000 });
    expect(first).toEqual(permutationTest(differences, { rng: seededRng(1), draws: 40_000 }));
    expect(first.exact).toBe(false);
    const expected = mcnemarTest(40, 24).exact;
    expect(Math.abs(first.pValue - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / 40_000));
    // Never 0, however extreme.
    const extreme = permutationTest(
      differences.map(() => 1),
      { rng: seededRng(1), draws: 999 },
    );
    expect(extreme.pValue).toBe(0.001);
  });
});
