import type { ChoiceOption } from '../../text/choice-answer.ts';

/** What the choice scorer reads of a sample's input. */
export interface ChoiceInput {
  readonly question: string;
  readonly options: readonly ChoiceOption[];
  /** What decides by log-likelihood: the sum, or the sum over the option's length in Unicode code points. */
  readonly measure: 'acc' | 'acc_norm';
  /**
   * True when the continuations are every option with the same rest of a sentence, followed by every option alone: the score of an option
   * is then the log-probability of the rest after it (partial evaluation).
   */
  readonly isPartial?: boolean;
}

export interface ChoiceTarget {
  readonly label: string;
}

/** Length of a text in Unicode code points: what acc_norm divides by, without the space that joins it to the context. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
