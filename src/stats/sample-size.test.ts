import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  meanMinimumDetectableEffect,
  pairedMinimumDetectableEffect,
  unpairedMinimumDetectableEffect,
} from './minimum-detectable-effect.ts';
import {
  equivalenceSampleSize,
  meanSampleSize,
  pairedProportionSampleSize,
  unpairedProportionSampleSize,
} from './sample-size.ts';

describe('sample sizes', () => {
  // Before rounding up, in 50 digits: 625.547…, 1959.860…, 76.087….
  it.each([
    [0.05, 0.2, 626],
    [-0.02, 0.1, 1960],
    [0.1, 0.1, 77],
  ])('pairs to see %d where %d of the pairs differ', (difference, discordance, expected) =>
    expect(pairedProportionSampleSize(difference, discordance)).toBe(expected),
  );

  // 387.338…, 434.432…, 73.374….
  it.each([
    [0.5, 0.6, 388],
    [0.9, 0.95, 435],
    [0, 0.1, 74],
  ])('samples a group to tell %d from %d', (first, second, expected) => {
    expect(unpairedProportionSampleSize(first, second)).toBe(expected);
    expect(unpairedProportionSampleSize(second, first)).toBe(expected);
  });

  it('differences to see a mean', () => {
    expect(meanSampleSize(0.05, 0.4)).toBe(503);
    expect(meanSampleSize(0.05, 0.4, { level: 0.99 })).toBeGreaterThan(503);
    expect(meanSampleSize(0.05, 0.4, { power: 0.9 })).toBeGreaterThan(503);
  });

  // 1926.865…, 5564.301…, 279.298….
  it.each([
    [0, 0.3, 0.02, 1927],
    [0.01, 0.3, 0.02, 5565],
    [-0.005, 0.1, 0.02, 280],
    [0, 0, 0.02, 1],
  ])('differences to show that %d ± %d is within %d', (difference, standardDeviation, delta, expected) =>
    expect(equivalenceSampleSize({ difference, standardDeviation, delta })).toBe(expected),
  );

  it('refuses what cannot be planned', () => {
    expect(() => pairedProportionSampleSize(0, 0.1)).toThrow('difference of 0');
    expect(() => pairedProportionSampleSize(0.2, 0.1)).toThrow('got 0.1');
    expect(() => unpairedProportionSampleSize(0.5, 0.5)).toThrow('two different proportions');
    expect(() => meanSampleSize(0, 1)).toThrow('got 0');
    expect(() => equivalenceSampleSize({ difference: 0.02, standardDeviation: 1, delta: 0.02 })).toThrow('within 0.02');
  });
});

describe('minimum detectable effects', () => {
  // The Δ whose paired sample size is n, by bisection in 50 digits.
  it.each([
    [164, 0.1, 0.0686840898238022],
    [1319, 0.05, 0.017233687249350794],
    [50, 0.02, 0.1497171500119837],
    [10, 1, 0.7847532842218067],
  ])('%d pairs of which %d differ', (n, discordance, expected) =>
    expect(pairedMinimumDetectableEffect(n, discordance)).toBeCloseTo(expected, 12),
  );

  it('does not exist for too few pairs', () => {
    expect(pairedMinimumDetectableEffect(0, 0.1)).toBeNull();
    expect(pairedMinimumDetectableEffect(3, 0.1)).toBeNull();
    expect(meanMinimumDetectableEffect(0, 1)).toBeNull();
    expect(unpairedMinimumDetectableEffect(1, 0.5)).toBeNull();
  });

  it('inverts the sample sizes', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 5000 }), share, (n, discordance) => {
        const effect = pairedMinimumDetectableEffect(n, discordance) ?? 0;
        const needed = pairedProportionSampleSize(effect, Math.max(discordance, effect));
        expect(Math.abs(needed - n)).toBeLessThanOrEqual(1);
        const mean = meanMinimumDetectableEffect(n, discordance) ?? 0;
        expect(Math.abs(meanSampleSize(mean, discordance) - n)).toBeLessThanOrEqual(1);
      }),
    );
    const rise = unpairedMinimumDetectableEffect(388, 0.5) ?? 0;
    expect(unpairedProportionSampleSize(0.5, 0.5 + rise)).toBe(388);
    expect(unpairedProportionSampleSize(0.5, 0.5 + rise - 1e-6)).toBe(389);
  });

  it('shrinks with more pairs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, discordance) => {
        const effect = pairedMinimumDetectableEffect(n, discordance) ?? 1;
        expect(pairedMinimumDetectableEffect(n + 1, discordance) ?? 1).toBeLessThanOrEqual(effect);
      }),
    );
  });

  it('refuses what is no share', () => {
    expect(() => pairedMinimumDetectableEffect(10, 1.5)).toThrow('got 10 and 1.5');
    expect(() => unpairedMinimumDetectableEffect(10, 1)).toThrow('got 1');
  });
});
