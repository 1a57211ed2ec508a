import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import type { SandboxDescription } from '../core/ports/sandbox.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import { openUserFile } from '../datasets/open-user-file.ts';
import { assistantTurn, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import { loadTask } from './load-plugin.ts';
import { isJudgeNamed, openJudge, type OpenJudge } from './open-judge.ts';
import { describeSandbox, openServices } from './open-services.ts';
import { readOutsideResponses, type OutsideResponse } from './outside-responses.ts';
import { findPeerRule, openPeerRules, type PeerRules } from './peer-rules.ts';
import { scoringJudge } from './plan-judge.ts';
import type { RunnerDependencies } from './prepare-run.ts';
import { completeOptions, type RunOptions, type RunRuntime } from './run.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';
import { ScoreTally, type Disagreement, type RuleTotals, type ScoredResponse } from './score-tally.ts';
import { systemDependencies } from './system-dependencies.ts';

/** What scoring outside responses comes to. */
export interface ScoreSummary extends RuleTotals {
  readonly task: string;
  /** Whose rules metrics and counts are by. */
  readonly rules: string;
  readonly headline: string;
  /** Where answers ran; absent for tasks whose answers do not run. */
  readonly sandbox?: SandboxDescription;
  /** The certified score beside that of other rules; absent where only the certified one was asked for. */
  readonly certified?: RuleTotals;
  readonly differing?: number;
  readonly differences?: readonly Disagreement[];
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

/** Scores answers that another tool or an earlier run made, in constant memory, with the certified scorer of the task and, where asked for, by the rules of another tool beside it. */
export async function score(request: ScoreRequest, runtime: RunRuntime = {}): Promise<ScoreSummary> {
  const options = completeOptions(request.options);
  const task = await loadTask(request.task);
  const rule = await findPeerRule(task, options.rules);
  const settings = settingsOf(task, options);
  const dependencies = runtime.dependencies ?? systemDependencies(options);
  const data = await loadProblems(task, options, dependencies);
  const samples = new Map<string, Sample>();
  for (const sample of await task.loadSamples({ data, settings, tokenizer: null })) samples.set(sample.id, sample);
  const judge = task.needs.includes('judge') ? await openScoringJudge(task.id, options, dependencies) : null;
  const { services, close } = await openServices(
    [{ task, loadGold: async () => samples.values() }],
    options,
    judge && scoringJudge(judge, { model: null, signal: null }),
  );
  let rules: PeerRules | null = null;
  try {
    rules = rule && (await openPeerRules(rule, { task, samples, services }, options));
    const tally = await scoreAll(request, { task, settings, samples, services, rules });
    const sandbox = task.needs.includes('sandbox') ? await describeSandbox(services) : null;
    return {
      task: task.id,
      rules: rules?.id ?? 'certified',
      headline: task.metrics[0].id,
      ...(rules === null ? tally.certified(task) : tally.compared(task)),
      ...(sandbox === null ? {} : { sandbox }),
    };
  } finally {
    await Promise.all([close(), judge?.close(), rules?.close()]);
  }
}

interface Scoring {
  readonly task: Task;
  readonly settings: TaskSettings;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly services: ScoringServices;
  readonly rules: PeerRules | null;
}

async function scoreAll(request: ScoreRequest, scoring: Scoring): Promise<ScoreTally> {
  const { task, settings, samples, services, rules } = scoring;
  const tally = new ScoreTally();
  const waiting: (() => Promise<void>)[] = [];
  const settleFirst = async (): Promise<void> => waiting.shift()?.();
  for (const answer of readOutsideResponses(request.responses, samples)) {
    const { sample } = answer;
    const response = responseOf(answer);
    const take = (explained: ExplainedOutcome, verdict: Awaited<ReturnType<PeerRules['apply']>> | null): void => {
      if (request.onScored !== undefined) request.onScored(tally.add(answer, explained, verdict));
      else if (verdict !== null) tally.add(answer, explained, verdict);
      else tally.count(answer, explained);
    };
    const scored = scoreResponse({ task, sample, settings, response, services });
    const verdict = rules?.apply({ sample, response, settings }) ?? null;
    // Verdicts are taken in file order, so a scorer that answers at once waits for those before it.
    if (scored instanceof Promise || verdict !== null || waiting.length > 0) {
      const both = Promise.all([scored, verdict]);
      waiting.push(async () => take(...(await both)));
    } else take(scored, null);
    if (waiting.length >= inFlight) await settleFirst();
  }
  while (waiting.length > 0) await settleFirst();
  return tally;
}

/** The task's own data, or the file of problems that was given in its place. */
function loadProblems(task: Task, options: Options, dependencies: RunnerDependencies): Promise<DatasetReader> {
  const [artefact] = task.artefacts;
  if (options.problems === null) return dependencies.loadData(task.artefacts, task.id);
  if (artefact === undefined) {
    throw new QwenEvalError('E_OPTION_INVALID', `${task.id} makes its own problems and takes no others`, {
      hint: 'leave --problems out',
    });
  }
  return openUserFile(options.problems, artefact.name);
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

function settingsOf(task: Task, options: Options): TaskSettings {
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
