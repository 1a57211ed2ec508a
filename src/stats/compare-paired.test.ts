import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePaired } from './compare-paired.ts';
import { holm } from './holm.ts';
import { meanOfIndependent } from './mean-of-independent.ts';
import { pairedProportionSampleSize } from './sample-size.ts';
import { scoreEstimate } from './score-estimate.ts';
import { tangoInterval, tangoPValue } from './tango.ts';

/** Outcomes of both runs: right in both, gained, lost, wrong in both. */
const outcomes = (both: number, gained: number, lost: number, neither: number) => {
  const fill = (value: number, count: number) => Array.from({ length: count }, () => value);
  return {
    a: [...fill(1, both), ...fill(1, gained), ...fill(0, lost), ...fill(0, neither)],
    b: [...fill(1, both), ...fill(0, gained), ...fill(1, lost), ...fill(0, neither)],
  };
};

const compareOne = (task: Parameters<typeof comparePaired>[0][number], options = {}) => {
  const [comparison] = comparePaired([task], options);
  if (comparison === undefined) throw new Error('no comparison');
  return comparison;
};

describe('comparePaired', () => {
  it('names the better run when the interval excludes 0', () => {
    const { a, b } = outcomes(100, 30, 8, 26);
    const comparison = compareOne({ task: 'humaneval', a, b });
    expect(comparison).toMatchObject({
      task: 'humaneval',
      pairs: 164,
      a: scoreEstimate(a),
      b: scoreEstimate(b),
      verdict: 'a',
      delta: 0.02,
      flips: { gained: 30, lost: 8 },
      pairsToDecide: null,
    });
    expect(comparison.difference).toEqual({
      value: 22 / 164,
      ...tangoInterval({ gained: 30, lost: 8, n: 164 }),
      level: 0.95,
      method: 'tango',
      n: 164,
    });
    expect(comparison.pValue).toBe(tangoPValue({ gained: 30, lost: 8, n: 164 }));
    expect(comparison.adjustedPValue).toBe(comparison.pValue);
    expect(compareOne({ task: 'humaneval', a: b, b: a }).verdict).toBe('b');
  });

  it('calls a tie when the 90 % interval lies within ±delta', () => {
    const { a, b } = outcomes(900, 10, 10, 399);
    expect(compareOne({ task: 'gsm8k', a, b })).toMatchObject({ verdict: 'tied', pairsToDecide: null });
    expect(compareOne({ task: 'gsm8k', a, b }, { delta: 0.001 }).verdict).toBe('undecided');
    expect(compareOne({ task: 'gsm8k', ...outcomes(50, 0, 0, 50) }).verdict).toBe('undecided');
    expect(compareOne({ task: 'gsm8k', ...outcomes(150, 0, 0, 150) }).verdict).toBe('tied');
  });

  it('asks the 90 % interval for a tie, not the 95 % one', () => {
    // Without a flip the half-width is z²/(n+z²): 1.8 % at 90 % and 2.5 % at 95 % of 150 pairs.
    const { verdict, equivalence, difference } = compareOne({ task: 'gsm8k', ...outcomes(75, 0, 0, 75) });
    expect(verdict).toBe('tied');
    expect(equivalence).toMatchObject({ level: 0.9, high: expect.closeTo(2.7055 / 152.7055, 5) as number });
    expect(difference).toMatchObject({ level: 0.95, high: expect.closeTo(3.8415 / 153.8415, 5) as number });
    expect(compareOne({ task: 'gsm8k', ...outcomes(65, 0, 0, 65) }).verdict).toBe('undecided');
  });

  it('prefers a winner to a tie where both hold', () => {
    const { a, b } = outcomes(40_000, 200, 100, 20_000);
    expect(compareOne({ task: 'mmlu', a, b })).toMatchObject({ verdict: 'a' });
  });

  it('says how many pairs would decide', () => {
    const { a, b } = outcomes(100, 12, 8, 44);
    const { verdict, pairsToDecide, minimumDetectableEffect } = compareOne({ task: 'humaneval', a, b });
    expect(verdict).toBe('undecided');
    // Discordance for plans: (20 + z²/2) / (164 + z²).
    const discordance = (20 + 1.959963984540054 ** 2 / 2) / (164 + 1.959963984540054 ** 2);
    expect(pairsToDecide).toBe(pairedProportionSampleSize(4 / 164, discordance));
    expect(minimumDetectableEffect).toBeGreaterThan(4 / 164);
    expect(compareOne({ task: 'humaneval', a, b }, { power: 0.9 }).pairsToDecide).toBeGreaterThan(pairsToDecide ?? 0);
  });

  it('plans for the tie where that is nearer', () => {
    const even = outcomes(100, 10, 10, 44);
    const size = compareOne({ task: 'humaneval', ...even }).pairsToDecide;
    expect(size).toBeGreaterThan(164);
    // The planned size at the same shares is a tie indeed.
    const scale = Math.ceil((size ?? 0) / 164);
    expect(
      compareOne({ task: 'humaneval', ...outcomes(100 * scale, 10 * scale, 10 * scale, 44 * scale) }).verdict,
    ).toBe('tied');
  });

  it('corrects over the tasks of the call, and interval and p-value agree', () => {
    const weak = outcomes(100, 21, 9, 34);
    expect(compareOne({ task: 'x', ...weak }).verdict).toBe('a');
    const many = comparePaired(['x', 'y', 'z'].map((task) => ({ task, ...weak })));
    expect(many.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'undecided']);
    expect(many[0]?.difference).toMatchObject({ level: expect.closeTo(1 - 0.05 / 3, 12) });
    const counts = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 6 }), (tables) => {
        const tasks = tables.map(([gained, lost, both], index) => ({
          task: `t${index}`,
          ...outcomes(both, gained, lost, 0),
        }));
        const comparisons = comparePaired(tasks);
        const adjusted = holm(comparisons.map(({ pValue }) => pValue ?? 1));
        for (const [index, { difference, verdict, adjustedPValue }] of comparisons.entries()) {
          expect(adjustedPValue).toBe(adjusted[index]);
          if ('unavailable' in difference) throw new Error(difference.unavailable);
          if (Math.abs((adjustedPValue ?? 1) - 0.05) > 1e-9)
            expect(verdict === 'a' || verdict === 'b').toBe((adjustedPValue ?? 1) < 0.05);
          expect(verdict === 'a').toBe(difference.low > 0);
          expect(verdict === 'b').toBe(difference.high < 0);
        }
      }),
    );
  });

  it('leaves tasks without a test out of the correction', () => {
    const weak = outcomes(100, 21, 9, 34);
    const [nothing, something] = comparePaired([
      { task: 'none', a: [], b: [] },
      { task: 'some', ...weak },
    ]);
    expect(something?.verdict).toBe('a');
    const reason = { unavailable: 'no sample was scored in both' };
    expect(nothing).toEqual({
      task: 'none',
      pairs: 0,
      a: { unavailable: 'no samples were scored' },
      b: { unavailable: 'no samples were scored' },
      difference: reason,
      equivalence: reason,
      delta: 0.02,
      verdict: 'undecided',
      pValue: null,
      adjustedPValue: null,
      minimumDetectableEffect: null,
      pairsToDecide: null,
      flips: { gained: 0, lost: 0 },
    });
  });

  it('compares ratings in their own unit', () => {
    const a = Array.from({ length: 80 }, (_, index) => 7 + (index % 3));
    const b = Array.from({ length: 80 }, (_, index) => 6 + (index % 4));
    const comparison = compareOne({ task: 'mt_bench', a, b, range: [1, 10] });
    expect(comparison).toMatchObject({ verdict: 'a', a: { method: 'student-t' }, difference: { method: 'paired-t' } });
    expect(comparison.delta).toBeCloseTo(0.18, 12);
    expect(comparison.minimumDetectableEffect).toBeGreaterThan(0);
    const near = compareOne({
      task: 'mt_bench',
      a,
      b: a.map((rating, index) => (index % 2 ? rating : rating - 0.2 * ((index % 4) - 1))),
      range: [1, 10],
    });
    expect(near.verdict).toBe('tied');
    const noisy = compareOne({ task: 'mt_bench', a: [7, 8, 4, 9], b: [6, 9, 5, 7], range: [1, 10] });
    expect(noisy.verdict).toBe('undecided');
    expect(noisy.pairsToDecide).toBeGreaterThan(4);
  });

  it('counts clusters where pairs share a source', () => {
    const { a, b } = outcomes(100, 30, 10, 60);
    const clusters = a.map((_, index) => `c${Math.floor(index / 10)}`);
    const comparison = compareOne({ task: 'x', a, b, clusters });
    expect(comparison).toMatchObject({ difference: { method: 'tango-clustered', n: 20 }, a: { n: 20 } });
    expect(comparison.verdict).toBe('undecided');
    expect(comparison.pairsToDecide).toBeGreaterThan(200);
  });

  it('averages strata where a score is their mean, on both sides and in the difference', () => {
    const strata = [...Array.from({ length: 60 }, () => 'many'), ...Array.from({ length: 20 }, () => 'few')];
    const ones = (right: number, n: number) => Array.from({ length: n }, (_, index) => (index < right ? 1 : 0));
    const [a, b] = [
      [...ones(30, 60), ...ones(20, 20)],
      [...ones(45, 60), ...ones(10, 20)],
    ];
    const comparison = compareOne({ task: 'calls', a, b, strata });
    expect([comparison.a, comparison.b, comparison.difference]).toMatchObject([
      { value: 0.75, n: 80 },
      { value: 0.625, n: 80 },
      { value: 0.125, method: 'tango-stratified' },
    ]);
    // Plainly, b has more right answers.
    expect(comparison.flips).toEqual({ gained: 10, lost: 15 });
    expect(comparison.a).toEqual(meanOfIndependent([scoreEstimate(a.slice(0, 60)), scoreEstimate(a.slice(60))]));
  });

  it("gives tasks that are decided elsewhere their share of the error in Holm's correction", () => {
    const weak = { task: 'weak', ...outcomes(60, 12, 3, 25) };
    const strong = { task: 'strong', ...outcomes(40, 40, 2, 18) };
    const three = comparePaired([weak, strong], { others: 1 });
    const two = comparePaired([weak, strong]);
    expect(three.map(({ adjustedPValue, pValue }) => (adjustedPValue ?? 0) / (pValue ?? 1))).toEqual([2, 3]);
    expect(two.map(({ adjustedPValue, pValue }) => (adjustedPValue ?? 0) / (pValue ?? 1))).toEqual([1, 2]);
    expect(comparePaired([weak], { others: 1, correction: 'none' })).toEqual(comparePaired([weak]));
  });
});
