import { defineRuleSet } from '../../core/ports/rule-set.ts';
import { lmEvalNumberRule } from '../support/lm-eval-number.ts';

const pattern = /(-?[$0-9.,]{2,})|(-?[0-9]+)/g;

/** The last stretch that looks like a number, also one of signs and full stops alone. */
export default defineRuleSet({
  id: 'lm-eval:flexible-extract',
  title: 'lm-evaluation-harness, flexible-extract',
  source: 'lm-evaluation-harness 0.4.13, gsm8k v3',
  tasks: {
    gsm8k: lmEvalNumberRule(
      'the last stretch of digits and number signs',
      (text) => text.match(pattern)?.at(-1) ?? null,
    ),
  },
});
