import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { looseVariants } from '../constraints/loose-variants.ts';
import { followsInstruction, instructionIds } from './check-instruction.ts';
import type { Instruction } from './instruction.ts';

interface Verdict extends Instruction {
  readonly text: string;
  readonly strict: boolean;
  readonly loose: boolean;
}

// Texts of our own (built answers, broken ones, both with odd pieces put in at random); verdicts of lm-eval 0.4.13's IFEval with NLTK 3.9.1.
const verdicts = readFileSync(new URL('../../../test/golden/ifeval-verdicts.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Verdict);

// What these say is the detector's, which is another one here.
const byLanguage = ['language:response_language', 'change_case:english_capital', 'change_case:english_lowercase'];

const types = instructionIds.filter((id) => !byLanguage.includes(id));

describe('verdicts of the benchmark’s own program', () => {
  it.each(types)('on %s are those of the upstream mode, strict and loose', (id) => {
    const own = verdicts.filter((verdict) => verdict.id === id);
    expect(new Set(own.map(({ strict }) => strict))).toEqual(new Set([true, false]));
    for (const verdict of own) {
      const strict = followsInstruction(verdict.text, verdict, 'upstream');
      const loose =
        strict || looseVariants(verdict.text).some((variant) => followsInstruction(variant, verdict, 'upstream'));
      expect({ strict, loose }, `${JSON.stringify(verdict.given)} on ${JSON.stringify(verdict.text)}`).toEqual({
        strict: verdict.strict,
        loose: verdict.loose,
      });
    }
  });

  it('are many', () => {
    expect(verdicts).toHaveLength(721);
  });
});
