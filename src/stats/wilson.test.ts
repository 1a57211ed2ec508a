import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './wilson.ts';

describe('wilsonInterval', () => {
  // (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = √2 erf⁻¹(level), in 50 digits.
  it.each([
    [84, 100, 0.95, 0.7557973061072976, 0.8990471151119522],
    [0, 4, 0.95, 0, 0.48989083645459736],
    [164, 164, 0.95, 0.9771125748805725, 1],
    [1, 1_000_000, 0.99, 1.1740547499963231e-7, 8.517433834755595e-6],
    [7, 13, 0.9, 0.3248195589589245, 0.7388522269250105],
    [1, 1, 0.95, 0.2065493143772374, 1],
  ])('%d of %d at %d', (successes, n, level, low, high) => {
    const interval = wilsonInterval(successes, n, level);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it('knows nothing without trials', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('refuses impossible counts', () => {
    expect(() => wilsonInterval(5, 4)).toThrow('got 5 of 4');
    expect(() => wilsonInterval(-1, 4)).toThrow('got -1 of 4');
    expect(() => wilsonInterval(Number.NaN, 4)).toThrow('got NaN of 4');
    expect(() => wilsonInterval(1, 4, 1)).toThrow('level');
  });

  it('stays inside [0,1], holds the share, mirrors, and widens with the level', () => {
    const counts = fc.nat({ max: 5000 }).chain((n) =>
      fc.tuple(
        fc.nat({ max: n + 1 }).map((k) => Math.min(k, n + 1)),
        fc.constant(n + 1),
      ),
    );
    fc.assert(
      fc.property(counts, ([successes, n]) => {
        const { low, high } = wilsonInterval(successes, n);
        const mirrored = wilsonInterval(n - successes, n);
        const wider = wilsonInterval(successes, n, 0.99);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n);
        expect(high).toBeGreaterThanOrEqual(successes / n);
        expect(mirrored.low).toBeCloseTo(1 - high, 12);
        expect(wider.low).toBeLessThanOrEqual(low);
        expect(wider.high).toBeGreaterThanOrEqual(high);
      }),
    );
  });
});
