import { incompleteGamma } from './incomplete-gamma.ts';

/** Standard normal distribution function Φ(z); relative precision holds in the lower tail too. */
export function normalCdf(z: number): number {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** Standard normal quantile: the z with Φ(z) = p, for p in (0,1). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile needs p in (0,1), got ${p}`);
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const target = Math.log(p);
  // ln Φ is concave and increasing, so Newton's method from below climbs to the root without overshooting.
  let z = -Math.sqrt(-2 * target);
  for (let step = 0; step < 50; step++) {
    const cdf = normalCdf(z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const move = ((target - Math.log(cdf)) * cdf) / density;
    z += move;
    if (Math.abs(move) <= 1e-15 * Math.abs(z)) break;
  }
  return z;
}

/** The two-sided critical value: z with P(|Z| > z) = 1 − level, for a confidence level in (0,1). */
export function normalCritical(level: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level lies in (0,1), got ${level}`);
  return -normalQuantile((1 - level) / 2);
}
