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
  if (!mentionsAny(text, expected.names)) {
    return [{ code: 'answer.wrong.did_not_ask', detail: `the reply does not ask for ${expected.parameter}` }];
  }
  if (listsEverything(text, expected.given)) {
    return [
      { code: 'extract.ambiguous', detail: 'the reply lists every parameter instead of asking for the missing one' },
    ];
  }
  return [];
}
