import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anytimeInterval, anytimeMean } from './anytime-interval.ts';
import { seededRng } from './rng.ts';

const times = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('anytimeInterval', () => {
  it('agrees with 50-digit arithmetic', () => {
    // Largest Δ with mean over stakes of Π(1 − s + s(1+d)/(1+Δ)) ≥ 2/α, and its mirror, by bisection.
    const outcomes = anytimeInterval([...times(6, 1), ...times(2, -1), ...times(32, 0)]);
    expect(outcomes.low).toBeCloseTo(-0.15373182921610007, 11);
    expect(outcomes.high).toBeCloseTo(0.3741463577614435, 11);
    const scores = anytimeInterval([...times(10, 0.5), ...times(10, -0.25), ...times(10, 0.125)], 0.9);
    expect(scores.low).toBeCloseTo(-0.1081233688280602, 11);
    expect(scores.high).toBeCloseTo(0.32138227460567004, 11);
  });

  it('knows nothing at the start', () => {
    expect(anytimeInterval([])).toEqual({ low: -1, high: 1 });
  });

  it('holds the mean, mirrors, and ignores order', () => {
    const values = fc.array(fc.constantFrom(-1, -0.5, 0, 0.25, 1), { maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        const { low, high } = anytimeInterval(list);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(high);
        const mean = list.reduce<number>((sum, value) => sum + value, 0) / Math.max(1, list.length);
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
        expect(anytimeInterval(list.map((value) => -value)).low).toBeCloseTo(-high, 10);
        expect(anytimeInterval(list.toReversed()).low).toBeCloseTo(low, 10);
        expect(anytimeInterval(list, 0.99).low).toBeLessThanOrEqual(low);
      }),
    );
  });

  it('covers the mean at every look of a run in at least 95 % of runs', () => {
    const rng = seededRng('anytime');
    const runs = 400;
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      const values: number[] = [];
      let isMissed = false;
      while (!isMissed && values.length < 400) {
        for (let index = 0; index < 10; index++) {
          const draw = rng.uniform();
          values.push(draw < 0.2 ? 1 : draw < 0.3 ? -1 : 0);
        }
        const { low, high } = anytimeInterval(values);
        isMissed = low > 0.1 || high < 0.1;
      }
      if (isMissed) missed += 1;
    }
    // Five standard deviations above 5 % of 400 runs.
    expect(missed).toBeLessThanOrEqual(20 + 5 * Math.sqrt(400 * 0.05 * 0.95));
  });

  it('refuses values and levels out of range', () => {
    expect(() => anytimeInterval([2])).toThrow('got 2');
    expect(() => anytimeInterval([0], 1)).toThrow('got 1');
  });
});

describe('anytimeMean', () => {
  it('is not known of no values', () => {
    expect(anytimeMean([])).toEqual({ unavailable: 'no samples were scored' });
  });

  it('has the interval of the values spread over [−1, 1], in their own range', () => {
    const ratings = [...times(12, 9), ...times(8, 4)];
    const { low, high } = anytimeInterval(ratings.map((rating) => (rating - 5.5) / 4.5));
    expect(anytimeMean(ratings, { range: [1, 10] })).toMatchObject({
      value: 7,
      low: expect.closeTo(5.5 + 4.5 * low, 10) as number,
      high: expect.closeTo(5.5 + 4.5 * high, 10) as number,
      level: 0.95,
      n: 20,
    });
  });
});
