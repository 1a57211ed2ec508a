import { describe, expect, it } from 'vitest';
import { seededRng } from './rng.ts';

describe('seededRng', () => {
  it('gives the same numbers for the same seed, on every platform', () => {
    const rng = seededRng('qwen-eval/1');
    expect([rng.uint32(), rng.uint32(), rng.uint32(), rng.uint32()]).toMatchInlineSnapshot(`
      [
        1898773233,
        3095686557,
        2098856836,
        1442477316,
      ]
    `);
  });

  it('gives different numbers for neighbouring seeds and for forks', () => {
    const first = (seed: string | number) => seededRng(seed).uint32();
    expect(new Set([first(1), first(2), first('1/a'), first('1/b')]).size).toBe(4);
    expect(seededRng(1).fork('a').uint32()).toBe(first('1/a'));
  });

  it('is uniform over small ranges', () => {
    const rng = seededRng(7);
    const counts = Array.from({ length: 6 }, () => 0);
    for (let draw = 0; draw < 60_000; draw++) counts[rng.integer(0, 5)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.9 % quantile of chi-square with 5 degrees of freedom is 20.5.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('is uniform over ranges that 32 bits do not divide evenly, and over wider ones', () => {
    const rng = seededRng(11);
    const mean = (high: number): number => {
      let sum = 0;
      for (let draw = 0; draw < 10_000; draw++) {
        const value = rng.integer(0, high);
        expect(Number.isInteger(value) && value >= 0 && value <= high).toBe(true);
        sum += value / high;
      }
      return sum / 10_000;
    };
    // Four standard errors of a mean of 10,000 uniform numbers.
    for (const high of [2 ** 31, 3 * 2 ** 30, 2 ** 32, 2 ** 40])
      expect(Math.abs(mean(high) - 0.5)).toBeLessThan(0.0116);
  });

  it('shuffles without losing or repeating anything', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = seededRng('s').shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
    expect(new Set(seededRng('s').sample(items, 10)).size).toBe(10);
  });

  it('refuses to pick from nothing', () => {
    expect(() => seededRng(1).pick([])).toThrow('empty list');
  });
});
