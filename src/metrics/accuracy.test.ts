import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { wilsonInterval } from '../stats/wilson.ts';
import accuracy from './accuracy.ts';
import { passAtK } from './pass-at-k.ts';
import rating from './rating.ts';
import { choiceMetrics } from './support/choice-metrics.ts';

const row = (sampleId: string, score: number, more: Partial<MetricRow> = {}): MetricRow => ({
  sampleId,
  epoch: 0,
  category: null,
  cluster: null,
  score,
  measures: {},
  ...more,
});

const rows = (scores: readonly number[]): readonly MetricRow[] => scores.map((score, index) => row(`s${index}`, score));

describe('accuracy', () => {
  it("is Wilson's interval for independent right-or-wrong samples", () => {
    const estimate = accuracy.estimate(rows([1, 1, 1, 0]));
    expect(estimate).toEqual({ value: 0.75, ...wilsonInterval(3, 4), level: 0.95, method: 'wilson', n: 4 });
  });

  it('is unavailable, not zero, without samples', () => {
    expect(accuracy.estimate([])).toEqual({ unavailable: expect.stringContaining('no') as string });
  });

  it('averages the epochs of a sample first', () => {
    const epochs = [row('a', 1), row('a', 1, { epoch: 1 }), row('a', 1, { epoch: 2 }), row('b', 0)];
    const estimate = accuracy.estimate(epochs);
    expect(isEstimated(estimate) && [estimate.value, estimate.n]).toEqual([0.5, 2]);
  });

  it('counts clusters where samples share a source, and gets wider for it', () => {
    const scores = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0];
    const alone = accuracy.estimate(rows(scores));
    const shared = accuracy.estimate(
      scores.map((score, index) => row(`s${index}`, score, { cluster: `c${Math.floor(index / 4)}` })),
    );
    if (!isEstimated(alone) || !isEstimated(shared)) throw new Error('unavailable');
    expect([alone.n, shared.n, shared.value]).toEqual([16, 4, 0.5]);
    expect(shared.high - shared.low).toBeGreaterThan((alone.high - alone.low) * 1.3);
  });

  it('does not mistake a cluster for a sample of the same name', () => {
    const estimate = accuracy.estimate([row('x', 1), row('y', 0, { cluster: 'x' })]);
    expect(isEstimated(estimate) && estimate.n).toBe(2);
  });

  it('keeps its value inside its interval and [0,1], whatever the scores, clusters and epochs', () => {
    const anyRow = fc.record({
      sampleId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      epoch: fc.nat(3),
      category: fc.constant(null),
      score: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      measures: fc.constant({}),
    });
    const clusterOf: Readonly<Record<string, string | null>> = { a: 'p', b: 'p', c: 'q', d: null, e: null };
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), (list) => {
        const estimate = accuracy.estimate(
          list.map((item) => ({ ...item, cluster: clusterOf[item.sampleId] ?? null })),
        );
        if (!isEstimated(estimate)) return;
        expect(estimate.low).toBeLessThanOrEqual(estimate.value + 1e-12);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.value - 1e-12);
        expect(estimate.low).toBeGreaterThanOrEqual(0);
        expect(estimate.high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('pass@k', () => {
  const epochs = [0, 1, 2].flatMap((epoch) => [row('a', epoch === 0 ? 1 : 0, { epoch }), row('b', 0, { epoch })]);

  it('is unbiased over the epochs', () => {
    const [one, two] = [passAtK(1).estimate(epochs), passAtK(2).estimate(epochs)];
    expect(isEstimated(one) && one.value).toBeCloseTo(1 / 6, 12);
    expect(isEstimated(two) && two.value).toBeCloseTo(1 / 3, 12);
  });

  it('says what it needs when there are too few epochs', () => {
    expect(passAtK(5).estimate(epochs)).toEqual({ unavailable: expect.stringContaining('pass@5 needs 5') as string });
  });

  it('takes only a full score for a pass', () => {
    const estimate = passAtK(1).estimate([row('a', 0.99), row('b', 1)]);
    expect(isEstimated(estimate) && estimate.value).toBe(0.5);
  });
});

describe('rating', () => {
  it('averages ratings from 1 to 10', () => {
    const estimate = rating.estimate(
      [3, 8, 10].map((value, index) => row(`s${index}`, 0, { measures: { rating: value } })),
    );
    expect(isEstimated(estimate) && [estimate.value, estimate.n]).toEqual([7, 3]);
  });
});

describe('measures of multiple choice', () => {
  it('are unavailable where answers are read as text', () => {
    const byId = Object.fromEntries(choiceMetrics.map((metric) => [metric.id, metric.estimate(rows([1, 0]))]));
    expect(Object.entries(byId).map(([id, estimate]) => [id, isEstimated(estimate)])).toEqual([
      ['accuracy', true],
      ['acc', false],
      ['acc_norm', false],
      ['near_tie', false],
    ]);
  });

  it('are means over the samples that have them', () => {
    const list = [
      row('a', 1, { measures: { acc: 1, acc_norm: 0 } }),
      row('b', 0, { measures: { acc: 1, acc_norm: null } }),
    ];
    const [, acc, norm] = choiceMetrics.map((metric) => metric.estimate(list));
    expect(acc && isEstimated(acc) && [acc.value, acc.n]).toEqual([1, 2]);
    expect(norm && isEstimated(norm) && [norm.value, norm.n]).toEqual([0, 1]);
  });
});
