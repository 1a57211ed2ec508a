/** What an optimisation may cost; null is no limit. */
export interface Budget {
  readonly seconds: number | null;
  readonly outputTokens: number | null;
}

/** What was spent; taken-over evaluations of an earlier sitting count too. */
export interface Spending {
  readonly evaluations: number;
  readonly samples: number;
  readonly seconds: number;
  readonly outputTokens: number;
}

export const nothingSpent: Spending = { evaluations: 0, samples: 0, seconds: 0, outputTokens: 0 };

/** Share of the budget that the search may take; the rest is for confirming. */
const searchShare = 0.6;

/** True when the search has taken its part of the budget. */
export const isSearchSpent = (budget: Budget, spent: Spending): boolean =>
  (budget.seconds !== null && spent.seconds >= budget.seconds * searchShare) ||
  (budget.outputTokens !== null && spent.outputTokens >= budget.outputTokens * searchShare);

/** How many of the wanted samples two ways of asking can be compared on with what is left, by what a sample has cost so far. */
export function affordableSamples(wanted: number, budget: Budget, spent: Spending): number {
  if (spent.samples === 0) return wanted;
  const fits = (limit: number | null, used: number): number =>
    limit === null || used === 0 ? wanted : Math.floor(Math.max(0, limit - used) / (used / spent.samples) / 2);
  return Math.min(wanted, fits(budget.seconds, spent.seconds), fits(budget.outputTokens, spent.outputTokens));
}
