import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../test/support/task-settings.ts';
import type { RuleSet } from '../../core/ports/rule-set.ts';
import type { Sample } from '../../core/sample.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import numericAnswer from '../numeric-answer.ts';
import type { ChoiceInput, ChoiceTarget } from '../support/choice-sample.ts';
import { grouped } from '../support/number-forms.ts';
import evalscope from './evalscope.ts';
import inspect from './inspect.ts';
import flexible from './lm-eval-flexible-extract.ts';
import strict from './lm-eval-strict-match.ts';

const services = { sandbox: null, judge: null };

/** Forty gold numbers from one to five digits, as GSM8K has them. */
const forty = Array.from({ length: 40 }, (_, index) => String(3 + index * 97 + (index % 4 === 0 ? 10_000 : 0)));
/** Eighteen of six digits and more. */
const large = Array.from({ length: 18 }, (_, index) => String(100_000 + index * 41_350));

const sampleOf = (value: string) => ({
  id: 'x',
  category: null,
  cluster: null,
  input: { question: 'How much?' },
  target: { value },
});

async function accepted(rules: RuleSet, golds: readonly string[], say: (gold: string) => string): Promise<number> {
  let count = 0;
  for (const gold of golds) {
    const rule = rules.tasks['gsm8k'];
    const input = { sample: sampleOf(gold), response: textResponse(say(gold)), settings: defaultSettings };
    const verdict = await rule?.apply(input, services);
    if (verdict?.correct === true) count++;
  }
  return count;
}

const certified: RuleSet = {
  id: 'certified',
  title: 'certified',
  source: 'this project',
  tasks: {
    gsm8k: {
      apply: async (input: Parameters<typeof numericAnswer.score>[0]) => {
        const outcome = await numericAnswer.score(input, services);
        return { correct: outcome.kind === 'scored' && outcome.score === 1, extracted: null, why: '' };
      },
    },
  },
};

const more = (gold: string): string => String(Number(gold) + 1);

/** What the tools were measured to accept (docs of the scorers): right answers above, wrong ones below. */
const rows: readonly (readonly [name: string, golds: readonly string[], say: (gold: string) => string])[] = [
  ['boxed in mathematics', forty, (gold) => `So\n$$\n\\boxed{${gold}}\n$$`],
  ['currency with cents', forty, (gold) => `She pays $${grouped(gold)}.00`],
  ['trailing zero', forty, (gold) => `It comes to ${gold}.0`],
  ['bold after "the answer is"', forty, (gold) => `The answer is **${gold}**.`],
  ['hashes', forty, (gold) => `Half of it.\n#### ${grouped(gold)}`],
  ['WRONG digit more', forty, (gold) => `So she has ${gold}5`],
  ['WRONG half more', forty.map((gold) => gold.slice(-4).replace(/^0+/, '') || '7'), (gold) => `So she has ${gold}.5`],
  ['WRONG, gold in a closing note', forty, (gold) => `So she has ${more(gold)}.\n\nNote: others say ${gold}`],
  ['WRONG off by one, six digits', large, (gold) => `So she has ${more(gold)}`],
];

describe('rules of other tools on GSM8K', () => {
  it('accept and refuse what the tools were measured to accept and refuse', async () => {
    const table: Record<string, Record<string, number>> = {};
    for (const [name, golds, say] of rows) {
      table[name] = {};
      for (const rules of [strict, flexible, inspect, evalscope, certified]) {
        table[name][rules.id] = await accepted(rules, golds, say);
      }
    }
    expect(table).toMatchInlineSnapshot(`
      {
        "WRONG digit more": {
          "certified": 0,
          "evalscope": 0,
          "inspect": 0,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
        "WRONG half more": {
          "certified": 0,
          "evalscope": 0,
          "inspect": 0,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
        "WRONG off by one, six digits": {
          "certified": 0,
          "evalscope": 0,
          "inspect": 18,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
        "WRONG, gold in a closing note": {
          "certified": 0,
          "evalscope": 40,
          "inspect": 40,
          "lm-eval:flexible-extract": 40,
          "lm-eval:strict-match": 0,
        },
        "bold after "the answer is"": {
          "certified": 40,
          "evalscope": 0,
          "inspect": 40,
          "lm-eval:flexible-extract": 40,
          "lm-eval:strict-match": 0,
        },
        "boxed in mathematics": {
          "certified": 40,
          "evalscope": 40,
          "inspect": 0,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
        "currency with cents": {
          "certified": 40,
          "evalscope": 40,
          "inspect": 40,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
        "hashes": {
          "certified": 40,
          "evalscope": 40,
          "inspect": 40,
          "lm-eval:flexible-extract": 40,
          "lm-eval:strict-match": 40,
        },
        "trailing zero": {
          "certified": 40,
          "evalscope": 40,
          "inspect": 40,
          "lm-eval:flexible-extract": 0,
          "lm-eval:strict-match": 0,
        },
      }
    `);
  });
});

