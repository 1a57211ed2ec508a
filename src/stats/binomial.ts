import { betaTails } from './incomplete-beta.ts';
import type { Tails } from './incomplete-gamma.ts';
import { deviance, stirlingError } from './log-gamma.ts';

function check(successes: number, n: number, p: number): void {
  if (!(Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1) || Number.isNaN(successes))
    throw new RangeError(`binomial needs whole n >= 0 and p in [0,1], got ${successes} of ${n} at ${p}`);
}

/** Binomial probability of exactly `successes` of n, by saddle point (Loader 2000); 0 outside 0..n. */
export function binomialPmf(successes: number, n: number, p: number): number {
  check(successes, n, p);
  const failures = n - successes;
  if (successes < 0 || failures < 0 || !Number.isInteger(successes)) return 0;
  if (p === 0) return successes === 0 ? 1 : 0;
  if (p === 1) return failures === 0 ? 1 : 0;
  if (successes === 0) return Math.exp(n * Math.log1p(-p));
  if (failures === 0) return Math.exp(n * Math.log(p));
  const exponent =
    stirlingError(n) -
    stirlingError(successes) -
    stirlingError(failures) -
    deviance(successes, n * p) -
    deviance(failures, n * (1 - p));
  return Math.sqrt(n / (2 * Math.PI * successes) / failures) * Math.exp(exponent);
}

/** P(X ≤ successes) and P(X > successes) for a binomial count, each without cancellation. */
export function binomialTails(successes: number, n: number, p: number): Tails {
  check(successes, n, p);
  const count = Math.floor(successes);
  if (count < 0) return { lower: 0, upper: 1 };
  if (count >= n) return { lower: 1, upper: 0 };
  const { lower, upper } = betaTails({ x: p, complement: 1 - p }, count + 1, n - count);
  return { lower: upper, upper: lower };
}

/** P(X ≤ successes) for a binomial count of n trials with probability p. */
export const binomialCdf = (successes: number, n: number, p: number): number => binomialTails(successes, n, p).lower;
