import { describe, expect, it } from 'vitest';
import { lengthLimit } from './length-limit.ts';
import { seededRng } from './rng.ts';

describe('lengthLimit', () => {
  it('is the prediction limit of logarithms', () => {
    // By hand: logarithms 1, 2, 3; m = 2, s = 1, t(0.99, 2) = 6.964557; exp(2 + 6.964557 · √(4/3)).
    expect(lengthLimit([Math.E, Math.E ** 2, Math.E ** 3])).toBeCloseTo(Math.exp(2 + 6.964557 * Math.sqrt(4 / 3)), -1);
    expect(lengthLimit([40, 40, 40])).toBeCloseTo(40, 9);
    expect(lengthLimit([1, 1, 100], 0.01)).toBe(100);
  });

  it('covers the next length as often as it says', () => {
    const rng = seededRng('length-limit');
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
    const length = (): number => Math.exp(5 + 0.6 * normal());
    let covered = 0;
    for (let trial = 0; trial < 4000; trial++)
      covered += length() <= lengthLimit(Array.from({ length: 20 }, length)) ? 1 : 0;
    expect(covered / 4000).toBeGreaterThan(0.984);
    expect(covered / 4000).toBeLessThan(0.998);
  });

  it('refuses what it cannot tell from', () => {
    expect(() => lengthLimit([5])).toThrow(RangeError);
    expect(() => lengthLimit([5, 0])).toThrow(RangeError);
  });
});
