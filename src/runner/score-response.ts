import { primaryCode, type FailureCode } from '../core/failure-code.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import type { Scored, ScoreOutcome } from '../core/score.ts';
import { endsInRepetition } from '../text/repetition.ts';

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
      return outcome.then((settled) => explain(settled, request.response), scorerFault);
    }
    return explain(outcome, request.response);
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

function explain(outcome: ScoreOutcome, response: SampleResponse): ExplainedOutcome {
  if (outcome.kind === 'unscored') return { outcome, code: outcome.code, codes: [] };
  if (!(outcome.score >= 0 && outcome.score <= 1))
    return scorerFault(new Error(`score ${outcome.score} is outside [0, 1]`));
  if (outcome.score === 1) return { outcome, code: null, codes: [] };
  const all = [...new Set([...generationCodes(outcome, response), ...outcome.codes])];
  const code = primaryCode(all) ?? 'answer.wrong';
  return { outcome, code, codes: all.filter((other) => other !== code) };
}

/** Causes that can be seen on any response, whatever the task. */
function generationCodes(outcome: Scored, response: SampleResponse): readonly FailureCode[] {
  if (response.continuations !== null) return [];
  const codes: FailureCode[] = [];
  if (response.finishReason === 'length') {
    const located = outcome.codes.find((code) => code.startsWith('gen.truncated'));
    codes.push(
      located ??
        (response.thinking === 'unclosed' || response.thinking === 'field_only'
          ? 'gen.truncated.in_think'
          : 'gen.truncated'),
    );
    if (endsInRepetition(response.text ?? response.reasoning ?? '')) codes.push('gen.repetition');
    return codes;
  }
  if (response.finishReason === 'content_filter') codes.push('gen.filtered');
  if (response.answer.trim() === '' && response.toolCalls.length === 0) {
    codes.push(response.reasoning === null ? 'gen.empty' : 'gen.empty_after_think');
  } else if (endsInRepetition(response.answer)) codes.push('gen.repetition');
  return codes;
}
