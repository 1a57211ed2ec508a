import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer, type LabelledResponse } from '../core/ports/scorer.ts';
import type { Measures, Scored } from '../core/score.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { codeOfNoAnswer } from '../text/read-answer.ts';
import { isRefusal } from '../text/refusal.ts';
import { checkConstraint, satisfyingText, violatingText, type ConstraintUse } from './constraints/constraint-table.ts';
import { answerBody } from './support/answer-body.ts';
import { looseVariants } from './constraints/loose-variants.ts';
import { trivialAnswers } from './constraints/trivial-answers.ts';

/** A request with rules about the form of the answer. */
export interface InstructionInput {
  readonly prompt: string;
  readonly level: number;
  readonly constraints: readonly ConstraintUse[];
}

/** A text that keeps all the rules: the proof that it can be done. */
export interface InstructionTarget {
  readonly text: string;
}

/** Checks every rule of a prompt by program; the score is 1 when all hold on the answer as it stands. */
export default defineScorer<InstructionInput, InstructionTarget>({
  id: 'instruction-constraints',
  version: 2,
  score({ sample, response }): Scored {
    const { constraints, level } = sample.input;
    const answer = answerBody(response.answer);
    const variants = looseVariants(answer);
    const checks = constraints.map((use) => {
      const strict = checkConstraint(answer, use);
      return { use, strict, loose: strict.passed || variants.some((variant) => checkConstraint(variant, use).passed) };
    });
    const broken = checks.filter(({ strict }) => !strict.passed);
    const isRight = broken.length === 0;
    const generation: FailureCode[] =
      answer.trim() === '' ? [codeOfNoAnswer(response)] : isRefusal(answer) ? ['gen.refused'] : [];
    return {
      kind: 'scored',
      score: isRight ? 1 : 0,
      extraction: null,
      measures: {
        level,
        prompt_loose: checks.every(({ loose }) => loose) ? 1 : 0,
        instructions: checks.length,
        instructions_strict: checks.length - broken.length,
        instructions_loose: checks.filter(({ loose }) => loose).length,
        ...byType(checks),
      },
      codes: isRight ? [] : [...generation, ...broken.map(({ use }): FailureCode => `if.${use.id}`)],
      explanation: isRight
        ? null
        : broken.map(({ use, strict }) => `${use.id} ${JSON.stringify(use.parameters)}: ${strict.measured}`).join('; '),
    };
  },
  gold: ({ input, target }) => goldTexts(input.constraints, target.text),
  wrong: ({ input, target }) => wrongTexts(input, target.text),
});

const byType = (
  checks: readonly { readonly use: ConstraintUse; readonly strict: { readonly passed: boolean } }[],
): Measures => Object.fromEntries(checks.map(({ use, strict }) => [`if.${use.id}`, strict.passed ? 1 : 0]));

const labelled = (kind: string, text: string | null): LabelledResponse => ({ kind, response: textResponse(text) });

function goldTexts(uses: readonly ConstraintUse[], text: string): readonly LabelledResponse[] {
  const others = [1, 2, 3, 4, 5]
    .map((take) => satisfyingText(uses, take))
    .filter((other) => other !== null)
    .map((other, index) => labelled(`other-text-${index + 1}`, other));
  return [
    labelled('plain', text),
    ...others,
    labelled('think-pair', `<think>\nI will write it now.\n</think>\n\n${text}`),
    labelled('think-close-only', `A first try, no good.\n</think>\n${text}`),
    { kind: 'think-field', response: textResponse(text, { reasoning: 'Counting words: one, two.' }) },
    labelled('space-after', `${text}\n\n  \n`),
    labelled('space-before', `\n${text}`),
    labelled('carriage-returns', text.replaceAll('\n', '\r\n')),
  ];
}

function wrongTexts({ prompt, constraints }: InstructionInput, text: string): readonly LabelledResponse[] {
  return [
    ...constraints.map((use) => labelled(`break-${use.id}`, violatingText(text, use))),
    ...trivialAnswers(prompt).map(({ kind, text: trivial }) => labelled(kind, trivial)),
    labelled('null', null),
    labelled('only-thought', `<think>\n${text}\n</think>`),
    labelled('other-after-thought', `<think>\n${text}\n</think>\nOK`),
    { kind: 'unfinished-thought', response: textResponse(`<think>\n${text}`, { finishReason: 'length' }) },
    { kind: 'empty-after-thought', response: textResponse('', { reasoning: text }) },
  ];
}
