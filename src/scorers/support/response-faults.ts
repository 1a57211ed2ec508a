import type { FailureCode } from '../../core/failure-code.ts';
import type { SampleResponse } from '../../core/response.ts';
import { leaksTemplate, leaksThinking } from '../../text/leaks.ts';
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

/** True when the token limit ended a turn: the server says so, or it says something else of as many tokens as were allowed. */
export const isCut = (response: SampleResponse, maxTokens: number | null = null): boolean =>
  response.finishReason === 'length' ||
  (maxTokens !== null && response.finishReason !== 'tool_calls' && (response.usage.completionTokens ?? 0) >= maxTokens);

/** Where a cut turn stopped: in its thinking, in a fence that never closed, or somewhere else. */
function cutFault(response: SampleResponse): Fault {
  const { thinking, answer } = response;
  if (thinking === 'unclosed' || thinking === 'field_only')
    return {
      code: 'gen.truncated.in_think',
      explanation: `Generation stopped ${budget(response)}, inside the thinking.`,
    };
  const fences = answer.match(/^[ \t]*```/gm)?.length ?? 0;
  return fences % 2 === 1
    ? { code: 'gen.truncated.in_code', explanation: `Generation stopped ${budget(response)}, inside a code block.` }
    : { code: 'gen.truncated', explanation: `Generation stopped ${budget(response)}.` };
}

/** True of a response without an answer and without a call: that fault is told by `responseFaults`. */
export const saysNothing = ({ answer, toolCalls }: SampleResponse): boolean =>
  answer.trim() === '' && toolCalls.length === 0;

function emptyFault(response: SampleResponse): Fault {
  const hasThought = response.reasoning !== null && response.reasoning.trim() !== '';
  return hasThought
    ? { code: 'gen.empty_after_think', explanation: 'There is thinking, but no answer after it.' }
    : { code: 'gen.empty', explanation: 'The response is empty.' };
}

const knownFaults = new WeakMap<SampleResponse, readonly Fault[]>();

/** What is wrong with the text of a response however it ended: found once, as scorers and the runner both ask. */
function textFaults(response: SampleResponse): readonly Fault[] {
  const known = knownFaults.get(response);
  if (known !== undefined) return known;
  const faults: Fault[] = [];
  const isEmpty = saysNothing(response);
  const shown = isEmpty ? (response.reasoning ?? response.text ?? '') : response.answer;
  if (endsInRepetition(shown)) {
    faults.push({
      code: 'gen.repetition',
      explanation: 'The response ends in the same stretch repeated over and over.',
    });
  }
  if (response.finishReason === 'content_filter') {
    faults.push({ code: 'gen.filtered', explanation: 'The server stopped the response with its content filter.' });
  }
  if (isEmpty) faults.push(emptyFault(response));
  if (leaksTemplate(response.answer)) {
    faults.push({
      code: 'format_mismatch.template',
      explanation: 'Marks of a chat template stand in the answer.',
    });
  }
  if (leaksThinking(response.answer)) {
    faults.push({
      code: 'format_mismatch.think_leak',
      explanation: 'Thinking that no tag tells from the answer stands in it.',
    });
  }
  knownFaults.set(response, faults);
  return faults;
}

/**
 * What is wrong with a response whatever the task: cut off, looping, filtered, empty, or with marks of the template or of thinking in it; in
 * the order of the taxonomy. `maxTokens` finds a limit that the server did not own up to.
 */
export function responseFaults(response: SampleResponse, maxTokens: number | null = null): readonly Fault[] {
  const faults = textFaults(response);
  return isCut(response, maxTokens) ? [cutFault(response), ...faults] : faults;
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
