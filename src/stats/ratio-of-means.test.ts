import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import { ratioOfMeans } from './ratio-of-means.ts';
import { seededRng } from './rng.ts';

describe('ratioOfMeans', () => {
  it('is the ratio estimator of sampling theory', () => {
    // By hand: R = 9/12 = 0.75, residuals 0.25, -0.5, 0.25; sum of squares 0.375; s.e. = sqrt(0.375 / 6) / 4 = 0.0625; t(2) = 4.302653.
    const ratio = ratioOfMeans([
      { a: 1, b: 1 },
      { a: 4, b: 6 },
      { a: 4, b: 5 },
    ]);
    if (!isEstimated(ratio)) throw new Error('unavailable');
    expect(ratio.value).toBeCloseTo(0.75, 12);
    expect(ratio.high - ratio.value).toBeCloseTo(4.302653 * 0.0625, 5);
    expect(ratio.value - ratio.low).toBeCloseTo(4.302653 * 0.0625, 5);
    expect(ratio).toMatchObject({ n: 3, level: 0.95, method: 'ratio-t' });
  });

  it('covers the true ratio about as often as it says', () => {
    const rng = seededRng('ratio');
    let covered = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const pairs = Array.from({ length: 60 }, () => {
        const ability = rng.uniform();
        return { a: rng.uniform() < 0.6 * ability ? 1 : 0, b: rng.uniform() < ability ? 1 : 0 };
      });
      const ratio = ratioOfMeans(pairs);
      if (isEstimated(ratio) && ratio.low <= 0.6 && ratio.high >= 0.6) covered += 1;
    }
    expect(covered / 1000).toBeGreaterThan(0.92);
    expect(covered / 1000).toBeLessThan(0.98);
  });

  it('says when it cannot know', () => {
    expect(ratioOfMeans([{ a: 1, b: 1 }])).toHaveProperty('unavailable');
    expect(
      ratioOfMeans([
        { a: 1, b: 0 },
        { a: 0, b: 0 },
      ]),
    ).toHaveProperty('unavailable');
    expect(
      ratioOfMeans([
        { a: 1, b: 1 },
        { a: 1, b: 1 },
      ]),
    ).toHaveProperty('unavailable');
  });

  it('stays at 0 or above where nothing is negative', () => {
    const ratio = ratioOfMeans([
      { a: 0, b: 1 },
      { a: 1, b: 9 },
      { a: 0, b: 1 },
    ]);
    expect(isEstimated(ratio) && ratio.low).toBe(0);
    const signed = ratioOfMeans([
      { a: -1, b: 1 },
      { a: 1, b: 2 },
      { a: 1, b: 3 },
    ]);
    expect(isEstimated(signed) && signed.low).toBeLessThan(0);
  });
});
