import { clusterTotals, clusteredMean } from './clustered-mean.ts';
import { studentTCritical } from './student-t.ts';
import type { Interval } from './wilson.ts';

/** Student's t interval (1908) for the mean of two or more independent values. */
export function studentTInterval(values: readonly number[], level = 0.95): Interval {
  const { mean, standardError, clusters } = clusteredMean(clusterTotals(values));
  const half = studentTCritical(level, clusters - 1) * standardError;
  return { low: mean - half, high: mean + half };
}
