import type { Tails } from './incomplete-gamma.ts';
import { deviance, stirlingError } from './log-gamma.ts';

/** A point of [0,1] with its distance from 1, so that points close to 1 keep their digits. */
export interface UnitPoint {
  readonly x: number;
  /** 1 − x. */
  readonly complement: number;
}

/** ln of x^a (1−x)^b / B(a,b) by saddle point (Loader 2000), which keeps its digits for large a and b. */
function logBetaPower({ x, complement }: UnitPoint, a: number, b: number): number {
  const n = a + b;
  const errors = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.log((a / n) * (b / (2 * Math.PI))) / 2 + errors - deviance(a, n * x) - deviance(b, n * complement);
}

/** The continued fraction of DiDonato and Morris (1992, equation 9) for I_x(a,b), by Lentz's method. */
function betaFraction({ x, complement }: UnitPoint, a: number, b: number): number {
  const tail = (m: number): number => ((a + m) * (a * complement - b * x + 1 + m * (2 - x))) / (a + 2 * m + 1);
  let result = tail(0);
  let c = result;
  let d = 0;
  for (let m = 1; m < 1_000_000; m++) {
    const numerator = ((a + m - 1) * (a + b + m - 1) * m * (b - m) * x * x) / (a + 2 * m - 1) ** 2;
    const partial = m + (m * (b - m) * x) / (a + 2 * m - 1) + tail(m);
    d = 1 / (partial + numerator * d);
    c = partial + numerator / c;
    const factor = c * d;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return result;
}

/** Both tails of the beta distribution, I_x(a,b) and I_(1−x)(b,a), for a, b > 0 at a point of [0,1]. */
export function betaTails(point: UnitPoint, a: number, b: number): Tails {
  const { x, complement } = point;
  if (!(a > 0 && b > 0)) throw new RangeError(`betaTails needs a, b > 0, got ${a} and ${b}`);
  if (!(x >= 0 && complement >= 0)) throw new RangeError(`betaTails needs x in [0,1], got ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (complement === 0) return { lower: 1, upper: 0 };
  const power = Math.exp(logBetaPower(point, a, b));
  if (isLowerSide(point, a, b)) {
    const lower = power / betaFraction(point, a, b);
    return { lower, upper: 1 - lower };
  }
  const upper = power / betaFraction({ x: complement, complement: x }, b, a);
  return { lower: 1 - upper, upper };
}

/** Where the fraction for the lower tail converges fast. */
const isLowerSide = ({ x }: UnitPoint, a: number, b: number): boolean => x * (a + b + 2) <= a + 1;

/** Newton's step in the log odds of x towards ln I_x(a,b) = target, free of underflow. */
function logOddsStep(target: number, point: UnitPoint, [a, b]: readonly [number, number]): number {
  const logPower = logBetaPower(point, a, b);
  if (isLowerSide(point, a, b)) {
    const fraction = betaFraction(point, a, b);
    return (target - logPower + Math.log(fraction)) / fraction;
  }
  const { lower } = betaTails(point, a, b);
  return (target - Math.log(lower)) * lower * Math.exp(-logPower);
}

/** Regularised incomplete beta function I_x(a,b) for x in [0,1] and a, b > 0. */
export const incompleteBeta = (x: number, a: number, b: number): number =>
  betaTails({ x, complement: 1 - x }, a, b).lower;

/** The point where I_x(a,b) = p, for p in [0,1] and a, b > 0. */
export function inverseIncompleteBeta(p: number, a: number, b: number): UnitPoint {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`inverseIncompleteBeta needs p in [0,1], got ${p}`);
  if (p === 0) return { x: 0, complement: 1 };
  if (p > 0.5) {
    const { x, complement } = inverseIncompleteBeta(1 - p, b, a);
    return { x: complement, complement: x };
  }
  const target = Math.log(p);
  // In the log odds of x the logarithm of I is concave and increasing: Newton's method converges from anywhere.
  let odds = Math.log(a / b);
  let point = fromLogOdds(odds);
  for (let step = 0; step < 200; step++) {
    const move = logOddsStep(target, point, [a, b]);
    odds += move;
    point = fromLogOdds(odds);
    if (Math.abs(move) <= 1e-15 * Math.max(1, Math.abs(odds))) break;
  }
  return point;
}

function fromLogOdds(odds: number): UnitPoint {
  const small = Math.exp(-Math.abs(odds));
  const near = small / (1 + small);
  const far = 1 / (1 + small);
  return odds < 0 ? { x: near, complement: far } : { x: far, complement: near };
}
