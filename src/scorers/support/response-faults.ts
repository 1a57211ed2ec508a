import type { FailureCode } from '../../core/failure-code.ts';
import type { SampleResponse } from '../../core/response.ts';
import { isRefusal } from '../../text/refusal.ts';
import { endsInRepetition } from '../../text/repetition.ts';

/** A cause for a miss with the sentence that explains it. */
export interface Fault {
  readonly code: FailureCode;
  readonly explanation: string;
}

const budget = (response: SampleResponse): string => {
  const { completionTokens } = response.usage;
  return completionTokens === null ? 'at the token limit' : `at the token limit, after ${completionTokens} tokens`;
};

/** What is wrong with a response whatever the task: cut off, looping, filtered or empty; in the order of the taxonomy. */
export function responseFaults(response: SampleResponse): readonly Fault[] {
  const faults: Fault[] = [];
  const isEmpty = response.answer.trim() === '';
  if (response.finishReason === 'length') {
    faults.push(
      response.thinking === 'unclosed'
        ? {
            code: 'gen.truncated.in_think',
            explanation: `Generation stopped ${budget(response)}, inside the thinking.`,
          }
        : { code: 'gen.truncated', explanation: `Generation stopped ${budget(response)}.` },
    );
  }
  const shown = isEmpty ? (response.reasoning ?? '') : response.answer;
  if (endsInRepetition(shown)) {
    faults.push({
      code: 'gen.repetition',
      explanation: 'The response ends in the same stretch repeated over and over.',
    });
  }
  if (response.finishReason === 'content_filter') {
    faults.push({ code: 'gen.filtered', explanation: 'The server stopped the response with its content filter.' });
  }
  if (isEmpty) {
    const hasThought = response.reasoning !== null && response.reasoning.trim() !== '';
    faults.push(
      hasThought
        ? { code: 'gen.empty_after_think', explanation: 'There is thinking, but no answer after it.' }
        : { code: 'gen.empty', explanation: 'The response is empty.' },
    );
  }
  return faults;
}

/** Why nothing could be taken out of a response that has text: it refuses, names several answers, or names none. */
export function extractionFault(response: SampleResponse, isAmbiguous: boolean, wanted: string): Fault {
  if (isAmbiguous) {
    return {
      code: 'extract.ambiguous',
      explanation: `The response names several different answers at once, not one ${wanted}.`,
    };
  }
  if (isRefusal(response.answer)) return { code: 'gen.refused', explanation: 'The response refuses to answer.' };
  return { code: 'extract.no_answer', explanation: `No ${wanted} was found in the response.` };
}
