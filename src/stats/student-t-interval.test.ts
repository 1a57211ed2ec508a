import { describe, expect, it } from 'vitest';
import { studentTInterval } from './student-t-interval.ts';

describe('studentTInterval', () => {
  // x̄ ± t s/√n in 50 digits.
  it('agrees with 50-digit arithmetic', () => {
    const { low, high } = studentTInterval([0.1, 0.4, 0.35, 0.8], 0.9);
    expect(low).toBeCloseTo(0.0715498309813623, 12);
    expect(high).toBeCloseTo(0.7534501690186377, 12);
  });

  it('needs two values', () => {
    expect(() => studentTInterval([1])).toThrow('got 1');
    expect(() => studentTInterval([1, Infinity])).toThrow('got Infinity');
  });
});
