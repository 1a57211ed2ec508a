/** A number that can be believed: its value, an interval at `level`, how the interval was made, and how many independent samples it rests on. */
export interface Estimated {
  /** Point estimate, in the unit of its metric (scores are in [0,1]). */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Confidence level in (0,1), 0.95 unless stated. */
  readonly level: number;
  /** How the interval was computed, e.g. `wilson`, `clustered-t`, `bootstrap-bca`. */
  readonly method: string;
  /** Independent units: clusters where samples share a source, else samples. */
  readonly n: number;
}

/** A number that is not known, with the reason in a sentence a user can act on. Never shown as 0. */
export interface Unavailable {
  readonly unavailable: string;
}

/** Every number shown to a user is one of these. */
export type Estimate = Estimated | Unavailable;

/** Builds an unavailable estimate from a reason. */
export const unavailable = (reason: string): Unavailable => ({ unavailable: reason });

/** True when the estimate carries a value. */
export const isEstimated = (estimate: Estimate): estimate is Estimated => 'value' in estimate;
