import { inverseIncompleteBeta } from './incomplete-beta.ts';
import type { Interval } from './wilson.ts';

/** Clopper and Pearson's exact interval (1934) for a binomial proportion: never covers less than `level`; n = 0 gives [0,1]. */
export function clopperPearsonInterval(successes: number, n: number, level = 0.95): Interval {
  if (!(Number.isInteger(successes) && Number.isInteger(n) && successes >= 0 && successes <= n))
    throw new RangeError(`clopperPearsonInterval needs whole 0 <= successes <= n, got ${successes} of ${n}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level lies in (0,1), got ${level}`);
  const tail = (1 - level) / 2;
  const failures = n - successes;
  return {
    low: successes === 0 ? 0 : inverseIncompleteBeta(tail, successes, failures + 1).x,
    high: failures === 0 ? 1 : inverseIncompleteBeta(tail, failures, successes + 1).complement,
  };
}
