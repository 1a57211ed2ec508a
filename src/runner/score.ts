import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Estimate } from '../core/estimate.ts';
import type { TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import { assistantTurn, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import { isJudgeNamed, openJudge, type OpenJudge } from './open-judge.ts';
import { loadTask } from './load-plugin.ts';
import { openServices } from './open-services.ts';
import { scoringJudge } from './plan-judge.ts';
import type { RunnerDependencies } from './prepare-run.ts';
import { readOutsideResponses, type OutsideResponse } from './outside-responses.ts';
import { ResponseTally } from './response-tally.ts';
import { completeOptions, type RunOptions, type RunRuntime } from './run.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';
import { systemDependencies } from './system-dependencies.ts';

/** One scored response. */
export interface ScoredResponse {
  readonly sampleId: string;
  readonly epoch: number;
  /** Null when unscored. */
  readonly correct: boolean | null;
  readonly score: number | null;
  readonly extracted: string | null;
  readonly code: string | null;
  readonly explanation: string | null;
}

/** What scoring outside responses comes to. */
export interface ScoreSummary {
  readonly task: string;
  readonly rules: string;
  readonly headline: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly counts: ResponseTally['counts'];
}

export interface ScoreRequest {
  readonly task: string;
  /** JSON Lines of responses. */
  readonly responses: string;
  readonly options: RunOptions;
  /** Told of each response in file order. */
  readonly onScored?: (scored: ScoredResponse) => void;
}

/** Responses in flight in a scorer that waits (a sandbox). */
const inFlight = 16;

/** Scores answers that another tool or an earlier run made, in constant memory, with the certified scorer of the task. */
export async function score(request: ScoreRequest, runtime: RunRuntime = {}): Promise<ScoreSummary> {
  const options = completeOptions(request.options);
  const task = await loadTask(request.task);
  const settings = settingsOf(task, options);
  const dependencies = runtime.dependencies ?? systemDependencies(options);
  const data = await dependencies.loadData(task.artefacts, task.id);
  const samples = new Map<string, Sample>();
  for (const sample of await task.loadSamples({ data, settings, tokenizer: null })) samples.set(sample.id, sample);
  const judge = task.needs.includes('judge') ? await openScoringJudge(task.id, options, dependencies) : null;
  const { services, close } = await openServices(
    [{ task, loadGold: async () => samples.values() }],
    options,
    judge && scoringJudge(judge, { model: null, signal: null }),
  );
  const tally = new ResponseTally();
  const waiting: {
    readonly promise: Promise<ExplainedOutcome>;
    readonly take: (explained: ExplainedOutcome) => void;
  }[] = [];
  const settleFirst = async (): Promise<void> => {
    const first = waiting.shift();
    if (first) first.take(await first.promise);
  };
  try {
    for (const answer of readOutsideResponses(request.responses, samples)) {
      const response = responseOf(answer);
      const take = (explained: ExplainedOutcome): void => {
        tally.add(answer.sample, { explained, isTruncated: answer.finishReason === 'length' });
        request.onScored?.(scoredOf(answer, explained));
      };
      const scored = scoreResponse({ task, sample: answer.sample, settings, response, services });
      // Verdicts are taken in file order, so a scorer that answers at once waits for those before it.
      if (scored instanceof Promise || waiting.length > 0) waiting.push({ promise: Promise.resolve(scored), take });
      else take(scored);
      if (waiting.length >= inFlight) await settleFirst();
    }
    while (waiting.length > 0) await settleFirst();
  } finally {
    await Promise.all([close(), judge?.close()]);
  }
  return {
    task: task.id,
    rules: 'certified',
    headline: task.metrics[0].id,
    metrics: tally.metrics(task),
    counts: tally.counts,
  };
}

/** An outside response as its scorer sees it; reasoning and finish reason are those of the last turn. */
function responseOf({ response, turns, reasoning, finishReason }: OutsideResponse): SampleResponse {
  const raw = { reasoning, finishReason };
  if (turns === null) return textResponse(response, raw);
  const last = turns.length - 1;
  return sampleResponse(turns.map((text, index) => assistantTurn(index === last ? { ...raw, text } : { text })));
}

/** Opens the judge; without one there is nothing to score a judged task with. */
function openScoringJudge(task: string, options: Options, dependencies: RunnerDependencies): Promise<OpenJudge> {
  if (isJudgeNamed(options)) return openJudge(options, dependencies);
  throw new QwenEvalError('E_JUDGE_MISSING', `${task} needs a judge to rate its answers, and none is given`, {
    hint: 'give --judge-base-url and --judge-model (key in QE_JUDGE_API_KEY)',
  });
}

function settingsOf(task: Awaited<ReturnType<typeof loadTask>>, options: Options): TaskSettings {
  return {
    fewShot: 0,
    choiceMode: task.choiceModes.length === 0 ? null : (options.choiceMode ?? 'generative'),
    maxTokens: task.defaults.maxTokens,
    toolFormat: task.needs.includes('tools') ? (options.toolFormat ?? 'hermes') : null,
    seed: options.seed,
    split: options.split,
    size: options.limit ?? task.defaults.size ?? 200,
    extra: task.defaults.extra ?? {},
  };
}

function scoredOf(
  answer: { readonly sample: Sample; readonly epoch: number },
  explained: ExplainedOutcome,
): ScoredResponse {
  const { outcome, code } = explained;
  const isScored = outcome.kind === 'scored';
  return {
    sampleId: answer.sample.id,
    epoch: answer.epoch,
    correct: isScored ? outcome.score === 1 : null,
    score: isScored ? outcome.score : null,
    extracted: outcome.extraction?.value ?? null,
    code,
    explanation: isScored ? outcome.explanation : outcome.reason,
  };
}