describe('numbers that other tools take', () => {
  const taken = async (rules: RuleSet, gold: string, text: string | null) =>
    rules.tasks['gsm8k']?.apply(
      { sample: sampleOf(gold), response: textResponse(text), settings: defaultSettings },
      services,
    );

  it.each<[rules: RuleSet, gold: string, text: string | null, extracted: string | null, isRight: boolean]>([
    [strict, '7', '#### 7.', '7.', true],
    [strict, '7', 'It is 7', null, false],
    [strict, '7', null, null, false],
    [flexible, '7', 'first 3, then 7', '7', true],
    [flexible, '7', '7 ... ', '...', false],
    [flexible, '7', 'none', null, false],
    [flexible, '7', null, null, false],
    [inspect, '0', 'It is 0', '0', true],
    [inspect, '0', 'It is 0.0', '0.0', true],
    [inspect, '0', 'It is 7', '7', false],
    [inspect, '0.00004', 'It is 4e-5', '4e-5', true],
    [inspect, '7', 'seven', null, false],
    [inspect, '7', null, null, false],
    [evalscope, '7', 'It is \\boxed{7} m', '7', true],
    [evalscope, '7', 'It is \\boxed{\\text{so} 7', '\\text{so}7', false],
    [evalscope, '7', '$\\boxed 7$ and 8$', '7', true],
    [evalscope, '7', 'It is boxed 7 of 9', '7of9', false],
    [evalscope, '1234', '\\boxed{1,234}', '1234', true],
    [evalscope, '-1234.5', '\\boxed{-1,234.50}', '-1234.50', true],
    [evalscope, '1234', '\\boxed{12,34}', '12,34', false],
    [evalscope, '7', 'The answer is x=7', '7', true],
    [evalscope, '7', '答案是7', '7', true],
    [evalscope, '1234', 'It costs 1,234', '1234', true],
    [evalscope, '7', 'seven', null, false],
    [evalscope, '7', null, null, false],
  ])('$0.id, gold %s: %j', async (rules, gold, text, extracted, correct) => {
    expect(await taken(rules, gold, text)).toMatchObject({ correct, extracted });
  });

  it('say how they were come by', async () => {
    expect((await taken(inspect, '123456', '123461'))?.why).toBe(
      'Its last word that is a number is "123461"; to five significant digits that is 1.2346e5, the gold number 1.2346e5.',
    );
    expect((await taken(evalscope, '7', 'The answer is 7'))?.why).toBe(
      'It takes all that follows "he answer is", "7", as a number.',
    );
    expect((await taken(evalscope, '7', '3 and 7'))?.why).toBe('It takes the last number, "7", as a number.');
  });
});

describe('letters that other tools take', () => {
  const asked: Sample<ChoiceInput, ChoiceTarget> = {
    id: 'x',
    category: null,
    cluster: null,
    input: {
      question: 'Which?',
      options: ['1', '2', '3'].map((label) => ({ label, text: `option ${label}` })),
      measure: 'acc',
      continuation: 'label',
    },
    target: { label: '2' },
  };
  const taken = async (rules: RuleSet, text: string | null, sample = asked) =>
    rules.tasks['arc_challenge']?.apply({ sample, response: textResponse(text), settings: defaultSettings }, services);

  it.each<[rules: RuleSet, text: string | null, extracted: string | null]>([
    [inspect, 'So.\nANSWER: B', 'B'],
    [inspect, 'ANSWER: C\nANSWER: b.', 'B'],
    [inspect, 'I say ANSWER: B!', 'B'],
    [inspect, 'ANSWER: D', null],
    [inspect, 'ANSWER: A, B', null],
    [inspect, 'B', null],
    [inspect, null, null],
    [evalscope, 'ANSWER: **(B)**', 'B'],
    [evalscope, 'ANSWER: C or ANSWER: B', 'B'],
    [evalscope, 'ANSWER: B, not ANSWER: D', 'B'],
    [evalscope, 'ANSWER: Because of A', 'A'],
    [evalscope, 'So B', 'B'],
    [evalscope, 'B, for Example', null],
    [evalscope, 'none', null],
    [evalscope, null, null],
  ])('$0.id: %j', async (rules, text, extracted) => {
    expect(await taken(rules, text)).toMatchObject({ extracted, correct: extracted === 'B' });
  });

  it('say how they were come by', async () => {
    expect((await taken(inspect, 'B'))?.why).toBe('It looks for one letter behind "ANSWER:" and finds none.');
    expect((await taken(evalscope, 'ANSWER: C'))?.why).toBe('It takes the letter behind "ANSWER:", "C"; right is "B".');
  });

  it('are never right where the right option is not among those shown', async () => {
    const lost = { ...asked, target: { label: '4' } };
    for (const rules of [inspect, evalscope]) {
      for (const letter of ['A', 'B', 'C', 'D', '', '@']) {
        expect((await taken(rules, `ANSWER: ${letter}`, lost))?.correct).toBe(false);
      }
    }
  });
});
