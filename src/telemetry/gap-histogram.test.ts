import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapHistogram, GapTotals } from './gap-histogram.ts';

const totalsOf = (values: readonly number[]): GapTotals => {
  const histogram = new GapHistogram();
  const totals = new GapTotals();
  for (const [index, value] of values.entries()) {
    histogram.add(value);
    if (index % 7 === 0) totals.add(histogram.take());
  }
  totals.add(histogram.take());
  return totals;
};

describe('GapTotals', () => {
  it('knows every quantile to half a percent, however the gaps were cut into ticks', () => {
    const gap = fc.double({ min: 0.01, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(gap, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? 0;
          const found = totalsOf(values).quantile(p) ?? 0;
          expect(Math.abs(found / exact - 1)).toBeLessThan(0.0051);
        },
      ),
    );
  });

  it('has no quantile without gaps, and takes gaps of no length', () => {
    expect(new GapTotals().quantile(0.5)).toBeNull();
    expect(totalsOf([0]).quantile(0.5)).toBeCloseTo(0.001);
    expect(totalsOf([1, 2, 3]).total).toBe(3);
  });
});
