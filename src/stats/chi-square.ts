import { incompleteGamma } from './incomplete-gamma.ts';

/** P(X > x) for a chi-square variable with `degrees` > 0 degrees of freedom. */
export function chiSquareUpperTail(x: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`chiSquareUpperTail needs degrees > 0, got ${degrees}`);
  return x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper;
}
