import {
  askChat,
  askContinuations,
  emptyTimings,
  type Conversation,
  type SampleContext,
  type SampleWork,
} from './ask-model.ts';
import type { QwenEvalError } from '../core/errors.ts';
import type { FailureCode } from '../core/failure-code.ts';
import { unknownUsage } from '../core/generation.ts';
import type { RenderedPrompt } from '../core/ports/task.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { failureOfRequest } from './request-model.ts';
import { scoreFields, scoreRecord } from './score-record.ts';
import { wordedPrompt } from './workflow.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';

/** A finished sample, one that failed for a cause that may pass, or one that was cancelled. */
export type SampleResult =
  | { readonly kind: 'finished'; readonly record: SampleRecord }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly reason: string;
      readonly attempts: number;
      readonly error: QwenEvalError | null;
      readonly wastedTokens: number;
      /** The answer, where only its scoring failed. */
      readonly answer: SampleRecord | null;
    }
  | { readonly kind: 'cancelled' };

/** Renders, asks, extracts and scores one sample. Failures are values; only bugs throw. */
export async function runSample(work: SampleWork, context: SampleContext): Promise<SampleResult> {
  const rendered = wordedPrompt(work.task.render(work.sample, work.plan.settings), work.plan);
  const asked =
    rendered.kind === 'continuations'
      ? await askContinuations(rendered, context)
      : await askChat(work, { rendered, context });
  if (asked.kind === 'cancelled') return asked;
  if (asked.kind === 'failed') return failedSample(work, { asked, rendered, context });
  await context.scoringTurn();
  const scoring = scoreResponse({
    ...work,
    settings: work.plan.settings,
    response: asked.response,
    services: context.services,
  });
  const explained = scoring instanceof Promise ? await scoring : scoring;
  const record = recordOf(work, asked, explained);
  const isRepeatable = explained.outcome.kind === 'unscored' && explained.outcome.repeatable;
  return isRepeatable ? unscoredAnswer(record) : { kind: 'finished', record };
}

/** Scores an answer that an earlier session made and could not score. */
export async function scoreKeptAnswer(
  work: SampleWork,
  answer: SampleRecord,
  { services }: Pick<SampleContext, 'services'>,
): Promise<SampleResult> {
  const { task, sample, plan } = work;
  const { record, isRepeatable } = await scoreRecord(answer, { task, sample, settings: plan.settings, services });
  return isRepeatable ? unscoredAnswer(record) : { kind: 'finished', record };
}

/** An answer whose scoring failed for a cause that may pass: the answer is kept. */
const unscoredAnswer = (answer: SampleRecord): SampleResult => ({
  kind: 'failed',
  code: (answer.code ?? 'scorer.fault') as FailureCode,
  reason: answer.unscored ?? '',
  attempts: answer.attempts,
  error: null,
  wastedTokens: 0,
  answer,
});

function failedSample(
  work: SampleWork,
  failure: {
    readonly asked: { readonly error: QwenEvalError; readonly attempts: number };
    readonly rendered: RenderedPrompt;
    readonly context: SampleContext;
  },
): SampleResult {
  const { asked, rendered, context } = failure;
  const { code, repeatable } = failureOfRequest(asked.error);
  const reason = asked.error.message;
  if (repeatable)
    return {
      kind: 'failed',
      code,
      reason,
      attempts: asked.attempts,
      error: asked.error,
      wastedTokens: 0,
      answer: null,
    };
  const conversation: Conversation = {
    kind: 'answered',
    request:
      rendered.kind === 'chat'
        ? { kind: 'chat', messages: rendered.messages }
        : { kind: 'continuations', context: rendered.context, continuations: rendered.continuations },
    response: textResponse(null, { finishReason: 'error' }),
    reasoning: null,
    turns: [],
    timings: emptyTimings(context.clock.now()),
    usage: unknownUsage,
    attempts: asked.attempts,
    seed: null,
  };
  const explained: ExplainedOutcome = {
    outcome: { kind: 'unscored', code, reason, repeatable: false },
    code,
    codes: [],
  };
  return { kind: 'finished', record: recordOf(work, conversation, explained) };
}

function recordOf(work: SampleWork, conversation: Conversation, explained: ExplainedOutcome): SampleRecord {
  const { sample, plan, epoch } = work;
  const { response, turns } = conversation;
  return {
    task: plan.task,
    sampleId: sample.id,
    epoch,
    category: sample.category,
    cluster: sample.cluster,
    request: conversation.request,
    response: response.text,
    reasoning: conversation.reasoning,
    thinking: response.thinking,
    toolCalls: response.toolCalls,
    finishReason: response.finishReason,
    usage: conversation.usage,
    timings: conversation.timings,
    turns: turns.length > 0 ? turns : null,
    transcript: response.transcript,
    continuations: response.continuations,
    ...scoreFields(explained),
    attempts: conversation.attempts,
    seed: conversation.seed,
  };
}
