import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import { bcaInterval, bootstrapEstimate } from './bootstrap.ts';
import { seededRng } from './rng.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('bcaInterval', () => {
  const replicates = [3.1, 2.2, 4, 2.9, 3.3, 3.5, 2.7, 3, 3.8, 2.5, 3.2, 2.8, 3.6, 3.4, 2.6, 3.9, 2.4, 3.7, 2.3, 3.05];
  const leftOut = [2.8, 3.1, 3.05, 2.9, 3.4];

  it('agrees with 50-digit arithmetic', () => {
    // Type 7 quantiles at Φ(z₀ + (z₀±z)/(1 − a(z₀±z))), z₀ = Φ⁻¹(8.5/20), a = Σ(m−x)³ / 6(Σ(m−x)²)^1.5.
    const interval = bcaInterval({ observed: 3, replicates, leftOut }, 0.9);
    expect(interval?.low).toBeCloseTo(2.228189212019046, 12);
    expect(interval?.high).toBeCloseTo(3.775241594635432, 12);
  });

  it('is the percentile interval without bias and skew', () => {
    const interval = bcaInterval({ observed: 0, replicates: [-2, -1, 0, 1, 2], leftOut: [1, 1, 1] }, 0.5);
    expect(interval?.low).toBeCloseTo(-1, 12);
    expect(interval?.high).toBeCloseTo(1, 12);
  });

  it('does not exist where all replicates lie on one side', () => {
    expect(bcaInterval({ observed: 5, replicates, leftOut })).toBeNull();
    expect(bcaInterval({ observed: 1, replicates, leftOut })).toBeNull();
    expect(bcaInterval({ observed: 1, replicates: [1, 1], leftOut })).toBeNull();
  });
});

describe('bootstrapEstimate', () => {
  const values = [0.2, 0.9, 0.4, 0.7, 0.1, 0.6, 0.5, 0.8, 0.3, 0.65];

  it('is the same for the same seed and near Student t for a mean', () => {
    const first = bootstrapEstimate(values, mean, { rng: seededRng('b') });
    expect(first).toEqual(bootstrapEstimate(values, mean, { rng: seededRng('b') }));
    if (!isEstimated(first)) throw new Error(first.unavailable);
    expect(first).toMatchObject({ level: 0.95, method: 'bootstrap-bca', n: 10 });
    expect(first.value).toBeCloseTo(0.515, 12);
    expect(first.low).toBeGreaterThan(0.3);
    expect(first.low).toBeLessThan(0.42);
    expect(first.high).toBeGreaterThan(0.6);
    expect(first.high).toBeLessThan(0.72);
  });

  it('resamples whole clusters', () => {
    const clusters = [
      [1, 1, 1],
      [0, 0],
      [1, 0, 1],
      [0, 0, 0, 1],
    ];
    const estimate = bootstrapEstimate(clusters, (units) => mean(units.flat()), { rng: seededRng(1), replicates: 500 });
    expect(estimate).toMatchObject({ n: 4, value: 0.5 });
  });

  it('says why there is no interval', () => {
    const rng = seededRng(1);
    expect(bootstrapEstimate([], mean, { rng })).toEqual({ unavailable: 'no samples were scored' });
    expect(bootstrapEstimate([1], mean, { rng })).toEqual({ unavailable: 'one value has no interval' });
    expect(bootstrapEstimate([1, 1, 1], mean, { rng })).toEqual({
      unavailable: 'resampling shows no spread: no interval can be computed',
    });
    const ratio = (list: readonly number[]): number => 1 / list.filter((value) => value > 0.5).length;
    expect(bootstrapEstimate([0, 1], ratio, { rng })).toEqual({
      unavailable: 'the statistic is not a number on some resamples',
    });
  });
});
