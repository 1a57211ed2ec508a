import { type Estimate, unavailable } from '../core/estimate.ts';
import { normalCdf, normalCritical, normalQuantile } from './normal-distribution.ts';
import { quantile } from './quantile.ts';
import type { Rng } from './rng.ts';
import type { Interval } from './wilson.ts';

/** What the BCa endpoints are computed from. */
export interface BootstrapDraws {
  /** The statistic of the data. */
  readonly observed: number;
  /** The statistic of each resample. */
  readonly replicates: readonly number[];
  /** The statistic with each unit left out in turn. */
  readonly leftOut: readonly number[];
}

/** Bias-corrected and accelerated interval (Efron 1987); null when all replicates lie on one side of the observed value, so that the bias has no estimate. */
export function bcaInterval({ observed, replicates, leftOut }: BootstrapDraws, level = 0.95): Interval | null {
  const ascending = replicates.toSorted((left, right) => left - right);
  const below = ascending.filter((value) => value < observed).length;
  const equal = ascending.filter((value) => value === observed).length;
  // Half of the ties count as below, so that a symmetric discrete statistic has no bias.
  const share = (below + equal / 2) / ascending.length;
  if (!(share > 0 && share < 1) || equal === ascending.length) return null;
  const bias = normalQuantile(share);
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let cubes = 0;
  let squares = 0;
  for (const value of leftOut) {
    cubes += (mean - value) ** 3;
    squares += (mean - value) ** 2;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const endpoint = (z: number): number =>
    quantile(ascending, normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z))));
  const critical = normalCritical(level);
  return { low: endpoint(-critical), high: endpoint(critical) };
}

export interface BootstrapOptions {
  readonly rng: Rng;
  /** Confidence level in (0,1), default 0.95. */
  readonly level?: number;
  /** Resamples, default 5,000. */
  readonly replicates?: number;
}

/** Estimate of any statistic of independent units (samples, or whole clusters): bootstrap with BCa endpoints; unavailable below two units and where resampling shows no spread. */
export function bootstrapEstimate<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number,
  { rng, level = 0.95, replicates = 5000 }: BootstrapOptions,
): Estimate {
  const n = units.length;
  if (n < 2) return unavailable(n === 0 ? 'no samples were scored' : 'one value has no interval');
  const observed = statistic(units);
  const draws = Array.from({ length: replicates }, () => statistic(Array.from({ length: n }, () => rng.pick(units))));
  const leftOut = units.map((_, index) => statistic(units.toSpliced(index, 1)));
  if (![observed, ...draws, ...leftOut].every(Number.isFinite))
    return unavailable('the statistic is not a number on some resamples');
  const interval = bcaInterval({ observed, replicates: draws, leftOut }, level);
  if (interval === null) return unavailable('resampling shows no spread: no interval can be computed');
  return { value: observed, ...interval, level, method: 'bootstrap-bca', n };
}
