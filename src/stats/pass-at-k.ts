import { type Estimate, unavailable } from '../core/estimate.ts';
import { clusterTotals } from './clustered-mean.ts';
import { effectiveSampleSize, proportionEstimate } from './proportion-estimate.ts';
import { studentTCritical } from './student-t.ts';
import { scoreInterval } from './wilson.ts';

/** The independent attempts at one problem. */
export interface Attempts {
  /** How many attempts were made. */
  readonly n: number;
  /** How many of them passed. */
  readonly passed: number;
  /** Problems with the same label share a source. */
  readonly cluster?: string;
}

function check({ n, passed }: Attempts, k: number): void {
  if (!(Number.isInteger(k) && k >= 1 && n >= k && passed >= 0 && passed <= n))
    throw new RangeError(`pass@k needs 1 <= k <= n and 0 <= passed <= n, got k = ${k}, ${passed} of ${n}`);
}

/** Unbiased pass@k of one problem, 1 − C(n−c,k)/C(n,k): the chance that at least one of k attempts passes (Chen et al. 2021, arXiv:2107.03374). */
export function passAtK(attempts: Attempts, k: number): number {
  check(attempts, k);
  const { n, passed } = attempts;
  let allFail = 1;
  for (let index = 0; index < k; index++) allFail *= Math.max(0, n - passed - index) / (n - index);
  return 1 - allFail;
}

/** Unbiased pass^k of one problem, C(c,k)/C(n,k): the chance that all of k attempts pass (Yao et al. 2024, arXiv:2406.12045). */
export function passHatK(attempts: Attempts, k: number): number {
  check(attempts, k);
  const { n, passed } = attempts;
  let allPass = 1;
  for (let index = 0; index < k; index++) allPass *= Math.max(0, passed - index) / (n - index);
  return allPass;
}

export interface PassAtKOptions {
  readonly k: number;
  /** Confidence level in (0,1), default 0.95. */
  readonly level?: number;
  /** `any` is pass@k, `all` is pass^k; default `any`. */
  readonly need?: 'any' | 'all';
}

/** Estimate of pass@k (or pass^k) over problems: Wilson's interval at the effective number of problems; unavailable without problems and where one has fewer than k attempts. */
export function passAtKEstimate(problems: readonly Attempts[], options: PassAtKOptions): Estimate {
  const { k, level = 0.95, need = 'any' } = options;
  const name = need === 'any' ? `pass@${k}` : `pass^${k}`;
  if (problems.length === 0) return unavailable('no problems were scored');
  const fewest = problems.reduce((least, { n }) => Math.min(least, n), Infinity);
  if (fewest < k) return unavailable(`${name} needs ${k} attempts at every problem, one has ${fewest}`);
  const values = problems.map((problem) => (need === 'any' ? passAtK(problem, k) : passHatK(problem, k)));
  const labels = problems.map(({ cluster }, index) => cluster ?? `problem ${index}`);
  const clusters = clusterTotals(values, labels);
  const sum = values.reduce((total, value) => total + value, 0);
  if (clusters.length === 1 || values.every((value) => value === 0 || value === 1))
    return proportionEstimate(sum, values.length, { clusters, level });
  const draws = problems.reduce((total, { n }) => total + n / k, 0);
  const value = sum / values.length;
  const critical = studentTCritical(level, clusters.length - 1);
  const interval = scoreInterval(value, effectiveSampleSize(clusters, draws), critical);
  return { value, ...interval, level, method: 'wilson-clustered', n: clusters.length };
}
