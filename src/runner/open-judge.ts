import type { Options } from '../config/options.ts';
import { exitCodes, exitCodeOf, isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import type { Generation, GenerationRequest } from '../core/generation.ts';
import type { ChatMessage } from '../core/message.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import type { JudgePlan } from '../core/run-plan.ts';
import { greedySampling } from '../core/sampling.ts';
import { AdaptiveLimit } from '../scheduling/adaptive-limit.ts';
import { defaultRetryPolicy } from '../scheduling/retry-policy.ts';
import { assistantTurn } from '../text/assistant-turn.ts';
import { collectGeneration } from './collect-generation.ts';
import { engineDeadlines, engineDependencies } from './engine-dependencies.ts';
import { planModel, type PlannedModel } from './plan-model.ts';
import { readModelHeader } from './read-model-header.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { renderPrompt } from './render-prompt.ts';
import { requestModel, type Requested } from './request-model.ts';
import { resolveTarget, type Target } from './resolve-target.ts';

/** Who rates and how it is asked, but for the prompts, which are the task's. */
export type JudgeIdentity = Omit<JudgePlan, 'prompts' | 'isSameFamily'>;

/** A judge whose engine is open; close it when done. */
export interface OpenJudge {
  readonly identity: JudgeIdentity;
  /** One greedy answer without its thinking. Throws E_JUDGE_FAILED when it cannot be had; `details.code` is the engine's own code. */
  ask(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export type JudgeOptions = Pick<
  Options,
  'judgeModel' | 'judgeBaseUrl' | 'judgeEngine' | 'judgeApiKey' | 'retries' | 'requestTimeout' | 'idleTimeout'
>;

/** True when the options name a judge. */
export const isJudgeNamed = (options: Pick<Options, 'judgeModel' | 'judgeBaseUrl' | 'judgeEngine'>): boolean =>
  options.judgeModel !== null || options.judgeBaseUrl !== null || options.judgeEngine !== null;

/** Output tokens of a rating with its explanation, as FastChat allows them. */
const judgeTokens = 2048;
/** Context of a judge on this machine: two answers, two right answers and the rating. */
const localContext = 8192;
const localSequences = 2;
const requestsAtOnce = { start: 4, maximum: 16 };

/** Opens the judge that the options name, the built-in model when they name an engine alone. What goes wrong is told as the judge's. */
export async function openJudge(options: JudgeOptions, dependencies: RunnerDependencies): Promise<OpenJudge> {
  const { judgeModel: model, judgeBaseUrl: baseUrl, judgeEngine: engine } = options;
  try {
    const target = await resolveTarget({ model, baseUrl, engine, quantization: null }, dependencies.fetchModelFile);
    const header = await readModelHeader(target, dependencies.fetchModelFile);
    const opened = await target.plugin.open(engineSettings(target, options), engineDependencies(dependencies));
    try {
      const description = await opened.describe();
      const planned = planModel(modelOptions(model, null), { header, description });
      const isSwitchable = planned.guidance.modes.includes('non-thinking');
      const judging = isSwitchable ? planModel(modelOptions(model, 'non-thinking'), { header, description }) : planned;
      return assemble({ engine: opened, description, model: judging, target }, { options, dependencies });
    } catch (error) {
      await opened.close();
      throw error;
    }
  } catch (error) {
    throw asJudgeError(error);
  }
}

const modelOptions = (model: string | null, mode: 'non-thinking' | null) => ({
  model,
  mode,
  reasoningEffort: null,
  preserveThinking: null,
  modeSwitch: 'template' as const,
});

function engineSettings({ model, baseUrls, plugin }: Target, options: JudgeOptions) {
  return {
    model,
    baseUrls,
    apiKey: options.judgeApiKey,
    sequences: plugin.local ? localSequences : requestsAtOnce.maximum,
    contextLength: plugin.local ? localContext : null,
    threads: null,
    batchSize: null,
    kvCacheType: null,
    extraBody: {},
    deadlines: engineDeadlines(options),
    engineOptions: {},
  };
}

interface Judging {
  readonly engine: Engine;
  readonly description: EngineDescription;
  readonly model: PlannedModel;
  readonly target: Target;
}

interface JudgeSetting {
  readonly options: JudgeOptions;
  readonly dependencies: RunnerDependencies;
}

function assemble(judging: Judging, setting: JudgeSetting): OpenJudge {
  const { engine, description, model } = judging;
  const { contextLength } = description;
  const identity: JudgeIdentity = {
    model: description.model.name,
    sha256: description.model.sha256,
    family: model.guidance.family,
    engine: description.engine,
    engineVersion: description.version,
    mode: model.mode,
    sampling: greedySampling,
    maxTokens: contextLength === null ? judgeTokens : Math.max(1, Math.min(judgeTokens, Math.floor(contextLength / 2))),
  };
  const ended = new AbortController();
  const request = requester(judging, setting);
  return {
    identity,
    ask: async (messages, signal) => {
      const stopped = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
      const { prompt, opensThinking } = renderPrompt(
        { messages, tools: undefined, format: null, templateArguments: model.guidance.templateArguments(model.mode) },
        description,
      );
      const asked = await request({ model: identity.model, prompt, maxTokens: identity.maxTokens }, stopped);
      if (asked.kind === 'answered') return readable(assistantTurn({ ...asked.value, templateOpened: opensThinking }));
      throw asked.kind === 'failed' ? failedToAsk(asked.error) : cancelled();
    },
    close: async () => {
      ended.abort();
      await engine.close();
    },
  };
}

/** Sends greedy requests in slots of the judge's own, again after failures that may pass. */
function requester({ engine, target }: Judging, { options, dependencies }: JudgeSetting) {
  const { clock, random, log } = dependencies;
  const most = target.plugin.local ? localSequences : requestsAtOnce.maximum;
  const start = Math.min(requestsAtOnce.start, most);
  const limit = new AdaptiveLimit({ start, maximum: most, nowMs: () => clock.nowMs() });
  return (
    asked: Pick<GenerationRequest, 'model' | 'prompt' | 'maxTokens'>,
    signal: AbortSignal,
  ): Promise<Requested<Generation>> => {
    const request: GenerationRequest = {
      ...asked,
      stop: [],
      sampling: greedySampling,
      responseFormat: { kind: 'text' },
      extraBody: {},
    };
    return requestModel((abort) => collectGeneration(engine.generate(request, abort), clock), {
      limit,
      takeSlot: () => null,
      retryPolicy: { ...defaultRetryPolicy, retries: options.retries },
      clock,
      random,
      signal,
      ending: signal,
      onFailure: ({ attempt, error }) => log('warn', 'judge failed', { attempt, code: error.code }),
    });
  };
}

/** A number at the very end of a reply that was cut off may be the beginning of a longer one. */
const readable = ({ answer, finishReason }: ReturnType<typeof assistantTurn>): string =>
  finishReason === 'length' ? answer.replace(/[\d.]{1,8}$/, '') : answer;

const failedToAsk = (error: QwenEvalError): QwenEvalError =>
  new QwenEvalError('E_JUDGE_FAILED', `the judge could not be asked: ${error.message}`, {
    hint: judgeHint(error.hint),
    retryable: error.retryable,
    cause: error,
    details: { code: error.code },
  });

const cancelled = (): QwenEvalError =>
  new QwenEvalError('E_JUDGE_FAILED', 'the judge was not asked to the end: the run was stopped', { retryable: true });

/** Options of the model under test as those of the judge. */
const judgeHint = (hint: string | null): string | undefined =>
  hint
    ?.replaceAll(/--(model|base-url|engine)\b/g, '--judge-$1')
    .replaceAll(/\b(?:QE_API_KEY|OPENAI_API_KEY)\b/g, 'QE_JUDGE_API_KEY');

function asJudgeError(error: unknown): unknown {
  if (!isQwenEvalError(error)) return error;
  const code = exitCodeOf(error) === exitCodes.environment ? 'E_JUDGE_FAILED' : error.code;
  return new QwenEvalError(code, `the judge cannot be used: ${error.message}`, {
    hint: judgeHint(error.hint),
    cause: error,
    details: { ...error.details, code: error.code },
  });
}
