import { unknownUsage, type Generation, type GenerationRequest, type Timings, type Usage } from '../core/generation.ts';
import type { Json } from '../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { RenderedPrompt, Task, ToolFormat } from '../core/ports/task.ts';
import type { AssistantTurn, SampleResponse } from '../core/response.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import type { RecordedTurn, SampleRecord } from '../core/sample-record.ts';
import type { Sampling } from '../core/sampling.ts';
import { assistantTurn, continuationResponse, sampleResponse } from '../text/assistant-turn.ts';
import { parseTurnToolCalls } from '../text/tool-calls/parse-tool-calls.ts';
import { collectGeneration } from './collect-generation.ts';
import { dialogueBudget, isSpent } from './dialogue-budget.ts';
import { renderPrompt } from './render-prompt.ts';
import { openWorkflow } from './workflow.ts';
import { requestModel, type RequestContext, type Requested } from './request-model.ts';

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
  /** Waits until an answer may be scored: one a turn of the event loop, which delays no byte for long. */
  readonly scoringTurn: () => Promise<void>;
  /** Told of each gap between two token-bearing chunks, in milliseconds. */
  readonly onGap: (gapMs: number) => void;
}

/** One sample × epoch to do. */
export interface SampleWork {
  readonly task: Task;
  readonly plan: TaskPlan;
  readonly sample: Sample;
  readonly epoch: number;
}

/** What the model gave for one sample, before scoring. */
export interface Conversation {
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

/** A conversation, or why there is none. */
export type Asked = Conversation | Exclude<Requested<never>, { kind: 'answered' }>;

/** Times of a request that never was. */
export const emptyTimings = (startedAt: string): Timings => ({
  startedAt,
  latencyMs: 0,
  timeToFirstChunkMs: null,
  timeToFirstTokenMs: null,
  timeToFirstContentMs: null,
  meanGapMs: null,
  maxGapMs: null,
  chunks: 0,
});

/** Asks for the log-probabilities of a sample's continuations. */
export async function askContinuations(
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

/** Holds a sample's conversation to its end: one turn, or as many as its dialogue asks for. */
export async function askChat(
  work: SampleWork,
  input: { readonly rendered: RenderedPrompt & { kind: 'chat' }; readonly context: SampleContext },
): Promise<Asked> {
  const { rendered, context } = input;
  const talk: Talk = { messages: [...rendered.messages], turns: [], tools: rendered.tools, prompt: null, attempts: 0 };
  const sampling = samplingOf(work, rendered.temperature);
  const dialogue = work.task.openDialogue?.(work.sample, work.plan.settings) ?? openWorkflow(work, context.services);
  const budget = dialogueBudget(work.task, work.plan.settings.extra);
  for (;;) {
    const asked = await askTurn(talk, { work, rendered, context, sampling });
    if (asked !== null) return asked;
    const last = talk.turns.at(-1);
    if (!dialogue || !last) break;
    const step = await dialogue.next(last.turn);
    if (step.kind === 'end' || (budget && isSpent(budget, generationsOf(talk)))) break;
    talk.messages.push(
      assistantMessage(last.turn, { keepsThinking: context.keepsThinking, toolFormat: work.plan.settings.toolFormat }),
      ...step.messages,
    );
    if (step.tools) talk.tools = step.tools;
  }
  return conversationOf(talk, { rendered, seed: sampling.seed, isDialogue: dialogue !== null });
}

const generationsOf = ({ turns }: Talk): readonly Generation[] => turns.map(({ generation }) => generation);

/** A turn as history. In prompt formats the text already holds the calls as the model wrote them. */
const assistantMessage = (
  turn: AssistantTurn,
  options: { readonly keepsThinking: boolean; readonly toolFormat: ToolFormat | null },
): ChatMessage => ({
  role: 'assistant',
  content: turn.answer,
  ...(options.keepsThinking && turn.reasoning !== null ? { reasoning: turn.reasoning } : {}),
  ...(turn.toolCalls.length > 0 && options.toolFormat === 'native' ? { toolCalls: turn.toolCalls } : {}),
});

/** Independent epochs need different seeds; the seed of a sample follows from the plan alone. A sample's own temperature counts where the plan has none. */
function samplingOf(work: SampleWork, own: number | undefined): Sampling {
  const { sampling } = work.plan;
  const temperature = sampling.temperature ?? own ?? null;
  const seed = sampling.seed === null || temperature === 0 ? null : sampling.seed + work.epoch;
  return { ...sampling, seed, temperature };
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
  const format = work.plan.settings.toolFormat;
  const { messages, tools } = talk;
  const { prompt, opensThinking } = renderPrompt(
    { messages, tools, format, templateArguments: context.templateArguments },
    context.description,
  );
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
    (signal) => collectGeneration(context.engine.generate(request, signal), context.clock, context.onGap),
    context,
  );
  if (asked.kind !== 'answered') return asked;
  talk.attempts = Math.max(talk.attempts, asked.attempts);
  if (prompt.kind === 'text') talk.prompt ??= prompt.text;
  const turn = assistantTurn({ ...asked.value, templateOpened: opensThinking });
  talk.turns.push({ turn: withParsedCalls(turn, { talk, format }), generation: asked.value });
  return null;
}

/** In prompt formats the calls stand in the text: those that the family's parser would pass on become the turn's calls. */
function withParsedCalls(
  turn: AssistantTurn,
  input: { readonly talk: Talk; readonly format: ToolFormat | null },
): AssistantTurn {
  const { talk, format } = input;
  if (!talk.tools || format === null || format === 'native' || turn.toolCalls.length > 0) return turn;
  const { strict } = parseTurnToolCalls(turn, { format, tools: talk.tools });
  const toolCalls = strict.map((call, index) => ({
    id: `call_${talk.turns.length + 1}_${index + 1}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments ?? {}),
  }));
  return { ...turn, toolCalls };
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
  const generations = generationsOf(talk);
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
