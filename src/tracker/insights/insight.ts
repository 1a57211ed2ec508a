import type { Estimated } from '../../core/estimate.ts';

/** What the runs show, in a sentence with its estimate. */
export interface Insight {
  readonly kind: 'alarm' | 'better' | 'tied' | 'truncation' | 'best';
  readonly text: string;
  /** Null where the sentence holds several, or there is no score. */
  readonly estimate: Estimated | null;
  /** Runs it rests on. */
  readonly runIds: readonly string[];
}
