import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { holm, holmStepLevels } from './holm.ts';

const someP = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 14);
};

describe('holm', () => {
  it('multiplies by the hypotheses left and never falls', () => {
    close(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
    close(holm([0.6, 0.5]), [1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('tests rejected hypotheses at their step and the others at the step where it stops', () => {
    close(holmStepLevels([0.01, 0.04, 0.03, 0.005], 0.05), [0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4]);
    close(holmStepLevels([0.01], 0.05), [0.05]);
  });

  it('rejects the same hypotheses by adjusted p-value and by step level', () => {
    fc.assert(
      fc.property(someP, (pValues) => {
        const adjusted = holm(pValues);
        const levels = holmStepLevels(pValues, 0.05);
        for (const [index, p] of pValues.entries()) {
          const [value, level] = [adjusted[index] ?? 0, levels[index] ?? 0];
          // A p-value at the level itself may round to either side.
          if (Math.abs(p - level) > 1e-12) expect(value <= 0.05).toBe(p <= level);
          expect(value).toBeGreaterThanOrEqual(p);
        }
      }),
    );
  });

  it('goes with its p-value, whatever the order', () => {
    fc.assert(
      fc.property(someP, (pValues) => {
        expect(holm(pValues.toReversed())).toEqual(holm(pValues).toReversed());
        expect(benjaminiHochberg(pValues.toReversed())).toEqual(benjaminiHochberg(pValues).toReversed());
      }),
    );
  });

  it('refuses what is no p-value', () => {
    expect(() => holm([1.2])).toThrow('got 1.2');
    expect(() => holmStepLevels([Number.NaN], 0.05)).toThrow('got NaN');
    expect(() => benjaminiHochberg([-0.1])).toThrow('got -0.1');
  });
});

describe('benjaminiHochberg', () => {
  it('scales by hypotheses over rank and never rises towards the smaller', () => {
    close(benjaminiHochberg([0.01, 0.04, 0.03, 0.005]), [0.02, 0.04, 0.04, 0.02]);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it('lies between the p-value and Holm', () => {
    fc.assert(
      fc.property(someP, (pValues) => {
        const strict = holm(pValues);
        for (const [index, value] of benjaminiHochberg(pValues).entries()) {
          expect(value).toBeGreaterThanOrEqual(pValues[index] ?? 1);
          expect(value).toBeLessThanOrEqual((strict[index] ?? 0) + 1e-15);
        }
      }),
    );
  });
});
