import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PairedDifference, pairedDifference, pairedDifferenceEstimate } from './paired-difference.ts';
import { tangoInterval } from './tango.ts';

const found = (...args: Parameters<typeof pairedDifference>): PairedDifference => {
  const difference = pairedDifference(...args);
  if ('unavailable' in difference) throw new Error(difference.unavailable);
  return difference;
};

/** Outcome pairs with the given differences. */
const outcomes = (differences: readonly number[]) => ({
  a: differences.map((difference) => (difference > 0 ? 1 : 0)),
  b: differences.map((difference) => (difference < 0 ? 1 : 0)),
});

describe('pairedDifference', () => {
  it('is Tango on right-or-wrong outcomes', () => {
    const { a, b } = outcomes([...Array.from({ length: 12 }, () => 1), ...Array.from({ length: 4 }, () => -1), 0, 0]);
    const difference = found(a, b);
    expect(difference).toMatchObject({
      value: 8 / 18,
      pairs: 18,
      n: 18,
      method: 'tango',
      effectiveSize: 18,
      binary: true,
    });
    expect(difference.interval(0.9)).toEqual(tangoInterval({ gained: 12, lost: 4, n: 18 }, 0.9));
  });

  it('scales the counts to the effective size and uses t on G−1 degrees for clustered outcomes', () => {
    const perCluster = [
      [1, 1, 0],
      [0, 0],
      [1, 0, 0, 0],
      [-1, 0, 0],
      [1, 1],
    ];
    const clusters = perCluster.flatMap((values, index) => values.map(() => `c${index}`));
    const { a, b } = outcomes(perCluster.flat());
    const difference = found(a, b, { clusters });
    // Tango with counts × effective size / 14 and t(0.975, 4), in 50 digits.
    expect(difference).toMatchObject({ method: 'tango-clustered', n: 5, pairs: 14 });
    expect(difference.effectiveSize).toBeCloseTo(6.937571175780464, 11);
    expect(difference.interval(0.95).low).toBeCloseTo(-0.43561842421220276, 11);
    expect(difference.interval(0.95).high).toBeCloseTo(0.7658043986301865, 11);
    expect(difference.pValue).toBeCloseTo(0.3143907112822962, 11);
  });

  it('does not take clusters without a flip for independent pairs', () => {
    const { a, b } = outcomes(Array.from({ length: 40 }, () => 0));
    const clusters = a.map((_, index) => `c${index % 10}`);
    expect(found(a, b, { clusters }).effectiveSize).toBeLessThanOrEqual(10);
    expect(found(a, b, { clusters }).interval(0.95).high).toBeGreaterThan(found(a, b).interval(0.95).high);
  });

  it('is paired t on other scores', () => {
    // d̄ ± t(0.975, 4) s/√5 in 50 digits.
    const difference = found([0.2, 0.1, 0.4, 0.05, 0.4], [0, 0.2, 0.05, 0, 0]);
    expect(difference).toMatchObject({ method: 'paired-t', n: 5, binary: false });
    expect(difference.value).toBeCloseTo(0.18, 13);
    expect(difference.interval(0.95).low).toBeCloseTo(-0.07822432147617166, 12);
    expect(difference.interval(0.95).high).toBeCloseTo(0.43822432147617163, 12);
    expect(difference.pValue).toBeCloseTo(0.1250406516037578, 12);
    const clusters = ['x', 'x', 'y', 'y', 'z'];
    expect(found([0.2, 0.1, 0.4, 0.05, 0.4], [0, 0.2, 0.05, 0, 0], { clusters })).toMatchObject({
      method: 'clustered-paired-t',
      n: 3,
    });
  });

  it('bounds what equal differences can hide', () => {
    // d − u(d+1) and d + u(1−d) with u = z²/(20+z²); p = 2Φ(−√(20·0.5)); in 50 digits.
    const a = Array.from({ length: 20 }, () => 0.75);
    const difference = found(
      a,
      a.map(() => 0.25),
    );
    expect(difference).toMatchObject({ method: 'wilson-equal-values', value: 0.5, n: 20, pairs: 20 });
    expect(difference.interval(0.95).low).toBeCloseTo(0.2583122629207709, 12);
    expect(difference.interval(0.95).high).toBeCloseTo(0.5805625790264097, 12);
    expect(difference.pValue).toBeCloseTo(0.0015654022580025497, 12);
    expect(found([0.3, 0.6], [0.1 + 0.2, 0.6])).toMatchObject({
      method: 'wilson-equal-values',
      value: expect.closeTo(0),
    });
  });

  it('says why there is no difference', () => {
    expect(pairedDifference([], [])).toEqual({ unavailable: 'no sample was scored in both' });
    expect(pairedDifference([0.5], [0.2])).toEqual({ unavailable: 'one pair has no interval' });
    expect(pairedDifference([1, 0], [0, 0], { clusters: ['x', 'x'] })).toEqual({
      unavailable: 'all 2 pairs belong to one cluster',
    });
    expect(pairedDifferenceEstimate([], [])).toEqual({ unavailable: 'no sample was scored in both' });
  });

  it('gives an estimate at a level', () => {
    expect(pairedDifferenceEstimate([1, 0, 1], [0, 0, 1])).toEqual({
      value: 1 / 3,
      ...tangoInterval({ gained: 1, lost: 0, n: 3 }),
      level: 0.95,
      method: 'tango',
      n: 3,
    });
    expect(pairedDifferenceEstimate([1], [0], { level: 0.9 })).toMatchObject({ n: 1, level: 0.9 });
  });

  it('refuses scores that do not pair or are out of range', () => {
    expect(() => pairedDifference([1], [])).toThrow('got 1 and 0');
    expect(() => pairedDifference([2], [0])).toThrow('must lie in [0, 1]');
    expect(() => pairedDifference([Number.NaN], [0])).toThrow('must lie in [0, 1]');
    expect(found([7, 8, 9], [6, 8, 5], { range: [1, 10] }).value).toBeCloseTo(5 / 3, 12);
  });

  it('mirrors, ignores order, and its p-value agrees with its interval', () => {
    const score = fc.oneof(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: 4 }).map((quarter) => quarter / 4),
    );
    const pair = fc.tuple(score, score, fc.constantFrom('p', 'q', 'r', 's', 't'));
    const level = fc.constantFrom(0.8, 0.9, 0.95, 0.99);
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 2, maxLength: 40 }),
        level,
        fc.boolean(),
        fc.boolean(),
        (pairs, atLevel, isClustered, isStratified) => {
          const side = (list: typeof pairs, index: 0 | 1) => list.map((item) => item[index]);
          const options = (list: typeof pairs) => ({
            ...(isClustered ? { clusters: list.map((item) => item[2]) } : {}),
            ...(isStratified ? { strata: list.map((item) => (item[2] < 'r' ? 'first' : 'second')) } : {}),
          });
          const forward = pairedDifference(side(pairs, 0), side(pairs, 1), options(pairs));
          if ('unavailable' in forward) return;
          const { low, high } = forward.interval(atLevel);
          expect(low).toBeGreaterThanOrEqual(-1);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(forward.value + 1e-12);
          expect(high).toBeGreaterThanOrEqual(forward.value - 1e-12);
          if (Math.abs(forward.pValue - (1 - atLevel)) > 1e-9)
            expect(low > 0 || high < 0).toBe(forward.pValue < 1 - atLevel);
          const backward = found(side(pairs, 1), side(pairs, 0), options(pairs));
          expect(backward.interval(atLevel).low).toBeCloseTo(-high, 9);
          const reversed = pairs.toReversed();
          const again = found(side(reversed, 0), side(reversed, 1), options(reversed));
          expect(again.interval(atLevel).low).toBeCloseTo(low, 9);
          expect(again.pValue).toBeCloseTo(forward.pValue, 9);
        },
      ),
    );
  });
});

