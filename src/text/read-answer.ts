import type { FailureCode } from '../core/failure-code.ts';
import type { AssistantTurn } from '../core/response.ts';
import { noExtraction, type Extraction } from '../core/score.ts';
import { parseAnswerLines } from './answer-lines.ts';
import { isRefusal } from './refusal.ts';

/** What a turn answered through its `ANSWER:` line. */
export interface ReadAnswer {
  /** In canonical spelling; null when there is none or more than one. */
  readonly value: string | null;
  readonly extraction: Extraction;
  /** Why there is no value; null when there is one. */
  readonly code: FailureCode | null;
}

/** Why a turn holds no answer at all: nothing written, thinking that never ended, a refusal, or another form than asked for. */
export function codeOfNoAnswer(
  turn: Pick<AssistantTurn, 'answer' | 'thinking' | 'reasoning' | 'finishReason'>,
): FailureCode {
  if (turn.answer.trim() !== '') return isRefusal(turn.answer) ? 'gen.refused' : 'extract.no_answer';
  if (turn.thinking === 'unclosed' && turn.finishReason === 'length') return 'gen.truncated.in_think';
  return turn.reasoning === null ? 'gen.empty' : 'gen.empty_after_think';
}

/**
 * The one answer of a turn. Lines whose value has no canonical form (placeholders, hedges) do not count; two different answers are
 * `extract.ambiguous`, so that listing candidates never wins.
 */
export function readAnswer(turn: AssistantTurn, canonical: (value: string) => string | null): ReadAnswer {
  const found = parseAnswerLines(turn.answer).flatMap(({ value, span }) => {
    const form = canonical(value);
    return form === null ? [] : [{ form, span }];
  });
  const distinct = new Set(found.map(({ form }) => form));
  const last = found.at(-1);
  if (last === undefined) return { value: null, extraction: noExtraction, code: codeOfNoAnswer(turn) };
  const extraction: Extraction = {
    value: last.form,
    method: 'answer-line',
    span: last.span,
    candidates: distinct.size,
  };
  return distinct.size > 1
    ? { value: null, extraction: { ...extraction, value: null }, code: 'extract.ambiguous' }
    : { value: last.form, extraction, code: null };
}
