import type { TaskRule } from '../../core/ports/rule-set.ts';
import type { NumericTarget } from '../numeric-answer.ts';

/** What its exact_match ignores on both sides, in its order: commas, dollar signs, all up to `#### `, a full stop at the end. */
const ignored = (text: string): string =>
  text
    .replaceAll(',', '')
    .replaceAll('$', '')
    .replace(/^[\s\S]*#### /, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** A number rule of lm-evaluation-harness: its filter on the text as it came, thinking and all, then its exact_match. */
export const lmEvalNumberRule = (
  looksFor: string,
  find: (text: string) => string | null,
): TaskRule<unknown, NumericTarget> => ({
  apply({ sample, response }) {
    const found = find(response.text ?? '')?.trim() ?? null;
    if (found === null) return { correct: false, extracted: null, why: `It looks for ${looksFor} and finds none.` };
    return {
      correct: ignored(found) === ignored(sample.target.value),
      extracted: found,
      why: `It takes ${looksFor}, "${found}", and compares it letter by letter without commas and dollar signs.`,
    };
  },
});
