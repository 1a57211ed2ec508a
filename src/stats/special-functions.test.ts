import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCdf, binomialPmf, binomialTails } from './binomial.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import { betaTails, incompleteBeta, inverseIncompleteBeta } from './incomplete-beta.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import { deviance, logGamma, stirlingError } from './log-gamma.ts';
import { normalCdf, normalCritical, normalQuantile } from './normal-distribution.ts';
import { studentTCdf, studentTCritical, studentTQuantile } from './student-t.ts';

// Every expected value below is from 50-digit arithmetic at the double nearest to the written argument.

/** Relative agreement, absolute where zero is expected. */
function expectClose(actual: number, expected: number, tolerance = 1e-12): void {
  const error = expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
  expect(error, `${actual} instead of ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe('logGamma', () => {
  it.each([
    [0.001, 6.907178885383853],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [3.25, 0.9358019311087253],
    [9.999, 12.799575780077413],
    [10, 12.80182748008147],
    [171.5, 709.1431630309282],
    [10000, 82099.71749644238],
    [123456.75, 1323901.5615730141],
  ])('ln Γ(%d)', (x, expected) => expectClose(logGamma(x), expected));

  it('is zero at 1 and 2', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(2)).toBeCloseTo(0, 13);
  });

  // ln Γ(x+1) − (x+½) ln x + x − ½ ln 2π
  it.each([
    [0.25, 0.27251040121343206],
    [1, 0.08106146679532726],
    [4.5, 0.018488450532673183],
    [10, 0.00833056343336287],
    [1000, 8.333333055555635e-5],
  ])('Stirling error at %d', (x, expected) => expectClose(stirlingError(x), expected));

  // x ln(x/m) + m − x
  it.each([
    [0, 3, 3],
    [5, 5, 0],
    [5, 5.0001, 9.999866668620025e-10],
    [1e6, 1000001, 4.999996666669167e-7],
    [3, 10, 3.388081587022192],
    [10, 3, 5.03972804325936],
  ])('deviance of %d from %d', (x, mean, expected) => expectClose(deviance(x, mean), expected));

  it('refuses what it is not defined for', () => {
    expect(() => logGamma(0)).toThrow('got 0');
  });
});

describe('incompleteGamma', () => {
  it.each([
    [0.5, 0.1, 0.345279153981423, 0.654720846018577],
    [0.5, 2, 0.9544997361036416, 0.04550026389635842],
    [0.5, 50, 1, 1.523970604832105e-23],
    [3, 2.5, 0.45618688411667047, 0.5438131158833295],
    [3, 30, 0.9999999999549898, 4.501016648012124e-11],
    [100, 80, 0.017108313035133115, 0.9828916869648668],
    [100, 140, 0.9998389428252874, 0.00016105717471255585],
    [5000, 5100, 0.9206711189223811, 0.07932888107761897],
    [2, 0, 0, 1],
    [2, Infinity, 1, 0],
  ])('P and Q at a = %d, x = %d', (a, x, lower, upper) => {
    expectClose(incompleteGamma(a, x).lower, lower);
    expectClose(incompleteGamma(a, x).upper, upper);
  });

  it.each([
    [3.84, 1, 0.050043521248705106],
    [20.5, 5, 0.0010065277863902757],
    [1, 10, 0.9998278843700441],
    [200, 100, 1.1784500720979422e-8],
    [-1, 3, 1],
  ])('chi-square above %d with %d degrees', (x, degrees, expected) =>
    expectClose(chiSquareUpperTail(x, degrees), expected),
  );

  it('refuses what it is not defined for', () => {
    expect(() => incompleteGamma(0, 1)).toThrow('got 0 and 1');
    expect(() => incompleteGamma(1, -1)).toThrow('got 1 and -1');
    expect(() => chiSquareUpperTail(1, 0)).toThrow('got 0');
  });
});

describe('normal distribution', () => {
  it.each([
    [-38, 2.88542835e-316],
    [-8, 6.220960574271784e-16],
    [-1.96, 0.024997895148220435],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [0.1, 0.539827837277029],
    [1, 0.8413447460685429],
    [5, 0.9999997133484281],
    [-Infinity, 0],
    [Infinity, 1],
  ])('Φ(%d)', (z, expected) => expectClose(normalCdf(z), expected, z === -38 ? 1e-7 : 1e-12));

  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-5, -4.264890793922825],
    [0.025, -1.9599639845400543],
    [0.4, -0.2533471031357997],
    [0.5, 0],
    [0.6, 0.2533471031357997],
    [0.975, 1.9599639845400538],
    [0.999999, 4.753424308817088],
  ])('Φ⁻¹(%d)', (p, expected) => expectClose(normalQuantile(p), expected));

  it('refuses probabilities and levels outside (0,1)', () => {
    expect(() => normalQuantile(0)).toThrow('got 0');
    expect(() => normalQuantile(Number.NaN)).toThrow('got NaN');
    expect(() => normalCritical(1)).toThrow('a confidence level lies in (0,1), got 1');
  });
});

describe('incompleteBeta', () => {
  it.each([
    [0.5, 1, 1, 0.5],
    [0.3, 2, 5, 0.579825],
    [0.01, 0.5, 0.5, 0.06376856085851985],
    [0.99, 0.5, 0.5, 0.9362314391414801],
    [0.2, 0.5, 40, 0.9999747065666535],
    [0.9, 60, 0.5, 0.00038757670800621896],
    [0.48, 1000, 1100, 0.636874734880581],
    [0.0001, 1, 1000, 0.09516710644145375],
    [0.95, 1900, 110, 0.82351710728089],
    [0.5, 0.01, 0.02, 0.6667194610412722],
    [0.3, 100000, 230000, 7.395467593175031e-5],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I at %d of (%d, %d)', (x, a, b, expected) => expectClose(incompleteBeta(x, a, b), expected));

  it.each([
    [0.025, 1, 164, 0.00015436496245593075],
    [0.975, 164, 1, 0.9998456350375441],
    [0.025, 84, 17, 0.7532124025891377],
    [0.5, 0.5, 0.5, 0.5],
    [1e-8, 0.5, 0.5, 2.4674011002723397e-16],
    [0.3, 2, 2, 0.3632574910905676],
    [0.975, 5001, 4999, 0.5098991046388723],
    [0.025, 1, 1000000, 2.5317807663794178e-8],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('inverse at %d of (%d, %d)', (p, a, b, expected) => expectClose(inverseIncompleteBeta(p, a, b).x, expected));

  it('is the inverse of its inverse and mirrors', () => {
    const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), shape, shape, (p, a, b) => {
        const point = inverseIncompleteBeta(p, a, b);
        const { lower, upper } = betaTails(point, a, b);
        expect(lower).toBeCloseTo(p, 10);
        expect(upper).toBeCloseTo(1 - p, 10);
        const mirrored = betaTails({ x: point.complement, complement: point.x }, b, a);
        expect(mirrored.lower).toBeCloseTo(upper, 12);
      }),
    );
  });

  it('refuses what it is not defined for', () => {
    expect(() => incompleteBeta(0.5, 0, 1)).toThrow('got 0 and 1');
    expect(() => incompleteBeta(-0.5, 1, 1)).toThrow('got -0.5');
    expect(() => inverseIncompleteBeta(2, 1, 1)).toThrow('got 2');
  });
});

describe('Student t', () => {
  it.each([
    [-1e6, 1, 3.1830988618368455e-7],
    [-2, 1, 0.14758361765043326],
    [-2.5, 2.5, 0.05228498153907769],
    [0, 5, 0.5],
    [0.3, 9, 0.6145046481292376],
    [2, 30, 0.9726874775185085],
    [-40, 30, 6.863022597203201e-28],
    [1.96, 100000, 0.9750007184028492],
    [-1.96, Infinity, 0.024997895148220435],
    [-Infinity, 3, 0],
  ])('cdf at %d with %d degrees', (t, degrees, expected) => expectClose(studentTCdf(t, degrees), expected));

  it.each([
    [0.025, 1, -12.706204736174705],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.5, 7, 0],
    [0.49, 7, -0.02597794156951689],
    [0.95, 19, 1.729132811521369],
    [0.975, 199, 1.9719565442517535],
    [0.0005, 999, -3.3002924403987355],
    [0.975, 100000, 1.9599877075346093],
    [1e-10, 3, -2225.7692846830932],
    [0.025, Infinity, -1.9599639845400543],
  ])('quantile at %d with %d degrees', (p, degrees, expected) => expectClose(studentTQuantile(p, degrees), expected));

  it('refuses what it is not defined for', () => {
    expect(() => studentTCdf(1, 0)).toThrow('got 0');
    expect(() => studentTQuantile(1, 3)).toThrow('got 1');
    expect(() => studentTQuantile(0.5, -1)).toThrow('got -1');
    expect(() => studentTCritical(0, 3)).toThrow('a confidence level lies in (0,1), got 0');
  });
});

describe('binomial', () => {
  it.each([
    [0, 10, 0.3, 0.028247524900000005, 0.028247524900000005],
    [3, 10, 0.3, 0.266827932, 0.6496107184000001],
    [10, 10, 0.3, 5.9048999999999975e-6, 1],
    [82, 164, 0.5, 0.06220941355533135, 0.5311047067776656],
    [919, 1319, 0.7, 0.02310876750105273, 0.40822797867844074],
    [50000, 100000, 0.5, 0.00252312621419674, 0.5012615631070984],
    [2, 1000000, 1e-6, 0.1839398125556351, 0.9196986948985504],
    [100, 164, 0.05, 8.217111948091979e-86, 1],
    [-1, 10, 0.3, 0, 0],
    [11, 10, 0.3, 0, 1],
    [0, 10, 0, 1, 1],
    [3, 10, 0, 0, 1],
    [10, 10, 1, 1, 1],
    [9, 10, 1, 0, 0],
    [0, 0, 0.5, 1, 1],
  ])('P(X = %d of %d) at %d', (successes, n, p, pmf, cdf) => {
    expectClose(binomialPmf(successes, n, p), pmf);
    expectClose(binomialCdf(successes, n, p), cdf);
  });

  it('has tails that are sums of its probabilities', () => {
    const trials = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(trials, fc.nat({ max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, count, p) => {
        const sum = (from: number, to: number): number => {
          let total = 0;
          for (let k = from; k <= to; k++) total += binomialPmf(k, n, p);
          return total;
        };
        const { lower, upper } = binomialTails(count, n, p);
        expect(lower).toBeCloseTo(sum(0, count), 12);
        expect(upper).toBeCloseTo(sum(count + 1, n), 12);
      }),
    );
  });

  it('refuses what it is not defined for', () => {
    expect(() => binomialPmf(1, 1.5, 0.5)).toThrow('got 1 of 1.5 at 0.5');
    expect(() => binomialCdf(Number.NaN, 2, 0.5)).toThrow('got NaN of 2');
    expect(() => binomialCdf(1, 2, 1.1)).toThrow('at 1.1');
  });
});
