import { binomialCdf, binomialPmf } from './binomial.ts';

/** Two-sided p-values of McNemar's test. */
export interface McNemarResult {
  /** Exact conditional p-value: twice the smaller binomial tail at ½, at most 1. */
  readonly exact: number;
  /** The exact value less half the probability of the observed split twice over (Lancaster 1961): less conservative. */
  readonly midP: number;
}

/** McNemar's test (1947) on the pairs that differ: `gained` where only the first is right, `lost` where only the second is. */
export function mcnemarTest(gained: number, lost: number): McNemarResult {
  if (!(Number.isInteger(gained) && Number.isInteger(lost) && gained >= 0 && lost >= 0))
    throw new RangeError(`mcnemarTest needs whole counts, got ${gained} and ${lost}`);
  const n = gained + lost;
  const fewer = Math.min(gained, lost);
  const tail = binomialCdf(fewer, n, 0.5);
  // An even split has both tails in one point.
  if (gained === lost) return { exact: 1, midP: 1 };
  return { exact: Math.min(1, 2 * tail), midP: 2 * tail - binomialPmf(fewer, n, 0.5) };
}
