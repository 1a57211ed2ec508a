import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { NumericTarget } from '../numeric-answer.ts';
import type { ChoiceInput, ChoiceTarget } from '../support/choice-sample.ts';
import { goldLetter, letterVerdict, positionLetters, withoutPairedThinking } from '../support/peer-labels.ts';

/** Number signs it deletes everywhere, then full stops that no digit follows. */
const withoutSigns = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/\\([$,£€*_])/g, '$1')
    .replaceAll(/[$,£€*_]/g, '')
    .replaceAll(/\.(?!\d)/g, '');

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/;

/** Five significant digits in Python's `g` format: what it compares, so that numbers of six digits and more run together. */
function fiveDigits(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', power = '0'] = value.toExponential(4).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 5) return `${mantissa.replace(/\.?0+$/, '')}e${exponent}`;
  return String(Number(value.toPrecision(5)));
}

/** `match` at the end with `numeric`: the last word that is a number, to five significant digits. */
const lastNumberWord: TaskRule<unknown, NumericTarget> = {
  apply({ sample, response }) {
    const words = withoutSigns(withoutPairedThinking(response.text ?? '')).split(/\s+/);
    const word = words.findLast((candidate) => numberPattern.test(candidate));
    if (word === undefined)
      return { correct: false, extracted: null, why: 'No word of the response is a number to it.' };
    const [said, gold] = [fiveDigits(Number(word)), fiveDigits(Number(sample.target.value))];
    const why = `Its last word that is a number is "${word}"; to five significant digits that is ${said}, the gold number ${gold}.`;
    return { correct: said === gold, extracted: word, why };
  },
};

const markedLine = /^ANSWER\s*:\s*([A-Za-z\d ,]+)[^\S\n]*(?:$|\.)/gim;
const markedAnywhere = /ANSWER\s*:\s*([A-Za-z\d ,]+)(?:[^\w]|\n|$|\.)/gi;

/** `choice`: the last "ANSWER: X" on a line of its own, else anywhere; X must be one letter of the options. */
const markedLetter: TaskRule<ChoiceInput, ChoiceTarget> = {
  apply({ sample, response }) {
    const text = withoutPairedThinking(response.text ?? '');
    const found = [...text.matchAll(markedLine)].at(-1) ?? [...text.matchAll(markedAnywhere)].at(-1);
    const said = found?.[1]?.trim().replace(/\.+$/, '').toUpperCase() ?? '';
    const extracted = positionLetters(sample.input).includes(said) ? said : null;
    return letterVerdict(extracted, goldLetter(sample.input, sample.target), 'one letter behind "ANSWER:"');
  },
};

/** Numbers by `match(numeric=True)`, letters by `choice()`. */
export default defineRuleSet({
  id: 'inspect',
  title: 'Inspect (inspect-evals)',
  source: 'inspect-ai 0.3.285, inspect-evals 0.26.0',
  tasks: { gsm8k: lastNumberWord, arc_challenge: markedLetter, hellaswag: markedLetter },
});
