import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { macroAccuracy, macroMean } from './macro-accuracy.ts';
import { triggerScores } from './trigger-scores.ts';

const row = (category: string | null, score: number, index: number): MetricRow => ({
  sampleId: `${category}/${index}`,
  epoch: 0,
  category,
  cluster: null,
  score,
  measures: {},
});
const rowsOf = (groups: Readonly<Record<string, readonly number[]>>): MetricRow[] =>
  Object.entries(groups).flatMap(([category, scores]) => scores.map((score, index) => row(category, score, index)));
const ones = (right: number, n: number): number[] => Array.from({ length: n }, (_, index) => (index < right ? 1 : 0));

describe('macroMean', () => {
  it('weighs each category the same', () => {
    const estimate = macroMean(rowsOf({ a: ones(90, 100), b: ones(5, 10) }));
    expect(estimate).toMatchObject({ method: 'mover', n: 110, level: 0.95 });
    if (!isEstimated(estimate)) throw new Error('no estimate');
    expect(estimate.value).toBeCloseTo(0.7, 12);
    // Wilson: a [0.8256, 0.9448], b [0.2366, 0.7634].
    expect(estimate.low).toBeCloseTo(0.7 - Math.hypot(0.9 - 0.82563, 0.5 - 0.23659) / 2, 4);
    expect(estimate.high).toBeCloseTo(0.7 + Math.hypot(0.94477 - 0.9, 0.76341 - 0.5) / 2, 4);
  });

  it('equals its one category where there is one', () => {
    const estimate = macroMean(rowsOf({ a: ones(3, 8) }));
    expect(estimate).toMatchObject({ value: 0.375 });
    if (isEstimated(estimate))
      expect([estimate.low, estimate.high].map((x) => x.toFixed(3))).toEqual(['0.137', '0.694']);
  });

  it('is unsure of categories at 0 and 1, and stays in [0,1]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 7 }),
        (groups) => {
          const estimate = macroMean(rowsOf(Object.fromEntries(groups.map((scores, index) => [`f${index}`, scores]))));
          if (!isEstimated(estimate)) throw new Error(estimate.unavailable);
          expect(
            0 <= estimate.low &&
              estimate.low <= estimate.value &&
              estimate.value <= estimate.high &&
              estimate.high <= 1,
          ).toBe(true);
          expect(estimate.high - estimate.low).toBeGreaterThan(0.01);
        },
      ),
    );
  });

  it('says why there is none', () => {
    expect(macroMean([])).toEqual({ unavailable: 'no samples were scored' });
    const partial = macroMean([row('a', 0.5, 0), row('b', 1, 0)]);
    expect(partial).toEqual({ unavailable: expect.stringMatching(/^category a has no interval/) });
    expect(macroAccuracy('accuracy', 'title')).toMatchObject({ id: 'accuracy', range: [0, 1] });
  });
});

describe('triggerScores', () => {
  const decision = (should: number, did: number, index: number): MetricRow => ({
    ...row('x', 0, index),
    measures: { should_call: should, did_call: did },
  });

  it('are precision, recall and F1 of the decision', () => {
    // 6 due and made, 2 due and not made, 4 made but not due, 3 neither.
    const kinds: [number, number, number][] = [
      [1, 1, 6],
      [1, 0, 2],
      [0, 1, 4],
      [0, 0, 3],
    ];
    const rows = kinds
      .flatMap(([should, did, n]) => Array.from({ length: n }, () => [should, did] as const))
      .map(([should, did], index) => decision(should, did, index));
    const values = triggerScores.map((metric) => metric.estimate(rows));
    expect(values.map((value) => (isEstimated(value) ? value.value : null))).toEqual([0.6, 0.75, 2 / 3]);
    expect(values[2]).toMatchObject({ method: 'wilson-f1', n: 12 });
  });

  it('are unavailable where nothing was due or made', () => {
    expect(triggerScores.every((metric) => !isEstimated(metric.estimate([decision(0, 0, 0)])))).toBe(true);
  });
});
