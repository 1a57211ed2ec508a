import { type Estimate, unavailable } from '../core/estimate.ts';
import type { Interval } from './wilson.ts';

/** Shares of the wealth that are bet, each with an eighth of it: a factor of two apart, so that one of them is near the best for any effect. */
const stakes = [0.8, 0.4, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625] as const;

/** ln of the wealth of a gambler who bets that the mean exceeds `bound`, after values in [−1,1]; a martingale where it equals it, falling as the bound rises. */
function logWealth(counts: ReadonlyMap<number, number>, bound: number): number {
  const logs = stakes.map((stake) => {
    let sum = 0;
    for (const [value, count] of counts) sum += count * Math.log1p(stake * ((1 + value) / (1 + bound) - 1));
    return sum;
  });
  const most = Math.max(...logs);
  const rest = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  return most + Math.log(rest / stakes.length);
}

/** The largest bound that the wealth refutes at 1/threshold, −1 where none is. */
function lowerLimit(counts: ReadonlyMap<number, number>, threshold: number): number {
  let [refuted, open] = [-1, 1];
  for (;;) {
    const middle = (refuted + open) / 2;
    if (middle === refuted || middle === open) return refuted;
    if (logWealth(counts, middle) >= Math.log(threshold)) refuted = middle;
    else open = middle;
  }
}

/** Confidence sequence for the mean of values in [−1,1] by betting (Waudby-Smith and Ramdas 2024; Ville 1939): with probability `level` it holds the mean after every value at once, so one may look and stop at any time; the values must come in random order. */
export function anytimeInterval(values: readonly number[], level = 0.95): Interval {
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level lies in (0,1), got ${level}`);
  const counts = new Map<number, number>();
  for (const value of values) {
    if (!(value >= -1 && value <= 1)) throw new RangeError(`anytimeInterval needs values in [-1,1], got ${value}`);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const mirrored = new Map([...counts].map(([value, count]) => [-value, count]));
  const threshold = 2 / (1 - level);
  return { low: lowerLimit(counts, threshold), high: -lowerLimit(mirrored, threshold) };
}

/** Mean of values in `range` with the confidence sequence of `anytimeInterval`: what to show when the number of samples was not fixed beforehand. */
export function anytimeMean(
  values: readonly number[],
  { range = [0, 1], level = 0.95 }: { readonly range?: readonly [number, number]; readonly level?: number } = {},
): Estimate {
  if (values.length === 0) return unavailable('no samples were scored');
  const [lowest, highest] = range;
  const half = (highest - lowest) / 2;
  const middle = lowest + half;
  const { low, high } = anytimeInterval(
    values.map((value) => (value - middle) / half),
    level,
  );
  return {
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: middle + half * low,
    high: middle + half * high,
    level,
    method: 'anytime-betting',
    n: values.length,
  };
}
