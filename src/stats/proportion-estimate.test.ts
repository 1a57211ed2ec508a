import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import { proportionEstimate } from './proportion-estimate.ts';
import { wilsonInterval } from './wilson.ts';

const estimated = (...args: Parameters<typeof proportionEstimate>) => {
  const estimate = proportionEstimate(...args);
  if (!isEstimated(estimate)) throw new Error(estimate.unavailable);
  return estimate;
};

describe('proportionEstimate', () => {
  it('is Wilson without clusters', () => {
    expect(proportionEstimate(84, 100)).toEqual({
      value: 0.84,
      ...wilsonInterval(84, 100),
      level: 0.95,
      method: 'wilson',
      n: 100,
    });
    expect(estimated(84, 100, { level: 0.9 })).toMatchObject({ ...wilsonInterval(84, 100, 0.9), level: 0.9 });
  });

  it('does not know a proportion of nothing', () => {
    expect(proportionEstimate(0, 0)).toEqual({ unavailable: 'no samples were scored' });
  });

  it('does not know how one cluster varies', () => {
    expect(proportionEstimate(3, 4, { clusters: [{ sum: 3, n: 4 }] })).toEqual({
      unavailable: 'all 4 samples belong to one cluster: no interval can be computed',
    });
  });

  it('is plain Wilson when each cluster has one trial', () => {
    const clusters = [1, 0, 1, 1].map((sum) => ({ sum, n: 1 }));
    expect(proportionEstimate(3, 4, { clusters })).toEqual(proportionEstimate(3, 4));
  });

  it('widens with correlated clusters and counts clusters, also where all outcomes are equal', () => {
    const together = Array.from({ length: 20 }, (_, index) => ({ sum: index < 12 ? 5 : 0, n: 5 }));
    const apart = Array.from({ length: 20 }, () => ({ sum: 3, n: 5 }));
    const alone = estimated(60, 100);
    const correlated = estimated(60, 100, { clusters: together });
    expect(correlated.n).toBe(20);
    expect(correlated.high - correlated.low).toBeGreaterThan(2 * (alone.high - alone.low));
    expect(estimated(60, 100, { clusters: apart }).low).toBeLessThan(alone.low);
    const perfect = estimated(100, 100, { clusters: together.map(() => ({ sum: 5, n: 5 })) });
    expect(perfect.high).toBe(1);
    expect(perfect.low).toBeLessThan(wilsonInterval(20, 20).low);
  });

  it('refuses impossible counts and clusters that do not add up', () => {
    expect(() => proportionEstimate(2, 1)).toThrow('got 2 of 1');
    expect(() =>
      proportionEstimate(2, 4, {
        clusters: [
          { sum: 1, n: 2 },
          { sum: 2, n: 2 },
        ],
      }),
    ).toThrow('add up');
    expect(() =>
      proportionEstimate(3, 4, {
        clusters: [
          { sum: 3, n: 2 },
          { sum: 0, n: 2 },
        ],
      }),
    ).toThrow('add up');
  });
});
