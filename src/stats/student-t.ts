import { betaTails, inverseIncompleteBeta } from './incomplete-beta.ts';
import { normalCdf, normalQuantile } from './normal-distribution.ts';

/** Student t distribution function with `degrees` > 0 degrees of freedom (Infinity is the normal distribution). */
export function studentTCdf(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`studentTCdf needs degrees > 0, got ${degrees}`);
  if (degrees === Infinity) return normalCdf(t);
  const square = t * t;
  const point =
    square === Infinity
      ? { x: 0, complement: 1 }
      : { x: degrees / (degrees + square), complement: square / (degrees + square) };
  const { lower, upper } = betaTails(point, degrees / 2, 0.5);
  return t < 0 ? lower / 2 : 0.5 + upper / 2;
}

/** Student t quantile for p in (0,1) and `degrees` > 0 (Infinity is the normal distribution). */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentTQuantile needs p in (0,1), got ${p}`);
  if (!(degrees > 0)) throw new RangeError(`studentTQuantile needs degrees > 0, got ${degrees}`);
  if (degrees === Infinity) return normalQuantile(p);
  if (p > 0.5) return -studentTQuantile(1 - p, degrees);
  const { x, complement } = inverseIncompleteBeta(2 * p, degrees / 2, 0.5);
  return p === 0.5 ? 0 : -Math.sqrt((degrees * complement) / x);
}

/** The two-sided critical value: t with P(|T| > t) = 1 − level, for a confidence level in (0,1). */
export function studentTCritical(level: number, degrees: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level lies in (0,1), got ${level}`);
  return -studentTQuantile((1 - level) / 2, degrees);
}
