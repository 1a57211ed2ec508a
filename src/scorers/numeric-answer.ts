import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import { extractNumber } from '../text/number-answer.ts';
import { answerBody } from './support/answer-body.ts';
import { goldNumberResponses } from './support/gold-number-responses.ts';
import { extractionFault, responseFaults, saysNothing, type Fault } from './support/response-faults.ts';
import { missed, right } from './support/scored.ts';
import { wrongNumberResponses } from './support/wrong-number-responses.ts';

/** What the scorer reads of a sample's input. */
export interface NumericInput {
  readonly question: string;
}

export interface NumericTarget {
  /** Canonical exact value (src/text/numeral.ts), e.g. `1234`, `-0.5`, `2/3`. */
  readonly value: string;
}

const significant = (value: string): string => value.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');

/** The kind of a wrong number, where it is a known near miss. */
function wrongCode(value: string, gold: string): FailureCode {
  if (value === `-${gold}` || gold === `-${value}`) return 'answer.wrong.negated';
  if (/^-?\d{1,15}$/.test(value) && /^-?\d{1,15}$/.test(gold) && Math.abs(Number(value) - Number(gold)) === 1) {
    return 'answer.wrong.off_by_one';
  }
  if (!value.includes('/') && significant(value) === significant(gold)) return 'answer.wrong.magnitude';
  return 'answer.wrong';
}

/** Compares the number a response commits itself to with the gold number, exactly: 18.00 is 18, 123457 is not 123456. */
export default defineScorer<NumericInput, NumericTarget>({
  id: 'numeric-answer',
  version: 1,
  score({ sample, response }) {
    const { extraction, isAmbiguous } = extractNumber(answerBody(response.answer), {
      question: sample.input.question,
      isTruncated: response.finishReason === 'length',
    });
    const gold = sample.target.value;
    if (extraction.value === gold) return right(extraction);
    const faults: Fault[] = [...responseFaults(response)];
    if (extraction.value !== null) {
      faults.push({
        code: wrongCode(extraction.value, gold),
        explanation: `The answer taken (${extraction.method}) is ${extraction.value.slice(0, 80)}; right is ${gold}.`,
      });
    } else if (!saysNothing(response)) faults.push(extractionFault(response, isAmbiguous, 'number'));
    return missed(extraction, faults);
  },
  gold: (sample) => goldNumberResponses(sample.target.value),
  wrong: (sample) => wrongNumberResponses(sample.target.value, sample.input.question),
});
