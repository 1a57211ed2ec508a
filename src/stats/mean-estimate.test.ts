import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import { meanEstimate } from './mean-estimate.ts';

const estimated = (...args: Parameters<typeof meanEstimate>) => {
  const estimate = meanEstimate(...args);
  if (!isEstimated(estimate)) throw new Error(estimate.unavailable);
  return estimate;
};

describe('meanEstimate', () => {
  it('is Student t without clusters', () => {
    // 3 ± t(0.975, 4) √(2.5/5), t from 50-digit arithmetic.
    const estimate = estimated([1, 2, 3, 4, 5]);
    expect(estimate).toMatchObject({ value: 3, level: 0.95, method: 'student-t', n: 5 });
    expect(estimate.high - 3).toBeCloseTo(2.7764451051977987 * Math.sqrt(0.5), 10);
    expect(estimate.low + estimate.high).toBeCloseTo(6, 12);
  });

  it('says why there is no interval', () => {
    expect(meanEstimate([])).toEqual({ unavailable: 'no samples were scored' });
    expect(meanEstimate([0.3])).toEqual({ unavailable: 'one value has no interval' });
    expect(meanEstimate([0.3, 0.4], { clusters: ['a', 'a'] })).toEqual({
      unavailable: 'all 2 values belong to one cluster',
    });
    expect(meanEstimate([7, 7, 7])).toEqual({
      unavailable: 'all 3 independent values are 7: no spread to estimate from',
    });
  });

  it('bounds what equal values of known range can hide', () => {
    const estimate = estimated([5, 5, 5, 5], { range: [1, 10] });
    expect(estimate).toMatchObject({ value: 5, method: 'wilson-equal-values', n: 4 });
    // Wilson's upper limit for 0 of 4 is 0.48989083645459736.
    expect(estimate.low).toBeCloseTo(5 - 4 * 0.48989083645459736, 10);
    expect(estimate.high).toBeCloseTo(5 + 5 * 0.48989083645459736, 10);
  });

  it('stays inside a known range', () => {
    const estimate = estimated([0, 0, 0, 1], { range: [0, 1] });
    expect(estimate.low).toBe(0);
    expect(estimate.high).toBe(1);
  });

  it('widens with clusters that differ', () => {
    const values = [1, 1, 1, 2, 2, 2, 4, 4, 4];
    const clusters = 'aaabbbccc'.split('');
    const clustered = estimated(values, { clusters });
    expect(clustered).toMatchObject({ method: 'clustered-t', n: 3 });
    // Equal clusters: the t interval of the three cluster means.
    expect(clustered.high).toBeCloseTo(estimated([1, 2, 4]).high, 10);
    expect(clustered.high).toBeGreaterThan(estimated(values).high);
  });

  it('agrees with 50-digit arithmetic for unequal clusters', () => {
    const estimate = estimated([0.25, 0.5, 1, 0.75, 0.1, 0.3], { clusters: ['a', 'a', 'a', 'b', 'b', 'c'] });
    expect(estimate.value).toBeCloseTo(0.48333333333333334, 14);
    expect(estimate.low).toBeCloseTo(0.1314747151647752, 12);
    expect(estimate.high).toBeCloseTo(0.8351919515018914, 12);
  });

  it('takes as many values as a run has', () => {
    const values = Array.from({ length: 300_000 }, (_, index) => index % 2);
    expect(estimated(values)).toMatchObject({ value: 0.5, n: 300_000 });
    expect(estimated(values, { clusters: values.map((_, index) => String(index % 1000)) }).n).toBe(1000);
  });

  it('does not take rounding for spread', () => {
    const values = [0.1 + 0.2, 0.3, 0.6 / 2, 0.3];
    expect(meanEstimate(values)).toMatchObject({ unavailable: expect.stringContaining('no spread') });
    expect(estimated(values, { range: [0, 1] }).method).toBe('wilson-equal-values');
  });

  it('refuses what is no number or out of range', () => {
    expect(() => meanEstimate([1, Number.NaN])).toThrow('finite values, got NaN');
    expect(() => meanEstimate([1, 2], { range: [0, 1] })).toThrow('outside [0, 1]');
    expect(() => meanEstimate([1, 2], { clusters: ['a'] })).toThrow('2 values need as many cluster labels, got 1');
  });
});
