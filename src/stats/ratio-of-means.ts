import { unavailable, type Estimate } from '../core/estimate.ts';
import { studentTCritical } from './student-t.ts';

/**
 * Ratio of the means of paired values, mean(a) / mean(b), with Student's t interval around the ratio estimator (Cochran 1977, Sampling
 * Techniques, eq. 6.13, n − 1 degrees of freedom), at least 0 where no value is negative; unavailable for fewer than two pairs or mean(b) = 0.
 */
export function ratioOfMeans(pairs: readonly { readonly a: number; readonly b: number }[], level = 0.95): Estimate {
  const n = pairs.length;
  if (n < 2) return unavailable('fewer than two pairs were scored');
  const sumA = pairs.reduce((sum, { a }) => sum + a, 0);
  const sumB = pairs.reduce((sum, { b }) => sum + b, 0);
  if (sumB === 0) return unavailable('the base of the ratio is 0');
  const value = sumA / sumB;
  const squares = pairs.reduce((sum, { a, b }) => sum + (a - value * b) ** 2, 0);
  const standardError = Math.sqrt(squares / (n * (n - 1))) / (sumB / n);
  if (standardError === 0) return unavailable(`all ${n} pairs have the ratio ${value}: no spread to estimate from`);
  const half = studentTCritical(level, n - 1) * standardError;
  const floor = pairs.every(({ a, b }) => a >= 0 && b >= 0) ? 0 : -Infinity;
  return { value, low: Math.max(floor, value - half), high: value + half, level, method: 'ratio-t', n };
}
