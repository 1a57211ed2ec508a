import { describe, expect, it } from 'vitest';
import { batchMeans } from './batch-means.ts';
import { normalCritical } from './normal-distribution.ts';
import { seededRng } from './rng.ts';

describe('batchMeans', () => {
  it('is Student’s t over the means of consecutive batches', () => {
    // Five batches of two: means 2, 4, 3, 5, 6; mean 4, s² = 2.5, t(0.975, 4) = 2.776445.
    const estimate = batchMeans([1, 3, 3, 5, 2, 4, 4, 6, 5, 7]);
    expect(estimate).toMatchObject({ value: 4, method: 'batch-means-t', n: 5, level: 0.95 });
    const half = 2.776445105 * Math.sqrt(2.5 / 5);
    expect('low' in estimate && estimate.low).toBeCloseTo(4 - half, 6);
    expect('high' in estimate && estimate.high).toBeCloseTo(4 + half, 6);
  });

  it('needs ten values, and gives a point where all are equal', () => {
    expect(batchMeans([1, 2, 3])).toEqual({ unavailable: 'an interval needs 10 readings or more, there are 3' });
    expect(batchMeans(Array.from({ length: 12 }, () => 7))).toEqual({
      value: 7,
      low: 7,
      high: 7,
      level: 0.95,
      method: 'all-equal',
      n: 5,
    });
  });

  it('covers the mean of a series whose neighbours resemble each other, where treating them as independent does not', () => {
    const rng = seededRng(7);
    let [covered, naive] = [0, 0];
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const values: number[] = [];
      let state = 0;
      for (let index = 0; index < 600; index++) {
        // An autoregression with coefficient 0.8 around 0, by sums of twelve uniform numbers.
        const noise = Array.from({ length: 12 }, () => rng.uniform()).reduce((sum, value) => sum + value, -6);
        state = 0.8 * state + noise;
        values.push(state);
      }
      const estimate = batchMeans(values);
      if ('low' in estimate && estimate.low <= 0 && estimate.high >= 0) covered++;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      if (Math.abs(mean) <= normalCritical(0.95) * Math.sqrt(variance / values.length)) naive++;
    }
    expect(covered / trials).toBeGreaterThan(0.88);
    expect(naive / trials).toBeLessThan(0.65);
  });

  it('ends at 0 where no value is negative, and nowhere where one is', () => {
    const rates = Array.from({ length: 12 }, (_, index) => (index === 0 ? 30 : 0));
    expect(batchMeans(rates)).toMatchObject({ value: 2.5, low: 0 });
    const signed = batchMeans(rates.map((rate, index) => (index === 5 ? -1 : rate)));
    expect('low' in signed && signed.low).toBeLessThan(0);
  });
});
