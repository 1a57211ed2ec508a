import { deviance, stirlingError } from './log-gamma.ts';

/** Both tails of a distribution at a point, each computed without cancellation. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/** Regularised incomplete gamma functions P(a,x) and Q(a,x) for a > 0 and x ≥ 0: power series below the mean, continued fraction above (DLMF 8.7.1, 8.9.2). */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`incompleteGamma needs a > 0 and x >= 0, got ${a} and ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  // x^a e^(−x) / Γ(a), by saddle point so that large a keeps its digits.
  const density = Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let index = 1; term > sum * 1e-17; index++) {
      term *= x / (a + index);
      sum += term;
    }
    const lower = density * sum;
    return { lower, upper: 1 - lower };
  }
  const upper = density * upperFraction(a, x);
  return { lower: 1 - upper, upper };
}

/** The continued fraction of Γ(a,x) x^(−a) e^x by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let partial = x + 1 - a;
  let c = Infinity;
  let d = 1 / partial;
  let result = d;
  for (let index = 1; index < 100_000; index++) {
    const numerator = -index * (index - a);
    partial += 2;
    d = 1 / (numerator * d + partial);
    c = partial + numerator / c;
    const factor = c * d;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return result;
}
