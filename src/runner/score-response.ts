import { primaryCode, type FailureCode } from '../core/failure-code.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import type { Scored, ScoreOutcome } from '../core/score.ts';
import { responseFaults, type Fault } from '../scorers/support/response-faults.ts';
import { isOutrightRefusal } from '../text/refusal.ts';

/** A score outcome with its causes in order of precedence: `code` is the primary one, null for a right answer. */
export interface ExplainedOutcome {
  readonly outcome: ScoreOutcome;
  readonly code: FailureCode | null;
  readonly codes: readonly FailureCode[];
}

export interface ScoreRequest {
  readonly task: Task;
  readonly sample: Sample;
  readonly settings: TaskSettings;
  readonly response: SampleResponse;
  readonly services: ScoringServices;
}

/** Scores one response with the task's scorer and puts the causes of a miss in order. A scorer that throws gives `scorer.fault`, never a score. */
export function scoreResponse(request: ScoreRequest): ExplainedOutcome | Promise<ExplainedOutcome> {
  if (request.sample.fault !== undefined) {
    return unscored('data.fault', `known-broken sample: ${request.sample.fault}`);
  }
  try {
    const outcome = request.task.scorer.score(
      { sample: request.sample, response: request.response, settings: request.settings },
      request.services,
    );
    if (outcome instanceof Promise) {
      return outcome.then((settled) => explain(settled, request), scorerFault);
    }
    return explain(outcome, request);
  } catch (error) {
    return scorerFault(error);
  }
}

const unscored = (code: FailureCode, reason: string): ExplainedOutcome => ({
  outcome: { kind: 'unscored', code, reason, repeatable: false },
  code,
  codes: [],
});

const scorerFault = (error: unknown): ExplainedOutcome =>
  unscored('scorer.fault', `the scorer failed: ${error instanceof Error ? error.message : String(error)}`);

function explain(outcome: ScoreOutcome, { response, settings }: ScoreRequest): ExplainedOutcome {
  if (outcome.kind === 'unscored') return { outcome, code: outcome.code, codes: [] };
  if (!(outcome.score >= 0 && outcome.score <= 1))
    return scorerFault(new Error(`score ${outcome.score} is outside [0, 1]`));
  if (outcome.score === 1) return { outcome, code: null, codes: [] };
  const general = generalFaults(outcome, response, settings.maxTokens);
  const all = [...new Set([...general.map((fault) => fault.code), ...outcome.codes])];
  const code = primaryCode(all) ?? 'answer.wrong';
  return {
    outcome: { ...outcome, explanation: explanationOf(code, { general, outcome }) },
    code,
    codes: all.filter((other) => other !== code),
  };
}

/** The evidence must be that of the primary code: a scorer explains its own first code. */
function explanationOf(
  code: FailureCode,
  { general, outcome }: { readonly general: readonly Fault[]; readonly outcome: Scored },
): string | null {
  const fault = general.find((candidate) => candidate.code === code);
  return fault === undefined || outcome.codes[0] === code ? outcome.explanation : fault.explanation;
}

/** Causes that can be seen on any response, whatever the task. A scorer that located a truncation knows better where it fell. */
function generalFaults(outcome: Scored, response: SampleResponse, maxTokens: number): readonly Fault[] {
  if (response.continuations !== null) return [];
  const located = outcome.codes.find((code) => code.startsWith('gen.truncated.'));
  const faults = responseFaults(response, maxTokens).map((fault) =>
    fault.code === 'gen.truncated' && located !== undefined ? { ...fault, code: located } : fault,
  );
  const hasAnswer = (outcome.extraction?.value ?? null) !== null || response.toolCalls.length > 0;
  if (hasAnswer || !isOutrightRefusal(response.answer)) return faults;
  return [...faults, { code: 'gen.refused', explanation: 'The response refuses to answer.' }];
}
