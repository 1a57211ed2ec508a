import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../test/support/task-settings.ts';
import type { RuleSet } from '../../core/ports/rule-set.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import numericAnswer from '../numeric-answer.ts';
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
