import { type Estimate, unavailable } from '../core/estimate.ts';
import { binomialCdf } from './binomial.ts';

/** Quantile of type 7 (Hyndman and Fan 1996): linear interpolation between order statistics, as numpy's default; `ascending` must be sorted and not empty. */
export function quantile(ascending: readonly number[], p: number): number {
  if (!(ascending.length > 0 && p >= 0 && p <= 1))
    throw new RangeError(`quantile needs values and p in [0,1], got ${ascending.length} values and ${p}`);
  const position = (ascending.length - 1) * p;
  const below = Math.floor(position);
  const low = ascending[below] as number;
  const high = ascending[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

/** Fewest values from which a quantile is reported, so that about ten lie beyond it: 10 / min(p, 1−p). */
export const quantileMinimumSize = (p: number): number => Math.ceil(10 / Math.min(p, 1 - p) - 1e-6);

/** Estimate of a quantile: type 7 with the distribution-free interval between order statistics (David and Nagaraja 2003, 7.1); unavailable below 10/min(p, 1−p) values. */
export function quantileEstimate(values: readonly number[], p: number, level = 0.95): Estimate {
  if (!(p > 0 && p < 1 && level > 0 && level < 1))
    throw new RangeError(`quantileEstimate needs p and level in (0,1), got ${p} and ${level}`);
  for (const value of values)
    if (!Number.isFinite(value)) throw new RangeError(`statistics need finite values, got ${value}`);
  const n = values.length;
  const needed = quantileMinimumSize(p);
  const name = `p${Number((100 * p).toPrecision(12))}`;
  if (n < needed) return unavailable(`${name} needs ${needed} values or more, there are ${n}`);
  const ascending = values.toSorted((left, right) => left - right);
  const ranks = quantileRanks(n, p, level);
  if (ranks === null) return unavailable(`${name} has no interval at level ${level} from ${n} values`);
  const [low, high] = [ascending[ranks.lower - 1], ascending[ranks.upper - 1]] as [number, number];
  return { value: quantile(ascending, p), low, high, level, method: 'order-statistics', n };
}

/** Ranks from 1 to n of the order statistics between which a quantile lies with the given confidence; null when n values do not bound it. */
export function quantileRanks(
  n: number,
  p: number,
  level: number,
): { readonly lower: number; readonly upper: number } | null {
  const tail = (1 - level) / 2;
  const lower = firstCount(n, (count) => binomialCdf(count, n, p) > tail);
  const upper = firstCount(n, (count) => binomialCdf(count, n, p) >= 1 - tail) + 1;
  return lower < 1 || upper > n ? null : { lower, upper };
}

/** The smallest count in 0..n for which a condition that stays true holds. */
function firstCount(n: number, holds: (count: number) => boolean): number {
  let [below, reached] = [-1, n];
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (holds(middle)) reached = middle;
    else below = middle;
  }
  return reached;
}
