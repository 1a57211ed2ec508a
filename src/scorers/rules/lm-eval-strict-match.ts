import { defineRuleSet } from '../../core/ports/rule-set.ts';
import { lmEvalNumberRule } from '../support/lm-eval-number.ts';

const pattern = /#### (-?[0-9.,]+)/;

/** The first number behind `####`. */
export default defineRuleSet({
  id: 'lm-eval:strict-match',
  title: 'lm-evaluation-harness, strict-match',
  source: 'lm-evaluation-harness 0.4.13, gsm8k v3',
  tasks: {
    gsm8k: lmEvalNumberRule('the first number behind "#### "', (text) => pattern.exec(text)?.[1] ?? null),
  },
});
