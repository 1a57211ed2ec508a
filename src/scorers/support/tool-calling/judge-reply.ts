import type { CallFault } from './judge-calls.ts';
import type { ToolExpectation } from './tool-expectation.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** True when a text names one of these words or phrases, whole and without regard to case; plurals count. */
export function mentionsAny(text: string, names: readonly string[]): boolean {
  return names.some((name) =>
    new RegExp(String.raw`(?<![\p{L}\p{N}_])${escaped(name).replace(/[ _]/g, '[ _]')}s?(?![\p{L}\p{N}_])`, 'iu').test(
      text,
    ),
  );
}

/** `notify` as it stands in `notified`: short names stay as they are. */
function inflected(name: string): string {
  if (name.length < 5 || /[ _]/.test(name)) return escaped(name).replace(/[ _]/g, '[ _]');
  if (name.endsWith('y')) return `${escaped(name.slice(0, -1))}(?:y|ies|ied|ying)`;
  return name.endsWith('e') ? `${escaped(name.slice(0, -1))}(?:e|ed|ing)` : `${escaped(name)}(?:ed|ing)?`;
}

/** Where a name is `which <thing>`, other ways to ask which thing is meant. */
function askingPattern(name: string): string {
  const thing = /^which (.+)$/.exec(name)?.[1];
  if (thing === undefined) return inflected(name);
  const ways = '(?:which|what|specify|identify|name|select|choose)(?: of)?(?: the| your| these| this)?';
  return `${ways}(?: specific| exact| particular| right)?[ ]${escaped(thing)}`;
}

const isNamed = (text: string, names: readonly string[]): boolean =>
  names.some((name) =>
    new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${askingPattern(name)})s?(?![\p{L}\p{N}_])`, 'iu').test(text),
  );

const requests =
  /\?|？|\b(?:please|provide|specify|tell|give|share|clarify|confirm|indicate|identify|need(?:ed|s)?|requir(?:e|es|ed)|missing|lack(?:s|ing)?|which|what|state|supply|enter|without|unclear|know|unspecified|not (?:been )?(?:specified|provided|given|mentioned|stated|clear)|choose|select)\b/i;
/** The offer of more help at the end of a reply, which asks for nothing. */
const offers =
  /\b(?:let me know|feel free|is there)[^.?!\n]{0,120}\b(?:else|more|further|help|assistance|questions?|anything|something)\b[^.?!\n]{0,120}\??/gi;

/** True when a reply asks for something under one of these names; to say that all is done asks for nothing. */
function asksFor(text: string, names: readonly string[]): boolean {
  const asking = text.replace(offers, '');
  return requests.test(asking) && isNamed(asking, names);
}

/** True when a text names everything that was already said and repeats none of it: it lists parameters instead of asking for one. */
function listsEverything(text: string, given: Extract<ToolExpectation, { kind: 'ask' }>['given']): boolean {
  if (given.length < 2) return false;
  const lower = text.toLowerCase();
  return given.every(({ names, text: value }) => mentionsAny(text, names) && !lower.includes(value.toLowerCase()));
}

/** Faults of a reply where no tool may be called: there must be text, and where a detail is missing the text must ask for it. */
export function replyFaults(text: string, expected: Exclude<ToolExpectation, { kind: 'calls' }>): readonly CallFault[] {
  if (text.trim() === '') return [{ code: 'extract.no_answer', detail: 'there is neither a call nor a text' }];
  if (expected.kind === 'none') return [];
  if (!asksFor(text, expected.names)) {
    return [{ code: 'answer.wrong.did_not_ask', detail: `the reply does not ask for ${expected.parameter}` }];
  }
  if (listsEverything(text, expected.given)) {
    return [
      { code: 'extract.ambiguous', detail: 'the reply lists every parameter instead of asking for the missing one' },
    ];
  }
  return [];
}
