import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { NumericTarget } from '../numeric-answer.ts';
import type { ChoiceInput, ChoiceTarget } from '../support/choice-sample.ts';
import { goldLetter, letterVerdict, positionLetters, withoutPairedThinking } from '../support/peer-labels.ts';

/** What stands behind the last `boxed`: to its closing brace, or to the end when it never closes. */
function lastBoxed(text: string): string {
  const rest = text.slice(text.lastIndexOf('boxed') + 'boxed'.length);
  if (!rest.startsWith('{')) return rest.replace(/\$[\s\S]*$/, '').trim();
  let depth = 0;
  for (let index = 0; index < rest.length; index++) {
    if (rest[index] === '{') depth++;
    else if (rest[index] === '}' && --depth === 0) return rest.slice(1, index);
  }
  return rest.slice(1);
}

const phrases = ['he answer is', 'final answer is', '答案是', 'ANSWER:'];

interface Taken {
  readonly text: string;
  readonly how: string;
}

/** A box, else what follows a phrase to the end of the text, else the last number with commas taken out. */
function take(text: string): Taken | null {
  if (text.includes('boxed')) return { text: lastBoxed(text), how: 'the last box' };
  for (const phrase of phrases) {
    const at = text.lastIndexOf(phrase);
    if (at >= 0) return { text: text.slice(at + phrase.length), how: `all that follows "${phrase}"` };
  }
  const number = text
    .replaceAll(',', '')
    .match(/-?\d*\.?\d+/g)
    ?.at(-1);
  return number === undefined ? null : { text: number, how: 'the last number' };
}

/** What it cleans away before it compares numbers: line ends, signs, mathematics marks, units in `\text{}`, spaces. */
const cleaned = (text: string): string =>
  text
    .replaceAll(/\n\s*/g, '')
    .trim()
    .replace(/^:/, '')
    .replace(/[./]+$/, '')
    .replaceAll('\\!', '')
    .replace(/\\text\{[^{}]*\}$/, '')
    .replaceAll(/\\?[$%]|\\[()]|["']/g, '')
    .replace(/^[xyz]=/, '')
    .replaceAll(' ', '')
    .replace(/\.0*$/, '')
    .replace(/^\./, '0.')
    .replace(/^[^=]{0,2}=(?=[^=]*$)/, '');

const thousands = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

const numberIn: TaskRule<unknown, NumericTarget> = {
  apply({ sample, response }) {
    const taken = take(withoutPairedThinking(response.text ?? ''));
    if (taken === null) return { correct: false, extracted: null, why: 'It finds no box, no phrase and no number.' };
    const said = cleaned(taken.text);
    const digits = thousands.test(said) ? said.replaceAll(',', '') : said;
    const correct = plainNumber.test(digits) && Number(digits) === Number(sample.target.value);
    return {
      correct,
      extracted: digits.slice(0, 200),
      why: `It takes ${taken.how}, "${digits.slice(0, 80)}", as a number.`,
    };
  },
};

const marker = /ANSWER\s*:\s*\**\s*[([（【]?\s*[A-Za-z\d](?![A-Za-z\d])/gi;

/** The letter behind the last "ANSWER:", else the last capital letter of the whole text. */
const letterIn: TaskRule<ChoiceInput, ChoiceTarget> = {
  apply({ sample, response }) {
    const text = withoutPairedThinking(response.text ?? '');
    const letters = positionLetters(sample.input);
    const gold = goldLetter(sample.input, sample.target);
    const marked = [...text.matchAll(marker)]
      .map(([whole]) => whole.slice(-1))
      .findLast((letter) => letters.includes(letter));
    if (marked !== undefined) return letterVerdict(marked, gold, 'the letter behind "ANSWER:"');
    const capital = text.match(/\p{Lu}/gu)?.at(-1) ?? '';
    return letterVerdict(letters.includes(capital) ? capital : null, gold, 'the last capital letter of the text');
  },
};

/** Numbers by its mathematics parser, letters by its multiple-choice parser. */
export default defineRuleSet({
  id: 'evalscope',
  title: 'EvalScope',
  source: 'evalscope 1.14.1',
  tasks: {
    gsm8k: numberIn,
    arc_challenge: letterIn,
    hellaswag: letterIn,
    winogrande: letterIn,
    mmlu: letterIn,
    truthfulqa_mc1: letterIn,
  },
});
