import type { ChoiceOption } from '../../text/choice-question.ts';

/** What the choice scorer reads of a sample's input. */
export interface ChoiceInput {
  readonly question: string;
  readonly options: readonly ChoiceOption[];
  /** What decides by log-likelihood: the sum, or the sum over the option's length in Unicode code points. */
  readonly measure: 'acc' | 'acc_norm';
  /**
   * What is scored by log-likelihood: each option's text; its label; or the rest of a sentence after it (partial evaluation), for which the
   * continuations are every option with that rest, followed by every option alone.
   */
  readonly continuation: 'text' | 'label' | 'rest';
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
