import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import { effectiveSampleSize, proportionEstimate } from './proportion-estimate.ts';
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
    const negative = estimated(60, 100, { clusters: apart });
    expect(negative.high - negative.low).toBeGreaterThanOrEqual(alone.high - alone.low);
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

  // Wilson at N / design effect with t on G−1 degrees; design effect = CR2 variance over p̃(1−p̃)/(ñ−1), both with
  // a quarter of an all-right and of an all-wrong cluster of mean size added; in 50 digits.
  it.each([
    [
      [
        [2, 3],
        [0, 2],
        [4, 4],
        [3, 5],
      ],
      0.19537937409244288,
      0.9302801719960955,
      7.951500987032422,
    ],
    [
      [
        [0, 3],
        [0, 2],
        [0, 4],
      ],
      0,
      0.8875482561868849,
      2.345561421651336,
    ],
    [
      [
        [5, 5],
        [5, 5],
        [5, 5],
        [5, 5],
        [5, 5],
        [5, 5],
      ],
      0.4421831280605487,
      1,
      5.238095238095238,
    ],
  ] as const)('clusters %j', (counts, low, high, size) => {
    const clusters = counts.map(([sum, n]) => ({ sum, n }));
    const sum = clusters.reduce((total, cluster) => total + cluster.sum, 0);
    const n = clusters.reduce((total, cluster) => total + cluster.n, 0);
    expect(effectiveSampleSize(clusters)).toBeCloseTo(size, 10);
    const estimate = estimated(sum, n, { clusters });
    expect(estimate.low).toBeCloseTo(low, 11);
    expect(estimate.high).toBeCloseTo(high, 11);
    expect(estimate).toMatchObject({ method: 'wilson-clustered', n: clusters.length });
  });

  it('counts clusters of one as independent', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1 }), { minLength: 2, maxLength: 50 }), (outcomes) => {
        const clusters = outcomes.map((sum) => ({ sum, n: 1 }));
        expect(effectiveSampleSize(clusters)).toBeCloseTo(outcomes.length, 9);
      }),
    );
  });

  it('stays inside [0,1], holds the share and mirrors', () => {
    const cluster = fc
      .tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }))
      .map(([x, y]) => ({ sum: x, n: Math.max(1, x + y) }));
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 2, maxLength: 30 }), (clusters) => {
        const sum = clusters.reduce((total, item) => total + item.sum, 0);
        const n = clusters.reduce((total, item) => total + item.n, 0);
        const { value, low, high } = estimated(sum, n, { clusters });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        const opposite = clusters.map((item) => ({ sum: item.n - item.sum, n: item.n }));
        expect(estimated(n - sum, n, { clusters: opposite }).low).toBeCloseTo(1 - high, 10);
      }),
    );
  });
});
