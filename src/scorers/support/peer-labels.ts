import type { RuleVerdict } from '../../core/ports/rule-set.ts';
import type { ChoiceInput, ChoiceTarget } from './choice-sample.ts';

const letterAt = (index: number): string => String.fromCharCode(65 + index);

/** Letters that other tools give the options by position, whatever the data calls them. */
export const positionLetters = (input: ChoiceInput): readonly string[] =>
  input.options.map((_, index) => letterAt(index));

/** The letter of the right option by position. */
export const goldLetter = (input: ChoiceInput, target: ChoiceTarget): string =>
  letterAt(input.options.findIndex(({ label }) => label === target.label));

/** The verdict on a letter that was taken out. */
export const letterVerdict = (extracted: string | null, gold: string, how: string): RuleVerdict => ({
  correct: extracted === gold,
  extracted,
  why:
    extracted === null ? `It looks for ${how} and finds none.` : `It takes ${how}, "${extracted}"; right is "${gold}".`,
});

/** A text without paired thinking tags; a closing tag alone is not understood and leaves everything in. */
export const withoutPairedThinking = (text: string): string =>
  text.replaceAll(/<think[^>]*>[\s\S]*?<\/think>/g, '').trim();
