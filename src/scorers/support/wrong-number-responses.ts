import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse, type RawTurn } from '../../text/assistant-turn.ts';
import { grouped, negated, neighbour } from './number-forms.ts';

const labelled = (kind: string, text: string | null, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

/** Numbers that look like the gold one and are not, by the kind of the mistake. */
function nearMisses(gold: string): readonly (readonly [kind: string, value: string])[] {
  const isWhole = /^-?\d+$/.test(gold);
  const misses: (readonly [string, string])[] = [
    ['off-by-one', neighbour(gold, 1n)],
    ['one-less', neighbour(gold, -1n)],
    ['far-off', neighbour(gold, 1000n)],
  ];
  const opposite = negated(gold);
  if (opposite !== null) misses.push(['negated', opposite], ['ten-fold', isWhole ? `${gold}0` : neighbour(gold, 10n)]);
  if (isWhole) {
    misses.push(['digit-added', `${gold}5`], ['half-more', `${gold}.5`]);
    misses.push(['digit-before', gold.startsWith('-') ? `-1${gold.slice(1)}` : `1${gold}`]);
    if (/\d{2,}/.test(gold)) misses.push(['digit-dropped', gold.slice(0, -1)]);
    // Six and more digits agree in the first five: formats that round to five digits cannot tell them apart.
    const large = `${gold}${'0'.repeat(Math.max(0, 6 - gold.replace('-', '').length))}`;
    misses.push(['large-neighbour', neighbour(large, 1n)]);
  }
  return misses.filter(([, value]) => value !== gold);
}

const statementsOf = (value: string): readonly string[] => [
  `So the final answer is $\\boxed{${value}}$.`,
  `The answer is ${grouped(value)}.`,
  `In total, she has ${grouped(value)}.`,
];

/** Wrong answers of known kind to a question with this gold number; each must be rejected. */
export function wrongNumberResponses(gold: string, question: string): readonly LabelledResponse[] {
  const other = neighbour(gold, 1n);
  const digits = gold.replace(/^-/, '');
  const sign = gold.startsWith('-') ? '-' : '';
  const near = nearMisses(gold).map(([kind, value], index) => {
    const statements = statementsOf(value);
    return labelled(kind, String(statements[index % statements.length]));
  });
  return [
    ...near,
    labelled('empty', ''),
    labelled('blank', ' \n\n '),
    labelled('null-content', null),
    labelled('refusal', "I'm sorry, but I can't help with that."),
    labelled('restated-question', question),
    labelled('no-number', 'We would have to work this out step by step.'),
    labelled('either', `The answer is either ${other} or ${gold}.`),
    labelled('either-turned', `The answer is either ${gold} or ${other}.`),
    labelled('between', `The answer is between ${gold} and ${other}.`),
    labelled('only-denied', `The answer is not ${gold}.`),
    labelled('either-boxed', `\\boxed{${other}} or \\boxed{${gold}}`),
    labelled('list-of-guesses', `It is ${neighbour(gold, -1n)}, ${other}, or ${gold}`),
    labelled('denied', `The answer is not ${gold}. The answer is ${other}.`),
    labelled('note-with-gold', `The answer is ${other}.\n\nNote: others get ${gold}.`),
    labelled('note-with-boxed-gold', `\\boxed{${other}}\n\n(Note: \\boxed{${gold}} is a common result.)`),
    labelled('remark-with-gold', `ANSWER: ${other}\nThis differs from ${gold}, which leaves one out.`),
    labelled('bare-note', `So she has ${other}.\n\nP.S. It would be ${gold} tomorrow.`),
    labelled('aside', `So she has ${other}.\n\nSome people would say ${gold}.`),
    labelled('condition', `So she has ${other}.\n\nIf none were lost, it would be ${gold}.`),
    labelled('gold-as-step', `First she has ${gold}. One more makes \\boxed{${other}}.`),
    labelled('revised-away', `The answer is ${gold}.\n\nWait, that leaves one out. The answer is ${other}.`),
    labelled('unclosed-think', `<think>\nSo it is ${gold}. \\boxed{${gold}}`, { finishReason: 'length' }),
    labelled('template-opened-think', `So it is \\boxed{${gold}}`, { templateOpened: true, finishReason: 'length' }),
    labelled('gold-only-in-think', `<think>\\boxed{${gold}}</think>\n\n\\boxed{${other}}`),
    labelled('gold-before-close', `The answer is ${gold}.\n</think>\n\nThe answer is ${other}.`),
    labelled('gold-only-in-field', `The answer is ${other}.`, { reasoning: `\\boxed{${gold}}` }),
    labelled('field-without-answer', '', { reasoning: `The answer is \\boxed{${gold}}.` }),
    labelled('cut-mid-number', `The answer is ${sign}${digits.slice(0, -1)}`, { finishReason: 'length' }),
    labelled('cut-at-number', `The answer is ${gold}`, { finishReason: 'length' }),
    labelled('cut-mid-box', `So it is \\boxed{${gold}`, { finishReason: 'length' }),
    labelled('cut-mid-reasoning', `That gives ${gold} so far, and now we add`, { finishReason: 'length' }),
    labelled('json-wrong', `{"reasoning": "not ${gold}", "answer": ${/[/]/.test(other) ? `"${other}"` : other}}`),
    labelled('unfinished-sum', `\\boxed{${gold} + 1}`),
    ...(gold === '0' ? [] : [labelled('unfinished-double', `\\boxed{${gold} + ${gold}}`)]),
    labelled('revised-box', `\\boxed{${gold}}\n\nWait, that leaves one out.\n\n\\boxed{${other}}`),
    labelled('malformed-group', `\\boxed{${sign}${digits.slice(0, 1)},${digits.slice(1)}0,0}`),
  ];
}
