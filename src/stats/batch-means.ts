import { type Estimate, unavailable } from '../core/estimate.ts';
import { meanEstimate } from './mean-estimate.ts';

/** Fewest values of a series that an interval is made from. */
const fewest = 10;

/** Batches for a number of values: from 5 of two values to 20. */
const batchesFor = (count: number): number => Math.min(20, Math.max(5, Math.floor(count / 6)));

/**
 * Estimate of the mean of a time series whose neighbours resemble each other: means of consecutive batches of equal length are nearly
 * independent, so Student's t over them holds (Law and Kelton, Simulation Modeling and Analysis, 9.5.3); the last values that fill no
 * batch count in the value alone. `n` is the number of batches; unavailable below 10 values. Equal values have no spread: the interval is a point; that of values of which none is negative ends at 0.
 */
export function batchMeans(values: readonly number[], level = 0.95): Estimate {
  const count = values.length;
  if (count < fewest) return unavailable(`an interval needs ${fewest} readings or more, there are ${count}`);
  const batches = batchesFor(count);
  const size = Math.floor(count / batches);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const means = Array.from({ length: batches }, (_, index) => {
    const batch = values.slice(index * size, (index + 1) * size);
    return batch.reduce((sum, value) => sum + value, 0) / size;
  });
  const estimate = meanEstimate(means, { level });
  if ('unavailable' in estimate) return { value: mean, low: mean, high: mean, level, method: 'all-equal', n: batches };
  const half = (estimate.high - estimate.low) / 2;
  // Rates, bytes and shares are never below nothing.
  const lowest = values.some((value) => value < 0) ? -Infinity : 0;
  return {
    value: mean,
    low: Math.max(lowest, mean - half),
    high: mean + half,
    level,
    method: 'batch-means-t',
    n: batches,
  };
}
