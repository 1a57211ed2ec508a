import { defineScorer } from '../core/ports/scorer.ts';
import type { TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Scored } from '../core/score.ts';
import { extractChoice } from '../text/choice-answer.ts';
import { answerBody } from './support/answer-body.ts';
import type { ChoiceInput, ChoiceTarget } from './support/choice-sample.ts';
import { goldChoiceResponses } from './support/gold-choice-responses.ts';
import { goldContinuations, wrongContinuations } from './support/labelled-continuations.ts';
import { extractionFault, responseFaults, saysNothing, type Fault } from './support/response-faults.ts';
import { scoreContinuations } from './support/score-continuations.ts';
import { missed, right } from './support/scored.ts';
import { wrongChoiceResponses } from './support/wrong-choice-responses.ts';

function scoreText(input: ChoiceInput, target: ChoiceTarget, response: SampleResponse): Scored {
  const { extraction, isAmbiguous } = extractChoice(answerBody(response.answer), input.options, {
    question: input.question,
    isTruncated: response.finishReason === 'length',
  });
  if (extraction.value === target.label) return right(extraction);
  const faults: Fault[] = [...responseFaults(response)];
  if (extraction.value !== null) {
    const explanation = `The answer taken (${extraction.method}) is ${extraction.value}; right is ${target.label}.`;
    faults.push({ code: 'answer.wrong', explanation });
  } else if (!saysNothing(response)) faults.push(extractionFault(response, isAmbiguous, 'option'));
  return missed(extraction, faults);
}

const isByText = (settings: TaskSettings): boolean =>
  settings.choiceMode === 'generative' || settings.choiceMode === null;

/**
 * Scores multiple choice: the option a written answer commits itself to, or the option of highest log-probability (`acc`, and `acc_norm`
 * over the option's length), as the choice mode says.
 */
export default defineScorer<ChoiceInput, ChoiceTarget>({
  id: 'choice',
  version: 1,
  score({ sample, response, settings }) {
    if (isByText(settings)) return scoreText(sample.input, sample.target, response);
    const isLetters = settings.choiceMode === 'first_token';
    return scoreContinuations(sample.input, sample.target, { continuations: response.continuations, isLetters });
  },
  gold: ({ input, target }, settings) =>
    isByText(settings)
      ? goldChoiceResponses(input, target.label)
      : goldContinuations(input, target.label, settings.choiceMode === 'first_token'),
  wrong: ({ input, target }, settings) =>
    isByText(settings)
      ? wrongChoiceResponses(input, target.label)
      : wrongContinuations(input, target.label, settings.choiceMode === 'first_token'),
});
