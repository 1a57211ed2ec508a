import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passAtK, passAtKEstimate, passHatK } from './pass-at-k.ts';
import { proportionEstimate } from './proportion-estimate.ts';

describe('pass@k', () => {
  // 1 − C(n−c,k)/C(n,k) and C(c,k)/C(n,k) in 50 digits.
  it.each([
    [5, 2, 1, 0.4, 0.4],
    [5, 2, 3, 0.9, 0],
    [10, 3, 5, 0.9166666666666666, 0],
    [200, 7, 100, 0.9929911172418123, 0],
    [1000, 1, 10, 0.01, 0],
    [4, 3, 2, 1, 0.5],
  ])('%d attempts, %d passed, k = %d', (n, passed, k, any, all) => {
    expect(passAtK({ n, passed }, k)).toBeCloseTo(any, 12);
    expect(passHatK({ n, passed }, k)).toBeCloseTo(all, 12);
  });

  it('is the share of the k-subsets with a pass, counted one by one', () => {
    const n = 7;
    for (let passed = 0; passed <= n; passed++)
      for (let k = 1; k <= n; k++) {
        const subsets = Array.from({ length: 2 ** n }, (_, bits) => bits).filter(
          (bits) => bits.toString(2).replaceAll('0', '').length === k,
        );
        const any = subsets.filter((bits) => (bits & (2 ** passed - 1)) !== 0).length;
        expect(passAtK({ n, passed }, k)).toBeCloseTo(any / subsets.length, 12);
      }
  });

  it('grows with k and with passes, while pass^k falls with k', () => {
    const problem = fc.integer({ min: 2, max: 60 }).chain((n) => fc.tuple(fc.constant(n), fc.nat({ max: n - 1 })));
    fc.assert(
      fc.property(problem, fc.double({ min: 0, max: 1, noNaN: true }), ([n, passed], share) => {
        const k = 1 + Math.floor(share * (n - 2));
        const value = passAtK({ n, passed }, k);
        expect(passAtK({ n, passed }, k + 1)).toBeGreaterThanOrEqual(value);
        expect(passAtK({ n, passed: passed + 1 }, k)).toBeGreaterThanOrEqual(value);
        expect(passHatK({ n, passed }, k + 1)).toBeLessThanOrEqual(passHatK({ n, passed }, k));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses impossible counts', () => {
    expect(() => passAtK({ n: 3, passed: 1 }, 4)).toThrow('got k = 4, 1 of 3');
    expect(() => passHatK({ n: 3, passed: 4 }, 1)).toThrow('4 of 3');
  });
});

describe('passAtKEstimate', () => {
  const problems = [10, 3, 0, 7, 1].map((passed) => ({ n: 10, passed }));

  it('agrees with 50-digit arithmetic', () => {
    // Wilson at 5 / design effect with t on 4 degrees.
    const estimate = passAtKEstimate(problems, { k: 3 });
    expect(estimate).toMatchObject({ level: 0.95, method: 'wilson-clustered', n: 5 });
    if ('unavailable' in estimate) throw new Error(estimate.unavailable);
    expect(estimate.value).toBeCloseTo(0.6, 12);
    expect(estimate.low).toBeCloseTo(0.1945507106543342, 11);
    expect(estimate.high).toBeCloseTo(0.9030548211292915, 11);
  });

  it('is Wilson for one attempt a problem', () => {
    const single = [1, 0, 1, 1].map((passed) => ({ n: 1, passed }));
    expect(passAtKEstimate(single, { k: 1 })).toEqual(proportionEstimate(3, 4));
  });

  it('estimates pass^k on request', () => {
    expect(passAtKEstimate(problems, { k: 1, need: 'all' })).toEqual(passAtKEstimate(problems, { k: 1 }));
    const [any, all] = [passAtKEstimate(problems, { k: 2 }), passAtKEstimate(problems, { k: 2, need: 'all' })];
    if ('unavailable' in any || 'unavailable' in all) throw new Error('unavailable');
    expect(all.value).toBeLessThan(any.value);
  });

  it('counts clusters of problems', () => {
    const clustered = problems.map((problem, index) => ({ ...problem, cluster: index < 3 ? 'x' : 'y' }));
    expect(passAtKEstimate(clustered, { k: 3 })).toMatchObject({ n: 2 });
    const one = problems.map((problem) => ({ ...problem, cluster: 'x' }));
    expect(passAtKEstimate(one, { k: 3 })).toMatchObject({ unavailable: expect.stringContaining('one cluster') });
  });

  it('says why it is unavailable', () => {
    expect(passAtKEstimate([], { k: 1 })).toEqual({ unavailable: 'no problems were scored' });
    expect(passAtKEstimate(problems, { k: 11 })).toEqual({
      unavailable: 'pass@11 needs 11 attempts at every problem, one has 10',
    });
    expect(passAtKEstimate(problems, { k: 11, need: 'all' })).toMatchObject({
      unavailable: expect.stringContaining('pass^11'),
    });
  });
});
