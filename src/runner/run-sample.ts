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
    }
  | { readonly kind: 'cancelled' };

/** Renders, asks, extracts and scores one sample. Failures are values; only bugs throw. */
export async function runSample(work: SampleWork, context: SampleContext): Promise<SampleResult> {
  const rendered = work.task.render(work.sample, work.plan.settings);
  const asked =
    rendered.kind === 'continuations'
      ? await askContinuations(rendered, context)
      : await askChat(work, { rendered, context });
  if (asked.kind === 'cancelled') return asked;
  if (asked.kind === 'failed') return failedSample(work, { asked, rendered, context });
  const scoring = scoreResponse({
    ...work,
    settings: work.plan.settings,
    response: asked.response,
    services: context.services,
  });
  const explained = scoring instanceof Promise ? await scoring : scoring;
  const { outcome } = explained;
  if (outcome.kind === 'unscored' && outcome.repeatable) {
    const wastedTokens = asked.usage.completionTokens ?? 0;
    return {
      kind: 'failed',
      code: outcome.code,
      reason: outcome.reason,
      attempts: asked.attempts,
      error: null,
      wastedTokens,
    };
  }
  return { kind: 'finished', record: recordOf(work, asked, explained) };
}

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
    return { kind: 'failed', code, reason, attempts: asked.attempts, error: asked.error, wastedTokens: 0 };
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

/** The fields of a record that scoring decides: `rescore` replaces exactly these. */
export function scoreFields({
  outcome,
  code,
  codes,
}: ExplainedOutcome): Pick<
  SampleRecord,
  'extraction' | 'score' | 'measures' | 'unscored' | 'code' | 'codes' | 'explanation'
> {
  const scored = outcome.kind === 'scored';
  return {
    extraction: outcome.extraction ?? null,
    score: scored ? outcome.score : null,
    measures: scored ? outcome.measures : {},
    unscored: scored ? null : outcome.reason,
    code,
    codes,
    explanation: scored ? outcome.explanation : null,
  };
}
