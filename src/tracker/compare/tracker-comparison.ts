import type { Estimate } from '../../core/estimate.ts';

/** Model × preset × mode: one side of a comparison. */
export interface Place {
  readonly model: string;
  readonly preset: string;
  readonly mode: string;
}

/** One task of a comparison, paired by sample. Differences are a − b. */
export interface ComparedTask {
  readonly task: string;
  readonly choiceMode: string | null;
  readonly metric: string;
  readonly runs: { readonly a: string; readonly b: string };
  /** Samples scored in both runs. */
  readonly pairs: number;
  readonly a: Estimate;
  readonly b: Estimate;
  readonly difference: Estimate;
  /** a − b at 90 %, which decides `tied`. */
  readonly equivalence: Estimate;
  readonly verdict: 'a' | 'b' | 'tied' | 'undecided' | 'not comparable';
  /** Why they are not comparable; null when they are. */
  readonly barrier: string | null;
  readonly minimumDetectableEffect: number | null;
  /** Pairs with which the verdict would be expected; null where it is decided or nothing is known. */
  readonly pairsToDecide: number | null;
}

/** Two places that differ in their preset, their model or their mode, over the tasks both have. */
export interface TrackerComparison {
  readonly kind: 'preset' | 'model' | 'mode';
  readonly a: Place;
  readonly b: Place;
  readonly tasks: readonly ComparedTask[];
}
