import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equivalencePValue, isEquivalent } from './equivalence.ts';
import { studentTCritical } from './student-t.ts';

describe('equivalence', () => {
  it('needs the whole interval inside ±delta', () => {
    expect(isEquivalent({ low: -0.019, high: 0.019 }, 0.02)).toBe(true);
    expect(isEquivalent({ low: -0.02, high: 0.019 }, 0.02)).toBe(false);
    expect(isEquivalent({ low: 0.001, high: 0.021 }, 0.02)).toBe(false);
    expect(() => isEquivalent({ low: 0, high: 0 }, 0)).toThrow('got 0');
  });

  it('has a p-value from two one-sided tests', () => {
    // T₁₉(−1.5) and Φ(−2) in 50 digits.
    const difference = { difference: -0.005, standardError: 0.01, degrees: 19 };
    expect(equivalencePValue(difference, 0.02)).toBeCloseTo(0.07502426537113577, 12);
    const normal = { difference: 0, standardError: 0.01, degrees: Infinity };
    expect(equivalencePValue(normal, 0.02)).toBeCloseTo(0.02275013194817921, 12);
    expect(() => equivalencePValue({ ...normal, standardError: 0 }, 0.02)).toThrow('0.02 and 0');
  });

  it('agrees with the 90 % interval', () => {
    const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        real(-0.05, 0.05),
        real(0.001, 0.03),
        fc.integer({ min: 1, max: 300 }),
        (difference, error, degrees) => {
          const half = studentTCritical(0.9, degrees) * error;
          const p = equivalencePValue({ difference, standardError: error, degrees }, 0.02);
          const isInside = isEquivalent({ low: difference - half, high: difference + half }, 0.02);
          if (Math.abs(p - 0.05) > 1e-9) expect(isInside).toBe(p < 0.05);
        },
      ),
    );
  });
});
