import type { Estimated } from '../../core/estimate.ts';

/** What the runs show, in a sentence with its estimate. */
export interface Insight {
  readonly kind: 'alarm' | 'better' | 'tied' | 'truncation' | 'best';
  readonly text: string;
  /** Null for what is counted, not estimated. */
  readonly estimate: Estimated | null;
  /** Runs it rests on. */
  readonly runIds: readonly string[];
}
