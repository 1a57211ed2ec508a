import { rankedPValues } from './holm.ts';

/** Benjamini and Hochberg's step-up correction (1995): adjusted p-values in the given order; rejecting those ≤ q keeps the expected share of false rejections ≤ q. */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  let running = 1;
  for (const [position, { p, index }] of rankedPValues(pValues).toReversed().entries()) {
    const rank = pValues.length - position;
    running = Math.min(running, (pValues.length / rank) * p);
    adjusted[index] = running;
  }
  return adjusted;
}