describe('a mean over strata', () => {
  const strata = (...sizes: readonly number[]) =>
    sizes.flatMap((size, index) => Array.from({ length: size }, () => `s${index}`));

  it('weighs each stratum the same, with the size that has the variance of their means', () => {
    const first = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    const second = [...Array.from({ length: 6 }, () => -1), ...Array.from({ length: 34 }, () => 0)];
    const { a, b } = outcomes([...first, ...second]);
    const difference = found(a, b, { strata: strata(10, 40) });
    const value = (0.2 - 0.15) / 2;
    // s² of each stratum over its pairs, over the two strata squared; all pairs together weighted alike.
    const variance = ((0.2 - 0.04) / 9 + (0.15 - 0.0225) / 39) / 4;
    const size = ((0.2 + 0.15) / 2 - value ** 2) / variance;
    expect(difference).toMatchObject({ pairs: 50, n: 50, method: 'tango-stratified', binary: true });
    expect(difference.value).toBeCloseTo(value, 12);
    expect(difference.effectiveSize).toBeCloseTo(size, 9);
    const expected = tangoInterval({ gained: 0.1 * size, lost: 0.075 * size, n: size });
    expect(difference.interval(0.95).low).toBeCloseTo(expected.low, 9);
    expect(difference.interval(0.95).high).toBeCloseTo(expected.high, 9);
  });

  it('is the plain difference where there is one stratum, and never worth more pairs than there are', () => {
    const { a, b } = outcomes([1, 1, 0, 0, -1, 0, 0, 0, 1, 0]);
    const { interval, ...plain } = found(a, b);
    const { interval: again, ...one } = found(a, b, { strata: strata(10) });
    expect([one, again(0.95)]).toEqual([plain, interval(0.95)]);
    const apart = outcomes([...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 19 }, () => 0), -1]);
    expect(found(apart.a, apart.b, { strata: strata(20, 20) }).effectiveSize).toBe(40);
  });

  it('goes by the sizes alone where nothing differs', () => {
    const { a, b } = outcomes(Array.from({ length: 50 }, () => 0));
    const difference = found(a, b, { strata: strata(10, 40) });
    expect(difference.effectiveSize).toBeCloseTo(4 / (1 / 10 + 1 / 40), 9);
    expect(difference.interval(0.95).high).toBeGreaterThan(found(a, b).interval(0.95).high);
    const halves = a.map(() => 0.5);
    expect(found(halves, halves, { strata: strata(10, 40) })).toMatchObject({
      method: 'wilson-equal-values',
      pairs: 50,
    });
  });

  it('is Student on scores, with the variance of each stratum, and takes strata of one pair for as spread as all', () => {
    const a = [0.5, 1, 0, 0.25, 1, 0.5, 0.75];
    const b = [0.25, 0.5, 0, 0.5, 0.5, 0.5, 0.25];
    const differences = a.map((score, index) => score - (b[index] as number));
    const means = [differences.slice(0, 4), differences.slice(4)].map(
      (own) => own.reduce((x, y) => x + y, 0) / own.length,
    );
    const squares = (own: readonly number[], mean: number) => own.reduce((sum, d) => sum + (d - mean) ** 2, 0);
    const variance =
      (squares(differences.slice(0, 4), means[0] as number) / 3 / 4 +
        squares(differences.slice(4), means[1] as number) / 2 / 3) /
      4;
    const difference = found(a, b, { strata: strata(4, 3) });
    expect(difference).toMatchObject({ method: 'stratified-paired-t', binary: false, n: 7 });
    expect(difference.value).toBeCloseTo(((means[0] as number) + (means[1] as number)) / 2, 12);
    // t(0.975) on 7 − 2 degrees of freedom.
    expect(difference.interval(0.95).high - difference.value).toBeCloseTo(2.5705818366 * Math.sqrt(variance), 9);
    expect(difference.variance / difference.effectiveSize).toBeCloseTo(variance, 12);
    const single = found([1, 1, 0], [0, 1, 0], { strata: ['x', 'y', 'z'] });
    expect(single.effectiveSize).toBeCloseTo(3, 9);
    // A stratum of one pair beside one of four: differences 1, 0, 0, 0 and 0, spread of all 1/8 − 1/64.
    const alone = found([1, 0, 0, 0, 1], [0, 0, 0, 0, 1], { strata: [...strata(4), 'alone'] });
    const spread = 0.125 - 0.125 ** 2;
    expect(alone.effectiveSize).toBeCloseTo(Math.min(5, spread / ((0.25 / 4 + spread) / 4)), 9);
  });

  it('keeps clusters together within a stratum, and wants a label for each pair', () => {
    const { a, b } = outcomes(Array.from({ length: 80 }, (_, index) => (Math.floor(index / 4) % 3 === 0 ? 1 : 0)));
    const clusters = a.map((_, index) => `c${Math.floor(index / 4)}`);
    const alone = found(a, b, { strata: strata(40, 40) });
    const shared = found(a, b, { strata: strata(40, 40), clusters });
    expect(shared.n).toBe(20);
    expect(shared.effectiveSize).toBeLessThan(alone.effectiveSize / 3);
    expect(() => pairedDifference([1, 0], [1, 0], { strata: ['x'] })).not.toThrow();
    expect(() => pairedDifference([1, 0, 1], [1, 0, 1], { strata: ['x', 'y'] })).toThrow(
      '3 pairs need as many strata labels, got 2',
    );
  });
});
