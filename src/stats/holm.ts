/** A p-value with its place in the given list. */
interface Ranked {
  readonly p: number;
  readonly index: number;
}

/** p-values from small to large; throws where one is outside [0,1]. */
export function rankedPValues(pValues: readonly number[]): readonly Ranked[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0,1], got ${p}`);
  return pValues.map((p, index) => ({ p, index })).toSorted((left, right) => left.p - right.p);
}

/** Holm's step-down correction (1979): adjusted p-values in the given order; rejecting those ≤ α keeps the chance of any false rejection ≤ α. */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  let running = 0;
  for (const [rank, { p, index }] of rankedPValues(pValues).entries()) {
    running = Math.max(running, Math.min(1, (pValues.length - rank) * p));
    adjusted[index] = running;
  }
  return adjusted;
}

/** The level α/(m−rank) at which Holm's procedure tests each hypothesis: a rejected one at its own step, all others at the step where the procedure stops. */
export function holmStepLevels(pValues: readonly number[], alpha: number): number[] {
  const levels = pValues.map(() => alpha);
  let stopped: number | null = null;
  for (const [rank, { p, index }] of rankedPValues(pValues).entries()) {
    const step = alpha / (pValues.length - rank);
    if (stopped === null && p > step) stopped = step;
    levels[index] = stopped ?? step;
  }
  return levels;
}
