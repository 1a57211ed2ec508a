import type { FailureCode } from '../core/failure-code.ts';
import type { Json, JsonObject, JsonSchema } from '../core/json.ts';
import { defineScorer, type ScoringInput } from '../core/ports/scorer.ts';
import type { Measures, Scored } from '../core/score.ts';
import { climbJsonLadder, type JsonLadder, type JsonRung } from '../text/json-ladder.ts';
import { rightJsonResponses } from './support/right-json-responses.ts';
import { schemaIssues } from './support/json-schema.ts';
import { matchesValue, type ValueMatcher } from './support/tool-calling/value-matcher.ts';
import { wrongJsonResponses } from './support/wrong-json-responses.ts';

/** What is asked: a passage and the schema of the answer. */
export interface JsonOutputInput {
  readonly prompt: string;
  readonly schema: JsonSchema;
  /** Difficulty, 0 the easiest. */
  readonly level: number;
}

/** What each member must be, and a value that is right. */
export interface JsonOutputTarget {
  readonly matcher: ValueMatcher;
  readonly gold: JsonObject;
}

interface Fault {
  readonly code: FailureCode;
  readonly detail: string;
}

const rungs: readonly JsonRung[] = ['strict', 'fenced', 'extractable', 'repairable'];

/** How many members are right, counted at the leaves of the matcher. */
function fieldsRight(
  matcher: ValueMatcher,
  value: Json | undefined,
): { readonly right: number; readonly total: number } {
  if (matcher.kind !== 'object') return { right: matchesValue(matcher, value) ? 1 : 0, total: 1 };
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  let [right, total] = [0, 0];
  for (const [key, member] of Object.entries(matcher.members)) {
    const inner = fieldsRight(member, Object.hasOwn(members, key) ? members[key] : undefined);
    right += inner.right;
    total += inner.total;
  }
  return { right, total };
}

function formFaults(ladder: JsonLadder, isTruncated: boolean): Fault[] {
  if (isTruncated && ladder.rung === null && ladder.issues.length > 0)
    return [{ code: 'gen.truncated.in_json', detail: 'the token limit cut the JSON off' }];
  return ladder.issues.map(({ code, offset }) => ({
    code: `json.${code}`,
    detail: `not plain JSON: ${code.replaceAll('_', ' ')} at offset ${offset}`,
  }));
}

/** The first member that is wrong, by path. */
function wrongPath(matcher: ValueMatcher, value: Json | undefined, path = ''): string | null {
  if (matchesValue(matcher, value)) return null;
  if (matcher.kind !== 'object' || typeof value !== 'object' || value === null || Array.isArray(value)) return path;
  const members = value as JsonObject;
  for (const [key, member] of Object.entries(matcher.members)) {
    const found = wrongPath(member, members[key], `${path}/${key}`);
    if (found !== null) return found;
  }
  return path;
}

function score({ sample, response }: ScoringInput<JsonOutputInput, JsonOutputTarget>): Scored {
  const { schema, level } = sample.input;
  const { matcher } = sample.target;
  const isTruncated = response.finishReason === 'length';
  const ladder = climbJsonLadder(response.answer, { isTruncated });
  const { rung, value, span } = ladder;
  const issues = value === undefined ? [] : schemaIssues(schema, value);
  const isValid = value !== undefined && issues.length === 0;
  const isContentRight = value !== undefined && matchesValue(matcher, value);
  const { right, total } = fieldsRight(matcher, value);
  const reached = rung === null ? rungs.length : rungs.indexOf(rung);
  const measures: Measures = {
    json_strict: reached <= 0 ? 1 : 0,
    json_fenced: reached <= 1 ? 1 : 0,
    json_extractable: reached <= 2 ? 1 : 0,
    json_repairable: reached <= 3 ? 1 : 0,
    schema_valid: isValid ? 1 : 0,
    content_right: isContentRight ? 1 : 0,
    fields_right: right / total,
    right_when_extracted: reached <= 2 && isValid && isContentRight ? 1 : 0,
    level,
  };
  const extraction =
    rung === null || span === null
      ? null
      : { value: response.answer.slice(...span), method: rung, span, candidates: 1 };
  const faults = [
    ...formFaults(ladder, isTruncated),
    ...issues.map(({ code, message }) => ({ code, detail: message })),
  ];
  if (value !== undefined && !isContentRight && issues.length === 0) {
    faults.push({
      code: 'args.wrong_value',
      detail: `${wrongPath(matcher, value) || 'the value'} is not what the text says`,
    });
  }
  const isRight = rung === 'strict' && isValid && isContentRight;
  return {
    kind: 'scored',
    score: isRight ? 1 : 0,
    extraction,
    measures,
    codes: isRight ? [] : faults.map(({ code }) => code),
    explanation: isRight ? null : (faults[0]?.detail ?? 'there is no JSON'),
  };
}

/**
 * Judges a JSON answer: 1 when the whole response is strict JSON, valid by the schema, and every member says what the text says. The
 * measures tell the lower rungs apart: inside a fence, among prose, after harmless repairs.
 */
export default defineScorer<JsonOutputInput, JsonOutputTarget>({
  id: 'json-output',
  version: 1,
  score,
  gold: ({ target }) => rightJsonResponses(target.gold, target.matcher),
  wrong: ({ input, target }) => wrongJsonResponses(input, target),
});
