import { studentTQuantile } from './student-t.ts';

/**
 * Upper prediction limit of one more length at `level` in (0,1), from lengths > 0 that are taken for log-normal:
 * exp(m + t(level, n−1) · s · √(1 + 1/n)) with m and s of the logarithms (Whitmore 1986); never below the longest seen. Throws RangeError for
 * fewer than two lengths or one that is not above 0.
 */
export function lengthLimit(lengths: readonly number[], level = 0.99): number {
  const n = lengths.length;
  if (n < 2 || lengths.some((length) => !(length > 0)))
    throw new RangeError('a length limit needs at least two lengths above 0');
  const logarithms = lengths.map((length) => Math.log(length));
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / n;
  const variance = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const limit = Math.exp(mean + studentTQuantile(level, n - 1) * Math.sqrt(variance * (1 + 1 / n)));
  return Math.max(limit, ...lengths);
}
