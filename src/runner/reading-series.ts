import { unavailable } from '../core/estimate.ts';
import type { SystemSeries } from '../core/system-report.ts';
import { batchMeans } from '../stats/batch-means.ts';

/** Peak and mean of what a function reads off each tick; unavailable with the reason when it reads nothing. */
export function readingSeries<T>(
  ticks: readonly T[],
  read: (tick: T) => number | null | undefined,
  reason: string,
): SystemSeries {
  const values = ticks.map(read).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) return { peak: unavailable(reason), mean: unavailable(reason) };
  const peak = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return { peak: { value: peak, readings: values.length }, mean: batchMeans(values) };
}
