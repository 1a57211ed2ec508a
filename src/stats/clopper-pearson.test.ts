import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTails } from './binomial.ts';
import { clopperPearsonInterval } from './clopper-pearson.ts';
import { wilsonInterval } from './wilson.ts';

describe('clopperPearsonInterval', () => {
  // I⁻¹(α/2; k, n−k+1) and 1 − I⁻¹(α/2; n−k, k+1), in 50 digits.
  it.each([
    [84, 100, 0.95, 0.7532124025891377, 0.9056897100260538],
    [0, 4, 0.95, 0, 0.6023646356164747],
    [164, 164, 0.95, 0.9777579177961985, 1],
    [1, 1000000, 0.99, 5.012541810981495e-9, 7.430105611978526e-6],
    [7, 13, 0.9, 0.28704900279438894, 0.7760446057886807],
    [0, 0, 0.95, 0, 1],
  ])('%d of %d at %d', (successes, n, level, low, high) => {
    const interval = clopperPearsonInterval(successes, n, level);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('ends where the observed tail has the probability α/2, mirrors, and grows with the level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(n * share);
        const { low, high } = clopperPearsonInterval(successes, n);
        if (successes > 0) expect(binomialTails(successes - 1, n, low).upper).toBeCloseTo(0.025, 9);
        if (successes < n) expect(binomialTails(successes, n, high).lower).toBeCloseTo(0.025, 9);
        const mirrored = clopperPearsonInterval(n - successes, n);
        expect(mirrored.low).toBeCloseTo(1 - high, 12);
        const wider = clopperPearsonInterval(successes, n, 0.99);
        expect(wider.low).toBeLessThanOrEqual(low);
        expect(wider.high).toBeGreaterThanOrEqual(high);
      }),
    );
  });

  it('is wider than Wilson at the edges', () => {
    expect(clopperPearsonInterval(0, 20).high).toBeGreaterThan(wilsonInterval(0, 20).high);
  });

  it('refuses what is no count', () => {
    expect(() => clopperPearsonInterval(0.5, 4)).toThrow('got 0.5 of 4');
    expect(() => clopperPearsonInterval(5, 4)).toThrow('got 5 of 4');
    expect(() => clopperPearsonInterval(1, 4, 0)).toThrow('level');
  });
});
