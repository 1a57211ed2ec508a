const halfLogTwoPi = 0.9189385332046728;

/** Coefficients B(2k) / (2k (2k − 1)) of the Stirling series. */
const stirlingCoefficients = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
] as const;

/** What Stirling's formula leaves out: ln Γ(x+1) − (x+½) ln x + x − ½ ln 2π, for x > 0 (Loader 2000). */
export function stirlingError(x: number): number {
  let shift = 0;
  let argument = x;
  // The asymptotic series is exact to double precision from 10 up.
  while (argument < 10) {
    shift += (argument + 0.5) * Math.log1p(1 / argument) - 1;
    argument += 1;
  }
  const inverseSquare = 1 / (argument * argument);
  let sum = 0;
  for (const coefficient of stirlingCoefficients.toReversed()) sum = sum * inverseSquare + coefficient;
  return shift + sum / argument;
}

/** Deviance x ln(x/mean) + mean − x without cancellation near x = mean, for x ≥ 0 and mean > 0 (Loader 2000, `bd0`). */
export function deviance(x: number, mean: number): number {
  if (x === 0) return mean;
  const gap = x - mean;
  if (Math.abs(gap) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - gap;
  const ratio = gap / (x + mean);
  const square = ratio * ratio;
  let sum = gap * ratio;
  let term = 2 * x * ratio;
  for (let index = 1; ; index++) {
    term *= square;
    const next = sum + term / (2 * index + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln Γ(x) for x > 0, to 1e-14 of max(1, |ln Γ(x)|). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, got ${x}`);
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingError(x);
}
