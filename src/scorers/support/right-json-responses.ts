import type { Json, JsonObject } from '../../core/json.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import { formatSpacedJson } from '../../text/tool-calls/format-tool-calls.ts';
import type { ValueMatcher } from './tool-calling/value-matcher.ts';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function keysReversed(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => keysReversed(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, keysReversed(member)]),
  );
}

function setsReversed(value: Json, matcher: ValueMatcher | undefined): Json {
  if (matcher?.kind === 'set' && Array.isArray(value)) return [...(value as readonly Json[])].toReversed();
  if (matcher?.kind !== 'object' || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, setsReversed(member, matcher.members[key])]),
  );
}

/** Letters as \u escapes inside every string. */
const escaped = (json: string): string =>
  json.replace(/[a-z](?=[^"\\]*"(?:[,}\]]|$))/, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Spellings of the right value that must all count as right. */
export function rightJsonResponses(gold: JsonObject, matcher: ValueMatcher): readonly LabelledResponse[] {
  const json = JSON.stringify(gold);
  const thought = 'The text names every field.';
  const texts: readonly (readonly [string, string])[] = [
    ['compact', json],
    ['spaced', formatSpacedJson(gold)],
    ['indented', JSON.stringify(gold, null, 2)],
    ['tabs', JSON.stringify(gold, null, '\t')],
    ['crlf', JSON.stringify(gold, null, 2).replaceAll('\n', '\r\n')],
    ['white-space', `\n\n ${json} \n`],
    ['keys-reversed', JSON.stringify(keysReversed(gold))],
    ['sets-reordered', JSON.stringify(setsReversed(gold, matcher))],
    ['decimal-points', json.replace(/(:|\[|,)(-?\d+)(?=[,}\]])/g, '$1$2.0')],
    ['escapes', escaped(json)],
    ['paired-think', `<think>\n${thought}\n</think>\n\n${json}`],
    ['draft-in-think', `<think>\n{"draft": true}\n</think>\n${json}`],
    ['close-only-think', `${thought}\n</think>\n\n${json}`],
  ];
  return [
    ...texts.map(([kind, text]) => ({ kind, response: textResponse(text) })),
    { kind: 'reasoning-field', response: textResponse(json, { reasoning: thought }) },
  ];
}
