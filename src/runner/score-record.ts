import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { recordedResponse } from './recorded-response.ts';
import { scoreResponse, type ExplainedOutcome } from './score-response.ts';

/** The fields of a record that scoring decides: `rescore` replaces exactly these. */
export function scoreFields({
  outcome,
  code,
  codes,
}: ExplainedOutcome): Pick<
  SampleRecord,
  'extraction' | 'score' | 'measures' | 'unscored' | 'code' | 'codes' | 'explanation' | 'judgements'
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
    ...(outcome.judgements ? { judgements: outcome.judgements } : {}),
  };
}

/** A record scored anew; `isRepeatable` says that it is unscored for a cause that may pass. */
export interface RescoredRecord {
  readonly record: SampleRecord;
  readonly isRepeatable: boolean;
}

/** A sample without an answer (its context was exceeded, say) has nothing to score again. */
export const hasAnswer = ({ response, reasoning, continuations, toolCalls }: SampleRecord): boolean =>
  response !== null || reasoning !== null || continuations !== null || toolCalls.length > 0;

/** Scores a recorded answer with the task's scorer; the answer stays as it is. */
export async function scoreRecord(
  record: SampleRecord,
  input: {
    readonly task: Task;
    readonly sample: Sample;
    readonly settings: TaskSettings;
    readonly services: ScoringServices;
  },
): Promise<RescoredRecord> {
  const explained = await scoreResponse({ ...input, response: recordedResponse(record) });
  const { judgements: _, ...answer } = record;
  return {
    record: { ...answer, ...scoreFields(explained) },
    isRepeatable: explained.outcome.kind === 'unscored' && explained.outcome.repeatable,
  };
}
