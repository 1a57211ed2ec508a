import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import { unavailable } from '../core/estimate.ts';
import type { SandboxDescription } from '../core/ports/sandbox.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task } from '../core/ports/task.ts';
import type { Verdict } from '../core/result-document.ts';
import { fencedAnswers } from '../diagnosis/fenced-answers.ts';
import { loadTask } from './load-plugin.ts';
import { isJudgeNamed, openJudge, type OpenJudge } from './open-judge.ts';
import { describeSandbox, openServices } from './open-services.ts';
import { readOutsideResponses } from './outside-responses.ts';
import { canScoreInParallel, scoreInParallel } from './parallel/score-in-parallel.ts';
import { findPeerRule, openPeerRules, type PeerRules } from './peer-rules.ts';
import { scoringJudge } from './plan-judge.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { completeOptions, type RunOptions, type RunRuntime } from './run.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';
import { loadScoreTarget, responseOf, type ScoreTarget } from './score-target.ts';
import { ScoreTally, type Comparison, type Disagreement, type RuleTotals, type ScoredResponse } from './score-tally.ts';
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
  /** What explains the score by other rules in one sentence; absent where only the certified one was asked for. */
  readonly verdicts?: readonly Verdict[];
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
  const dependencies = runtime.dependencies ?? systemDependencies(options);
  const target = await loadScoreTarget(task, options, dependencies);
  const { samples } = target;
  const judge = task.needs.includes('judge') ? await openScoringJudge(task.id, options, dependencies) : null;
  const { services, close } = await openServices(
    [{ task, loadGold: async () => samples.values() }],
    options,
    judge && scoringJudge(judge, { model: null, signal: null }),
  );
  let rules: PeerRules | null = null;
  try {
    rules = rule && (await openPeerRules(rule, { task, samples, services }, options));
    // What a caller brings of its own does not cross threads.
    const isParallel = runtime.dependencies === undefined && rules === null && canScoreInParallel(request, task);
    const tally = isParallel
      ? await scoreInParallel(request.responses, { target, options })
      : await scoreAll(request, { ...target, services, rules });
    const sandbox = task.needs.includes('sandbox') ? await describeSandbox(services) : null;
    return {
      task: task.id,
      rules: rules?.id ?? 'certified',
      headline: task.metrics[0].id,
      ...(rules === null ? tally.certified(task) : explained(request, { task, tally, rules })),
      ...(sandbox === null ? {} : { sandbox }),
    };
  } finally {
    await Promise.all([close(), judge?.close(), rules?.close()]);
  }
}

/** Totals by other rules with what explains them. */
function explained(
  { responses }: ScoreRequest,
  { task, tally, rules }: { readonly task: Task; readonly tally: ScoreTally; readonly rules: PeerRules },
): RuleTotals & Comparison & { readonly verdicts: readonly Verdict[] } {
  const compared = tally.compared(task);
  const headline = task.metrics[0].id;
  const none = unavailable('not scored');
  const verdicts = fencedAnswers({
    task: task.id,
    rules: rules.id,
    scored: compared.counts.scored,
    fenced: rules.wantsContinuation ? tally.brokenByFence : [],
    theirs: compared.metrics[headline] ?? none,
    certified: compared.certified.metrics[headline] ?? none,
    advice: `qwen-eval score --task ${task.id} --responses ${responses}`,
  });
  return { ...compared, verdicts };
}

interface Scoring extends ScoreTarget {
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

/** Opens the judge; without one there is nothing to score a judged task with. */
function openScoringJudge(task: string, options: Options, dependencies: RunnerDependencies): Promise<OpenJudge> {
  if (isJudgeNamed(options)) return openJudge(options, dependencies);
  throw new QwenEvalError('E_JUDGE_MISSING', `${task} needs a judge to rate its answers, and none is given`, {
    hint: 'give --judge-base-url and --judge-model (key in QE_JUDGE_API_KEY)',
  });
}
