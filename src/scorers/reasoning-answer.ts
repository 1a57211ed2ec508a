import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import type { Scored } from '../core/score.ts';
import { answerPlaceholders, canonicalAnswer, type AnswerForm } from '../text/answer-form.ts';
import { readAnswer, type ReadAnswer } from '../text/read-answer.ts';
import { checkStatedSteps } from '../text/stated-steps.ts';
import { answerBody } from './support/answer-body.ts';
import { goldAnswers, wrongAnswers, type AnswerSheet } from './support/answer-renderings.ts';

/** What a reasoning sample asks. */
export interface ReasoningInput {
  readonly prompt: string;
  readonly level: number;
  /** `base`, `distractor` or `renamed`; the three of one item share a cluster. */
  readonly variant: string;
}

/** The computed answer of a reasoning sample. */
export interface ReasoningTarget {
  readonly form: AnswerForm;
  /** As a solver would write it. */
  readonly answer: string;
  /** Lines that derive it. */
  readonly steps: readonly string[];
  /** Wrong answers whose cause is known; `kind` becomes the detail of `answer.wrong`. */
  readonly nearMisses: readonly { readonly kind: string; readonly value: string }[];
}

/** Judges a final `ANSWER:` line against a computed answer; measures the truth of the stated steps apart from it. */
export default defineScorer<ReasoningInput, ReasoningTarget>({
  id: 'reasoning-answer',
  version: 2,
  score({ sample, response }): Scored {
    const { form, answer, nearMisses } = sample.target;
    const read = readAnswer({ ...response, answer: answerBody(response.answer) }, (value) =>
      canonicalAnswer(value, form),
    );
    const isRight = read.value === canonicalAnswer(answer, form);
    const steps = checkStatedSteps(response.answer);
    const near = nearMisses.find(({ value }) => canonicalAnswer(value, form) === read.value);
    const code: FailureCode = read.code ?? (near ? `answer.wrong.${near.kind}` : 'answer.wrong');
    return {
      kind: 'scored',
      score: isRight ? 1 : 0,
      extraction: read.extraction,
      measures: {
        level: sample.input.level,
        true_steps: steps.stated === 0 ? null : steps.right / steps.stated,
        answer_is_last_step:
          form !== 'integer' || steps.lastValue === null || read.value === null
            ? null
            : Number(String(steps.lastValue) === read.value),
        tokens: response.usage.completionTokens,
        abstention: form === 'verdicts' ? abstention(answer, read.value) : null,
      },
      codes: isRight ? [] : [code],
      explanation: isRight ? null : explain(read, sample.target),
    };
  },
  gold: (sample) => goldAnswers(sheetOf(sample.input, sample.target)),
  wrong: (sample) => wrongAnswers(sheetOf(sample.input, sample.target)),
});

const sheetOf = ({ prompt }: ReasoningInput, { form, answer, steps, nearMisses }: ReasoningTarget): AnswerSheet => ({
  prompt,
  value: answer,
  steps,
  wrong: nearMisses,
  placeholder: answerPlaceholders[form],
});

function explain({ value, code, extraction }: ReadAnswer, { answer, form }: ReasoningTarget): string {
  if (code === 'extract.ambiguous')
    return `${extraction.candidates} different answers were given, expected only ${answer}`;
  return value === null
    ? `no line ANSWER: ${answerPlaceholders[form]} was found, expected ${answer}`
    : `answered ${value}, expected ${answer}`;
}

/** Share of the statements that neither follow nor contradict of which just that was said; null when there is none. */
function abstention(expected: string, given: string | null): number | null {
  const wanted = expected.split(', ');
  const said = given?.split(', ') ?? [];
  const open = wanted
    .map((verdict, index) => ({ verdict, said: said[index] }))
    .filter(({ verdict }) => verdict === 'unknown');
  return open.length === 0 ? null : open.filter((each) => each.said === 'unknown').length / open.length;
}
