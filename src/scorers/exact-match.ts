import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer, type LabelledResponse } from '../core/ports/scorer.ts';
import { bracketSpelling, wordListSpelling } from '../text/answer-spelling.ts';
import { extractAnswerText } from '../text/answer-text.ts';
import { extractChoice } from '../text/choice-answer.ts';
import type { ChoiceOption } from '../text/choice-question.ts';
import { extractNumber, type AnswerContext, type AnswerExtraction } from '../text/number-answer.ts';
import { answerBody } from './support/answer-body.ts';
import type { ChoiceInput } from './support/choice-sample.ts';
import { goldChoiceResponses } from './support/gold-choice-responses.ts';
import { goldNumberResponses } from './support/gold-number-responses.ts';
import { goldTextResponses, wrongTextResponses } from './support/labelled-texts.ts';
import { extractionFault, responseFaults, saysNothing, type Fault } from './support/response-faults.ts';
import { missed, right } from './support/scored.ts';
import { wrongChoiceResponses } from './support/wrong-choice-responses.ts';
import { wrongNumberResponses } from './support/wrong-number-responses.ts';

/** What an answer must be: one of some options (a label, or a word such as "Yes"), a number, a list of words, or brackets. */
export type AnswerShape =
  | { readonly kind: 'option'; readonly options: readonly ChoiceOption[] }
  | { readonly kind: 'number' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'brackets' };

export interface ExactInput {
  readonly question: string;
  readonly shape: AnswerShape;
}

export interface ExactTarget {
  /** Label of an option, canonical number, words in lower case with single spaces, or brackets without spaces. */
  readonly value: string;
}

function extract(shape: AnswerShape, answer: string, context: AnswerContext): AnswerExtraction {
  switch (shape.kind) {
    case 'option':
      return extractChoice(answer, shape.options, context);
    case 'number':
      return extractNumber(answer, context);
    case 'words': {
      const wanted = new Set(shape.words);
      return extractAnswerText(answer, (stretch) => wordListSpelling(stretch, wanted), context);
    }
    case 'brackets':
      return extractAnswerText(answer, bracketSpelling, context);
  }
}

const nouns: Readonly<Record<AnswerShape['kind'], string>> = {
  option: 'option',
  number: 'number',
  words: 'list of words',
  brackets: 'sequence of brackets',
};

const choiceInput = (question: string, options: readonly ChoiceOption[]): ChoiceInput => ({
  question,
  options,
  measure: 'acc',
  continuation: 'text',
});

function goldOf({ question, shape }: ExactInput, value: string): readonly LabelledResponse[] {
  if (shape.kind === 'option') return goldChoiceResponses(choiceInput(question, shape.options), value);
  return shape.kind === 'number' ? goldNumberResponses(value) : goldTextResponses(shape.kind, value);
}

function wrongOf({ question, shape }: ExactInput, value: string): readonly LabelledResponse[] {
  if (shape.kind === 'option') return wrongChoiceResponses(choiceInput(question, shape.options), value);
  return shape.kind === 'number'
    ? wrongNumberResponses(value, question)
    : wrongTextResponses(shape.kind, value, question);
}

/** Compares the answer a response commits itself to with the gold one, letter by letter in the canonical spelling of its shape. */
export default defineScorer<ExactInput, ExactTarget>({
  id: 'exact-match',
  version: 1,
  score({ sample, response }) {
    const { shape, question } = sample.input;
    const context = { question, isTruncated: response.finishReason === 'length' };
    const { extraction, isAmbiguous } = extract(shape, answerBody(response.answer), context);
    const gold = sample.target.value;
    if (extraction.value === gold) return right(extraction);
    const faults: Fault[] = [...responseFaults(response)];
    if (extraction.value !== null) {
      const code: FailureCode = 'answer.wrong';
      const taken = extraction.value.slice(0, 200);
      faults.push({ code, explanation: `The answer taken (${extraction.method}) is ${taken}; right is ${gold}.` });
    } else if (!saysNothing(response)) faults.push(extractionFault(response, isAmbiguous, nouns[shape.kind]));
    return missed(extraction, faults);
  },
  gold: ({ input, target }) => goldOf(input, target.value),
  wrong: ({ input, target }) => wrongOf(input, target.value),
});
