import { normalCritical, normalQuantile } from './normal-distribution.ts';
import { type PlanOptions, unpairedProportionSampleSize } from './sample-size.ts';

/** Smallest difference of paired proportions that `n` pairs detect when a share `discordance` of them differs; null when no difference can be detected (inverse of `pairedProportionSampleSize`, with the discordance raised to the effect where it is smaller). */
export function pairedMinimumDetectableEffect(
  n: number,
  discordance: number,
  options: PlanOptions = {},
): number | null {
  const { level = 0.95, power = 0.8 } = options;
  if (!(n >= 0 && discordance >= 0 && discordance <= 1))
    throw new RangeError(`detectable effect needs n >= 0 and discordance in [0,1], got ${n} and ${discordance}`);
  const critical = normalCritical(level);
  const strength = normalQuantile(power);
  // Below this even a difference of 1 stays inside the interval.
  if (n < critical ** 2) return null;
  const root =
    (critical * Math.sqrt(n) + strength * Math.sqrt(n - critical ** 2 + strength ** 2)) / (n + strength ** 2);
  return root * Math.max(Math.sqrt(discordance), root);
}

/** Smallest mean difference that `n` independent differences of this standard deviation detect: (z + z_power) σ / √n; null for n = 0. */
export function meanMinimumDetectableEffect(
  n: number,
  standardDeviation: number,
  options: PlanOptions = {},
): number | null {
  const { level = 0.95, power = 0.8 } = options;
  return n > 0 ? ((normalCritical(level) + normalQuantile(power)) * standardDeviation) / Math.sqrt(n) : null;
}

/** Smallest rise over `proportion` that two independent groups of `n` detect; null when even 1 is too close (inverse of `unpairedProportionSampleSize`). */
export function unpairedMinimumDetectableEffect(
  n: number,
  proportion: number,
  options: PlanOptions = {},
): number | null {
  if (!(proportion >= 0 && proportion < 1)) throw new RangeError(`a proportion below 1 is needed, got ${proportion}`);
  const detects = (other: number): boolean => unpairedProportionSampleSize(proportion, other, options) <= n;
  if (!detects(1)) return null;
  let [low, high] = [proportion, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return high - proportion;
    if (detects(middle)) high = middle;
    else low = middle;
  }
}
