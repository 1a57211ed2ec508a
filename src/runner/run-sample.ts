import type { QwenEvalError } from '../core/errors.ts';
import type { FailureCode } from '../core/failure-code.ts';
import {
  unknownUsage,
  type Generation,
  type GenerationRequest,
  type Prompt,
  type Timings,
  type Usage,
} from '../core/generation.ts';
import type { Json } from '../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { RenderedPrompt, Task } from '../core/ports/task.ts';
import type { AssistantTurn, SampleResponse } from '../core/response.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import type { RecordedTurn, SampleRecord } from '../core/sample-record.ts';
import type { Sampling } from '../core/sampling.ts';
import { renderChatTemplate } from '../prompt/chat-template.ts';
import { assistantTurn, continuationResponse, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import { collectGeneration } from './collect-generation.ts';
import { failureOfRequest, requestModel, type RequestContext, type Requested } from './request-model.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';

/** What all samples of a run share. */
export interface SampleContext extends RequestContext {
  readonly engine: Engine;
  readonly description: EngineDescription;
  readonly model: string;
  /** Chat-template switches of the run's mode. */
  readonly templateArguments: Readonly<Record<string, Json>>;
  readonly extraBody: Readonly<Record<string, Json>>;
  readonly services: ScoringServices;
  /** True when the family wants earlier thinking in the history. */
  readonly keepsThinking: boolean;
}

/** One sample × epoch to do. */
export interface SampleWork {
  readonly task: Task;
  readonly plan: TaskPlan;
  readonly sample: Sample;
  readonly epoch: number;
}

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

/** What the model gave for one sample, before scoring. */
interface Conversation {
  readonly kind: 'answered';
  readonly request: SampleRecord['request'];
  readonly response: SampleResponse;
  /** The reasoning field of the last turn as sent. */
  readonly reasoning: string | null;
  readonly turns: readonly RecordedTurn[];
  readonly timings: Timings;
  readonly usage: Usage;
  readonly attempts: number;
  readonly seed: number | null;
}

type Asked = Conversation | Exclude<Requested<never>, { kind: 'answered' }>;

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

const emptyTimings = (startedAt: string): Timings => ({
  startedAt,
  latencyMs: 0,
  timeToFirstChunkMs: null,
  timeToFirstTokenMs: null,
  timeToFirstContentMs: null,
  meanGapMs: null,
  maxGapMs: null,
  chunks: 0,
});

async function askContinuations(
  rendered: RenderedPrompt & { kind: 'continuations' },
  context: SampleContext,
): Promise<Asked> {
  const startedAt = context.clock.now();
  const startMs = context.clock.nowMs();
  const asked = await requestModel(
    (signal) =>
      context.engine.scoreContinuations(
        {
          model: context.model,
          context: { kind: 'text', text: rendered.context },
          continuations: rendered.continuations,
        },
        signal,
      ),
    context,
  );
  if (asked.kind !== 'answered') return asked;
  return {
    kind: 'answered',
    request: { kind: 'continuations', context: rendered.context, continuations: rendered.continuations },
    response: continuationResponse(asked.value),
    reasoning: null,
    turns: [],
    timings: { ...emptyTimings(startedAt), latencyMs: Math.round((context.clock.nowMs() - startMs) * 1000) / 1000 },
    usage: unknownUsage,
    attempts: asked.attempts,
    seed: null,
  };
}

/** The state of a conversation while it grows. */
interface Talk {
  readonly messages: ChatMessage[];
  readonly turns: { readonly turn: AssistantTurn; readonly generation: Generation }[];
  tools: readonly ToolDefinition[] | undefined;
  prompt: string | null;
  attempts: number;
}

async function askChat(
  work: SampleWork,
  input: { readonly rendered: RenderedPrompt & { kind: 'chat' }; readonly context: SampleContext },
): Promise<Asked> {
  const { rendered, context } = input;
  const talk: Talk = { messages: [...rendered.messages], turns: [], tools: rendered.tools, prompt: null, attempts: 0 };
  const sampling = samplingOf(work, rendered.temperature);
  const dialogue = work.task.openDialogue?.(work.sample, work.plan.settings) ?? null;
  const budget = work.task.dialogueBudget;
  for (;;) {
    const asked = await askTurn(talk, { work, rendered, context, sampling });
    if (asked !== null) return asked;
    const last = talk.turns.at(-1);
    if (!dialogue || !last) break;
    const step = dialogue.next(last.turn);
    if (step.kind === 'end' || (budget && isSpent(budget, talk))) break;
    talk.messages.push(assistantMessage(last.turn, context.keepsThinking), ...step.messages);
    if (step.tools) talk.tools = step.tools;
  }
  return conversationOf(talk, { rendered, seed: sampling.seed, isDialogue: dialogue !== null });
}

function isSpent(budget: NonNullable<Task['dialogueBudget']>, talk: Talk): boolean {
  const tokens = talk.turns.reduce((sum, { generation }) => sum + (generation.usage.completionTokens ?? 0), 0);
  const wallMs = talk.turns.reduce((sum, { generation }) => sum + generation.timings.latencyMs, 0);
  return (
    talk.turns.length >= budget.turns ||
    (budget.tokens !== null && tokens >= budget.tokens) ||
    (budget.wallMs !== null && wallMs >= budget.wallMs)
  );
}

const assistantMessage = (turn: AssistantTurn, keepsThinking: boolean): ChatMessage => ({
  role: 'assistant',
  content: turn.answer,
  ...(keepsThinking && turn.reasoning !== null ? { reasoning: turn.reasoning } : {}),
  ...(turn.toolCalls.length > 0 ? { toolCalls: turn.toolCalls } : {}),
});

/** Independent epochs need different seeds; the seed of a sample follows from the plan alone. */
function samplingOf(work: SampleWork, temperature: number | undefined): Sampling {
  const { sampling } = work.plan;
  const seed = sampling.seed === null ? null : sampling.seed + work.epoch;
  return { ...sampling, seed, temperature: temperature ?? sampling.temperature };
}

/** Asks for the next assistant turn and adds it to the talk; null when it did, else why it could not. */
async function askTurn(
  talk: Talk,
  input: {
    readonly work: SampleWork;
    readonly rendered: RenderedPrompt & { kind: 'chat' };
    readonly context: SampleContext;
    readonly sampling: Sampling;
  },
): Promise<Exclude<Asked, Conversation> | null> {
  const { work, rendered, context, sampling } = input;
  const { prompt, opensThinking } = promptOf(talk, context);
  const request: GenerationRequest = {
    model: context.model,
    prompt,
    maxTokens: work.plan.settings.maxTokens,
    stop: rendered.stop ?? [],
    sampling,
    responseFormat: rendered.responseFormat ?? { kind: 'text' },
    extraBody: context.extraBody,
  };
  const asked = await requestModel(
    (signal) => collectGeneration(context.engine.generate(request, signal), context.clock),
    context,
  );
  if (asked.kind !== 'answered') return asked;
  talk.attempts = Math.max(talk.attempts, asked.attempts);
  if (prompt.kind === 'text') talk.prompt ??= prompt.text;
  talk.turns.push({ turn: assistantTurn({ ...asked.value, templateOpened: opensThinking }), generation: asked.value });
  return null;
}

function promptOf(talk: Talk, context: SampleContext): { prompt: Prompt; opensThinking: boolean } {
  const { chatTemplate, capabilities } = context.description;
  const input = {
    messages: talk.messages,
    ...(talk.tools ? { tools: talk.tools } : {}),
    templateArguments: context.templateArguments,
  };
  if (capabilities.messages.supported || chatTemplate === null)
    return { prompt: { kind: 'messages', ...input }, opensThinking: false };
  const rendered = renderChatTemplate(chatTemplate, input);
  return { prompt: { kind: 'text', text: rendered.text }, opensThinking: rendered.opensThinking };
}

function conversationOf(
  talk: Talk,
  input: {
    readonly rendered: RenderedPrompt & { kind: 'chat' };
    readonly seed: number | null;
    readonly isDialogue: boolean;
  },
): Conversation {
  const { rendered, isDialogue } = input;
  const generations = talk.turns.map(({ generation }) => generation);
  return {
    kind: 'answered',
    request: {
      kind: 'chat',
      messages: rendered.messages,
      ...(rendered.tools ? { tools: rendered.tools.map((tool) => tool.name) } : {}),
      ...(talk.prompt === null ? {} : { prompt: talk.prompt }),
    },
    response: sampleResponse(
      talk.turns.map(({ turn }) => turn),
      isDialogue ? talk.messages : null,
    ),
    reasoning: generations.at(-1)?.reasoning ?? null,
    turns: isDialogue
      ? generations.map(({ text, reasoning, toolCalls, finishReason, usage, timings }) => ({
          text,
          reasoning,
          toolCalls,
          finishReason,
          usage,
          timings,
        }))
      : [],
    timings: sumTimings(generations),
    usage: sumUsage(generations),
    attempts: talk.attempts,
    seed: input.seed,
  };
}

/** Times of a conversation: of its only request, or those of the first with the latencies of all added. */
function sumTimings(generations: readonly Generation[]): Timings {
  const [first] = generations;
  if (!first) throw new RangeError('a conversation without a turn');
  if (generations.length === 1) return first.timings;
  return {
    ...first.timings,
    latencyMs: generations.reduce((sum, { timings }) => sum + timings.latencyMs, 0),
    chunks: generations.reduce((sum, { timings }) => sum + timings.chunks, 0),
  };
}

function sumUsage(generations: readonly Generation[]): Usage {
  const sum = (key: keyof Usage): number | null => {
    const values = generations.map(({ usage }) => usage[key]);
    return values.some((value) => value === null)
      ? null
      : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  };
  return {
    promptTokens: sum('promptTokens'),
    completionTokens: sum('completionTokens'),
    reasoningTokens: sum('reasoningTokens'),
    cachedPromptTokens: sum('cachedPromptTokens'),
  };
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
