import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusteredMean, clusterTotals } from './clustered-mean.ts';

describe('clusteredMean', () => {
  const outcomes = [
    [1, 0, 1],
    [0, 0],
    [1, 1, 1, 1],
    [0, 1, 1, 0, 1],
  ];
  const totals = outcomes.map((values) => ({ sum: values.reduce((sum, value) => sum + value, 0), n: values.length }));

  it('agrees with the matrix form of CR1 and CR2', () => {
    // CR2 by eigendecomposition of (I − H)^(−1/2) for each cluster, in 50 digits.
    expect(clusteredMean(totals).mean).toBeCloseTo(9 / 14, 14);
    expect(clusteredMean(totals, 'CR1').standardError).toBeCloseTo(0.15961045179115738, 13);
    expect(clusteredMean(totals).standardError).toBeCloseTo(0.15752609702218445, 13);
    expect(clusteredMean(totals)).toMatchObject({ clusters: 4, n: 14 });
  });

  it('is s/√n for clusters of one, with both corrections, in any order', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, (list) => {
        const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
        const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const expected = Math.sqrt(squares / (list.length - 1) / list.length);
        expect(clusteredMean(clusterTotals(list)).standardError).toBeCloseTo(expected, 10);
        expect(clusteredMean(clusterTotals(list), 'CR1').standardError).toBeCloseTo(expected, 10);
        expect(clusteredMean(clusterTotals(list.toReversed())).standardError).toBeCloseTo(expected, 10);
      }),
    );
  });

  it('takes a weight for that many clusters', () => {
    const repeated = clusteredMean([...totals, ...totals, ...totals]);
    const weighted = clusteredMean(totals.map((total) => ({ ...total, weight: 3 })));
    expect(weighted.standardError).toBeCloseTo(repeated.standardError, 14);
    expect(weighted.n).toBe(42);
  });

  it('needs two clusters', () => {
    expect(() => clusteredMean([{ sum: 1, n: 2 }])).toThrow('two clusters or more, got 1');
  });
});

describe('clusterTotals', () => {
  it('sums by label in order of appearance', () => {
    expect(clusterTotals([1, 2, 3, 4], ['b', 'a', 'b', 'c'])).toEqual([
      { sum: 4, n: 2 },
      { sum: 2, n: 1 },
      { sum: 4, n: 1 },
    ]);
  });
});
