import { normalCdf, normalCritical, normalQuantile } from './normal-distribution.ts';

/** What a plan must achieve. */
export interface PlanOptions {
  /** Confidence level of the interval that decides, default 0.95. */
  readonly level?: number;
  /** Chance of deciding when the effect is real, default 0.8. */
  readonly power?: number;
}

const quantiles = ({ level = 0.95, power = 0.8 }: PlanOptions): readonly [number, number] => [
  normalCritical(level),
  normalQuantile(power),
];

/** Pairs of right-or-wrong outcomes needed to see `difference` when a share `discordance` of the pairs differs (Miettinen 1968; Connor 1987). */
export function pairedProportionSampleSize(difference: number, discordance: number, options: PlanOptions = {}): number {
  const effect = Math.abs(difference);
  if (!(effect > 0 && effect <= discordance && discordance <= 1))
    throw new RangeError(
      `a difference of ${difference} needs a discordance between its size and 1, got ${discordance}`,
    );
  const [critical, strength] = quantiles(options);
  const root = critical * Math.sqrt(discordance) + strength * Math.sqrt(discordance - effect * effect);
  return Math.ceil((root / effect) ** 2);
}

/** Samples needed in each of two independent groups to tell proportion `first` from `second` (Fleiss 1981, without continuity correction). */
export function unpairedProportionSampleSize(first: number, second: number, options: PlanOptions = {}): number {
  if (!(first >= 0 && first <= 1 && second >= 0 && second <= 1 && first !== second))
    throw new RangeError(`sample size needs two different proportions in [0,1], got ${first} and ${second}`);
  const [critical, strength] = quantiles(options);
  const middle = (first + second) / 2;
  const under = Math.sqrt(2 * middle * (1 - middle));
  const apart = Math.sqrt(first * (1 - first) + second * (1 - second));
  return Math.ceil(((critical * under + strength * apart) / (first - second)) ** 2);
}

/** Independent differences with this standard deviation needed to see a mean `difference`: ((z + z_power) σ / Δ)². */
export function meanSampleSize(difference: number, standardDeviation: number, options: PlanOptions = {}): number {
  if (!(difference !== 0 && standardDeviation >= 0))
    throw new RangeError(`sample size needs a difference other than 0, got ${difference}`);
  const [critical, strength] = quantiles(options);
  return Math.ceil((((critical + strength) * standardDeviation) / difference) ** 2);
}

/** What is believed about a pair whose equivalence is to be shown. */
export interface EquivalencePlan extends PlanOptions {
  /** Assumed mean difference, inside ±delta. */
  readonly difference: number;
  readonly standardDeviation: number;
  readonly delta: number;
}

/** Independent differences needed for the interval at `level` (default 0.9) to lie within ±delta with the given power (two one-sided tests, Schuirmann 1987). */
export function equivalenceSampleSize(plan: EquivalencePlan): number {
  const { difference, standardDeviation, delta, level = 0.9, power = 0.8 } = plan;
  if (!(Math.abs(difference) < delta && standardDeviation >= 0))
    throw new RangeError(`equivalence within ${delta} cannot be shown for a difference of ${difference}`);
  const critical = normalCritical(level);
  const reaches = (n: number): boolean => {
    const error = standardDeviation / Math.sqrt(n);
    const above = normalCdf((delta - difference) / error - critical);
    return above + normalCdf((delta + difference) / error - critical) - 1 >= power;
  };
  let high = 1;
  while (!reaches(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}
