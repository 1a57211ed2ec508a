import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, quantileEstimate, quantileMinimumSize } from './quantile.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('quantile', () => {
  it('interpolates as type 7', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.9)).toBeCloseTo(3.7, 14);
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(quantile([7], 0.3)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow('got 0 values');
    expect(() => quantile([1], 1.5)).toThrow('1.5');
  });
});

describe('quantileEstimate', () => {
  // Ranks from sums of binomial probabilities in 50 digits.
  it.each([
    [20, 0.5, 0.95, 6, 15],
    [100, 0.9, 0.95, 84, 96],
    [1000, 0.99, 0.95, 983, 997],
    [57, 0.5, 0.9, 22, 36],
  ])('%d values at %d, level %d', (n, p, level, low, high) => {
    const value = 1 + (n - 1) * p;
    expect(quantileEstimate(upTo(n), p, level)).toEqual({
      value: expect.closeTo(value, 10) as number,
      low,
      high,
      level,
      method: 'order-statistics',
      n,
    });
  });

  it('is reported only when about ten values lie beyond it', () => {
    expect(quantileMinimumSize(0.5)).toBe(20);
    expect(quantileMinimumSize(0.9)).toBe(100);
    expect(quantileMinimumSize(0.95)).toBe(200);
    expect(quantileMinimumSize(0.99)).toBe(1000);
    expect(quantileMinimumSize(0.1)).toBe(100);
    expect(quantileEstimate(upTo(999), 0.99)).toEqual({ unavailable: 'p99 needs 1000 values or more, there are 999' });
    expect(quantileEstimate([], 0.5)).toEqual({ unavailable: 'p50 needs 20 values or more, there are 0' });
    expect(quantileEstimate(upTo(100), 0.9, 0.99999)).toEqual({
      unavailable: 'p90 has no interval at level 0.99999 from 100 values',
    });
    expect(quantileEstimate(upTo(100), 0.1, 0.99999)).toEqual({
      unavailable: 'p10 has no interval at level 0.99999 from 100 values',
    });
  });

  it('holds its value, whatever the order', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(values, (list) => {
        const estimate = quantileEstimate(list, 0.5);
        expect(estimate).toEqual(quantileEstimate(list.toReversed(), 0.5));
        if ('unavailable' in estimate) throw new Error(estimate.unavailable);
        expect(estimate.low).toBeLessThanOrEqual(estimate.value);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
      }),
    );
  });

  it('refuses what is no number or probability', () => {
    expect(() => quantileEstimate([1, Number.NaN], 0.5)).toThrow('got NaN');
    expect(() => quantileEstimate([1], 1)).toThrow('got 1 and 0.95');
  });
});
