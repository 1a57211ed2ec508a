import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse, type RawTurn } from '../../text/assistant-turn.ts';

type TextKind = 'words' | 'brackets';

const labelled = (kind: string, text: string | null, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

const partsOf = (kind: TextKind, value: string): readonly string[] =>
  kind === 'words' ? value.split(' ') : Array.from(value);

/** The same parts in another order, or one more of them: never equal to the value. */
function disturbed(kind: TextKind, value: string): string {
  const parts = [...partsOf(kind, value)];
  const joined = parts.toReversed().join(' ');
  return joined === parts.join(' ') ? [...parts, ...parts.slice(0, 1)].join(' ') : joined;
}

/** A right list or sequence in the many ways models write it; each must be accepted. */
export function goldTextResponses(kind: TextKind, gold: string): readonly LabelledResponse[] {
  const parts = partsOf(kind, gold);
  const spaced = parts.join(' ');
  const other = disturbed(kind, gold);
  const boxed = kind === 'brackets' ? spaced.replaceAll(/[{}]/g, String.raw`\$&`) : String.raw`\text{${spaced}}`;
  const draft = `First try. The answer is ${other}\n\nNo, that is wrong.`;
  const common = [
    labelled('plain', spaced),
    labelled('answer-is', `Step by step.\n\nThe answer is ${spaced}.`),
    labelled('answer-colon', `ANSWER: ${spaced}`),
    labelled('bold-colon', `**Answer:** ${spaced}`),
    labelled('bold-answer', `The answer is **${spaced}**`),
    labelled('commas', `The final answer is: ${parts.join(', ')}`),
    labelled('boxed', `So we get $\\boxed{${boxed}}$.`),
    labelled('json', `{"answer": ${JSON.stringify(spaced)}}`),
    labelled('json-fenced', `\`\`\`json\n{\n  "answer": ${JSON.stringify(spaced)}\n}\n\`\`\``),
    labelled('code-fence', `The answer is:\n\`\`\`\n${spaced}\n\`\`\``),
    labelled('heading', `Step by step.\n\n### Final Answer\n\n${spaced}`),
    labelled('last-line', `Step by step.\n\n${spaced}`),
    labelled('crlf', `Step one.\r\n\r\nThe answer is ${spaced}\r\n`),
    labelled('paired-think', `<think>\n${draft}\n</think>\n\nThe answer is ${spaced}`),
    labelled('close-only-think', `${draft}\n</think>\n\n${spaced}`),
    labelled('reasoning-field', `The answer is ${spaced}`, { reasoning: draft }),
    labelled('revised', `The answer is ${other}\n\nWait. The answer is ${spaced}`),
    labelled('note-after', `The answer is ${spaced}\n\nNote: the answer is ${other} in another case.`),
  ];
  if (kind === 'brackets') return [...common, labelled('unspaced', `The answer is ${gold}`)];
  return [
    ...common,
    labelled('upper-case', `The answer is ${spaced.toUpperCase()}`),
    labelled('numbered', `The answer is:\n${parts.map((part, index) => `${index + 1}. ${part}`).join('\n')}`),
    labelled('bullets', `The answer is:\n${parts.map((part) => `- ${part}`).join('\n')}`),
    labelled('announced', `Step by step.\n\nThe sorted list is: ${spaced}`),
  ];
}

/** Wrong lists or sequences of known kind; each must be rejected. */
export function wrongTextResponses(kind: TextKind, gold: string, question: string): readonly LabelledResponse[] {
  const parts = partsOf(kind, gold);
  const spaced = parts.join(' ');
  const other = disturbed(kind, gold);
  const added = kind === 'words' ? 'zebra' : '(';
  return [
    labelled('other-order', `The answer is ${other}`),
    labelled('other-order-plain', other),
    labelled('one-more', `The answer is ${spaced} ${added}`),
    labelled('one-before', `ANSWER: ${added} ${spaced}`),
    ...(parts.length > 1
      ? [
          labelled('last-missing', `The answer is ${parts.slice(0, -1).join(' ')}`),
          labelled('first-missing', parts.slice(1).join(' ')),
        ]
      : []),
    labelled('doubled', `The answer is ${spaced} ${spaced}`),
    labelled('empty', ''),
    labelled('blank', ' \n '),
    labelled('null-content', null),
    labelled('refusal', "I'm sorry, but I can't help with that."),
    ...(kind === 'words' && question.toLowerCase().endsWith(spaced) ? [] : [labelled('restated-question', question)]),
    labelled('no-answer', 'We would have to work this out step by step'),
    labelled('revised-away', `The answer is ${spaced}\n\nWait. The answer is ${other}`),
    labelled('note-with-gold', `The answer is ${other}\n\nNote: the answer is ${spaced} in another case.`),
    labelled('unclosed-think', `<think>\nThe answer is ${spaced}`, { finishReason: 'length' }),
    labelled('gold-only-in-think', `<think>The answer is ${spaced}</think>\n\nThe answer is ${other}`),
    labelled('gold-only-in-field', `The answer is ${other}`, { reasoning: `The answer is ${spaced}` }),
    labelled('cut-off', `The answer is ${spaced}`, { finishReason: 'length' }),
  ];
}
