import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tangoInterval, tangoPValue, tangoStatistic } from './tango.ts';

const anyCounts = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 400 }))
  .filter(([gained, lost, equal]) => gained + lost + equal > 0)
  .map(([gained, lost, equal]) => ({ gained, lost, n: gained + lost + equal }));

describe('Tango', () => {
  // {Δ: |b−c−nΔ| ≤ z √(n(2q̃+Δ(1−Δ)))} with q̃ maximising the trinomial likelihood at Δ numerically, in 50 digits;
  // p = 2Φ(−|b−c|/√(b+c)).
  it.each([
    [12, 4, 100, 0.95, 0.0017827757440297956, 0.16558814783269943, 0.04550026389635842],
    [0, 0, 30, 0.95, -0.11351339317396877, 0.11351339317396877, 1],
    [7, 0, 30, 0.9, 0.13130668664571082, 0.3790260531286821, 0.0081509715935027],
    [5, 5, 10, 0.95, -0.526813818974872, 0.526813818974872, 1],
    [30, 55, 1319, 0.99, -0.0380226930699541, -0.0009854620741488076, 0.006695313538751206],
    [4, 0, 4, 0.95, 0.020218327090805278, 1, 0.04550026389635842],
  ])('%d gained, %d lost of %d at %d', (gained, lost, n, level, low, high, pValue) => {
    const interval = tangoInterval({ gained, lost, n }, level);
    expect(interval.low).toBeCloseTo(low, 11);
    expect(interval.high).toBeCloseTo(high, 11);
    expect(tangoPValue({ gained, lost, n })).toBeCloseTo(pValue, 12);
  });

  it('knows nothing without pairs and reaches −1 where all are lost', () => {
    expect(tangoInterval({ gained: 0, lost: 0, n: 0 })).toEqual({ low: -1, high: 1 });
    expect(tangoInterval({ gained: 0, lost: 5, n: 5 }).low).toBe(-1);
  });

  it('stays inside [−1,1], mirrors, grows with the level, and excludes 0 exactly when p < 1 − level', () => {
    fc.assert(
      fc.property(anyCounts, ({ gained, lost, n }) => {
        const { low, high } = tangoInterval({ gained, lost, n });
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual((gained - lost) / n);
        expect(high).toBeGreaterThanOrEqual((gained - lost) / n);
        const mirrored = tangoInterval({ gained: lost, lost: gained, n });
        expect(mirrored.low).toBeCloseTo(-high, 10);
        const wider = tangoInterval({ gained, lost, n }, 0.99);
        expect(wider.low).toBeLessThanOrEqual(low);
        expect(wider.high).toBeGreaterThanOrEqual(high);
        expect(low > 0 || high < 0).toBe(tangoPValue({ gained, lost, n }) < 0.05);
      }),
    );
  });

  it('has a statistic that falls with the difference', () => {
    fc.assert(
      fc.property(anyCounts, fc.integer({ min: -99, max: 98 }), (counts, hundredths) => {
        const at = tangoStatistic(counts, hundredths / 100);
        expect(tangoStatistic(counts, (hundredths + 1) / 100)).toBeLessThanOrEqual(at + 1e-9);
      }),
    );
  });

  it('refuses impossible counts', () => {
    expect(() => tangoInterval({ gained: 3, lost: 3, n: 5 })).toThrow('got 3 + 3 of 5');
  });
});
