import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { NumericTarget } from '../numeric-answer.ts';
import type { ChoiceInput, ChoiceTarget } from '../support/choice-sample.ts';
import type { CodeInput, CodeTarget } from '../support/code/code-sample.ts';
import { testProgram } from '../support/code/judge-code.ts';
import { firstBlock, judgePeerProgram } from '../support/code/peer-program.ts';
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

const codeTimeLimitMs = 30_000;

/** The text as its provider gives it: white space at the front is part of a body. */
const withoutThinking = (text: string): string => (text.includes('<think') ? withoutPairedThinking(text) : text);

/** A function's body as it finds it: what follows the first colon with an indented line behind it; without one a character is lost. */
const bodyOf = (code: string): string => code.slice(code.indexOf(':\n    ') + 2);

/** The body in the first block of Python, else of no tag, or the whole response where there is neither, behind the prompt; the exit status decides. */
const bodyBehindPrompt: TaskRule<CodeInput, CodeTarget> = {
  async apply({ sample, response }, services) {
    if (services.sandbox === null) throw new Error('code needs a sandbox');
    const text = withoutThinking(response.text ?? '');
    const block = firstBlock(text, 'python') ?? firstBlock(text, '');
    const candidate = `${sample.input.stub ?? ''}${block === null ? text : bodyOf(block)}\n`;
    const program = await testProgram(sample, candidate, services.sandbox);
    const how =
      'It puts what follows the first ":" with a line of four spaces behind it, in the first block, behind the prompt.';
    return judgePeerProgram(services, { ...program, timeLimitMs: codeTimeLimitMs, trustsExit: true, how });
  },
};

/** The first block tagged python, else all, with the asserts behind it and no imports; the exit status decides. */
const firstPythonBlock: TaskRule<CodeInput, CodeTarget> = {
  async apply({ sample, response }, services) {
    const text = withoutThinking(response.text ?? '');
    const { entryPoint } = sample.input;
    return judgePeerProgram(services, {
      id: sample.id,
      candidate: `${firstBlock(text, 'python') ?? text}\n`,
      tests: sample.target.tests,
      entryPoint,
      timeLimitMs: codeTimeLimitMs,
      trustsExit: true,
      how: 'It runs the first block tagged python, or the whole response, with the tests behind it.',
    });
  },
};

/** Numbers by `match(numeric=True)`, letters by `choice()`, code by the exit status. */
export default defineRuleSet({
  id: 'inspect',
  title: 'Inspect (inspect-evals)',
  source: 'inspect-ai 0.3.285, inspect-evals 0.26.0',
  sandboxMode: 'compat',
  tasks: {
    gsm8k: lastNumberWord,
    arc_challenge: markedLetter,
    hellaswag: markedLetter,
    humaneval: bodyBehindPrompt,
    mbpp_sanitized: firstPythonBlock,
  },
});
