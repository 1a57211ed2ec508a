import { describe, expect, it } from 'vitest';
import { isEstimated, unavailable } from '../core/estimate.ts';
import { proportionEstimate } from './proportion-estimate.ts';
import { meanOfIndependent } from './mean-of-independent.ts';
import { seededRng } from './rng.ts';

describe('meanOfIndependent', () => {
  it('adds squares on each side', () => {
    const one = { value: 0.5, low: 0.4, high: 0.6, level: 0.95, method: 'wilson', n: 100 };
    const other = { value: 0.9, low: 0.6, high: 0.95, level: 0.95, method: 'wilson', n: 50 };
    const mean = meanOfIndependent([one, other]);
    expect(mean).toMatchObject({ value: 0.7, level: 0.95, method: 'mover', n: 150 });
    expect(isEstimated(mean) && mean.low).toBeCloseTo(0.7 - Math.hypot(0.1, 0.3) / 2, 12);
    expect(isEstimated(mean) && mean.high).toBeCloseTo(0.7 + Math.hypot(0.1, 0.05) / 2, 12);
  });

  it('gives one estimate back and says what is missing', () => {
    const one = proportionEstimate(3, 10);
    expect(meanOfIndependent([one])).toBe(one);
    expect(meanOfIndependent([one, unavailable('too few')])).toEqual(unavailable('too few'));
    expect(meanOfIndependent([])).toEqual(unavailable('nothing was measured'));
  });

  it('covers the mean of three proportions about 95 times in 100', () => {
    const rng = seededRng('coverage');
    const truths = [0.3, 0.7, 0.92];
    const sizes = [60, 100, 150];
    let covered = 0;
    const draws = 2000;
    for (let draw = 0; draw < draws; draw++) {
      const mean = meanOfIndependent(
        truths.map((truth, index) => {
          const size = sizes[index] ?? 0;
          return proportionEstimate(Array.from({ length: size }, () => rng.chance(truth)).filter(Boolean).length, size);
        }),
      );
      if (isEstimated(mean) && mean.low <= 0.64 && mean.high >= 0.64) covered += 1;
    }
    expect(covered / draws).toBeGreaterThan(0.935);
    expect(covered / draws).toBeLessThan(0.97);
  });
});
