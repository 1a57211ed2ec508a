import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse, type RawTurn } from '../../text/assistant-turn.ts';
import { formatChoiceQuestion } from '../../text/choice-question.ts';
import type { ChoiceInput } from './choice-sample.ts';
import { firstDistinctText, plainWords as plain } from './distinct-text.ts';

const labelled = (kind: string, text: string | null, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

const openers: Readonly<Record<string, string>> = {
  A: 'Absolutely! Let me think about this one.',
  B: 'Before choosing, think about this one.',
  C: 'Certainly! Let me think about this one.',
  D: 'Depending on the case, more than one may fit.',
  E: 'Each one has something to it.',
};

const formsOf = (label: string): readonly string[] => [
  label,
  `\\boxed{${label}}`,
  `"answer": "${label}"`,
  `**Answer:** (${label})`,
];

/** Wrong answers of known kind to a question with this right option; each must be rejected. */
export function wrongChoiceResponses(input: ChoiceInput, gold: string): readonly LabelledResponse[] {
  const { options } = input;
  const others = options.filter(({ label }) => label !== gold).map(({ label }) => label);
  const other = others[0] ?? 'Z';
  const labels = options.map(({ label }) => label);
  const otherText = firstDistinctText(input, others);
  const prompt = formatChoiceQuestion(input.question, options);
  const said = options.map(({ text }) => ` ${plain(text)} `);
  /** Leaves out what would name an option by its text, and so could be right by chance. */
  const unlessNamed = (kind: string, text: string): readonly LabelledResponse[] =>
    said.some((option) => ` ${plain(text)} `.includes(option)) ? [] : [labelled(kind, text)];
  const mistaken = others.map((label, index) => {
    const forms = formsOf(label);
    return labelled(`other-option-${index + 1}`, String(forms[index % forms.length]));
  });
  return [
    ...mistaken,
    labelled('other-answer-is', `The answer is ${other}.`),
    ...(otherText === undefined
      ? []
      : [labelled('other-text', otherText), labelled('other-text-is', `The answer is: ${otherText}`)]),
    labelled('empty', ''),
    labelled('blank', ' \n\n '),
    labelled('null-content', null),
    ...unlessNamed('refusal', "I'm sorry, but I can't help with that."),
    labelled('restated-question', prompt),
    ...(input.question === '' ? [] : [labelled('restated-stem', input.question)]),
    labelled('all-options', options.map(({ label, text }) => `${label}. ${text}`).join('\n')),
    ...unlessNamed('all-labels', labels.join(', ')),
    ...unlessNamed('all-answers', `The answer is ${labels.join(' or ')}.`),
    ...unlessNamed('two-options', `Answer: ${other} or ${gold}`),
    labelled('two-boxes', `\\boxed{${other}} and \\boxed{${gold}}`),
    labelled('denied', `The answer is not ${gold}. The answer is ${other}.`),
    labelled('only-denied', `The answer is not ${gold}.`),
    labelled('unknown-label', 'The answer is Z.'),
    ...unlessNamed('none', 'None of the above.'),
    ...unlessNamed('word-with-letter', openers[gold] ?? `${gold}5 is a road.`),
    ...unlessNamed('label-in-word', /\d/.test(gold) ? `Answer: ${gold}.75 m` : `Answer: ${gold}'s law`),
    ...unlessNamed('label-before-dash', `${gold}-shaped things, all of them`),
    ...unlessNamed('letter-in-prose', `There is plan ${gold} and plan ${other}, which both have something to them`),
    labelled('note-with-gold', `The answer is ${other}.\n\nNote: the answer is ${gold} in another case.`),
    labelled('revised-away', `The answer is ${gold}.\n\nNo, that leaves something out. The answer is ${other}.`),
    labelled('unclosed-think', `<think>\nThe answer is ${gold}. \\boxed{${gold}}`, { finishReason: 'length' }),
    labelled('template-opened-think', `The answer is ${gold}`, { templateOpened: true, finishReason: 'length' }),
    labelled('gold-only-in-think', `<think>The answer is ${gold}.</think>\n\nThe answer is ${other}.`),
    labelled('gold-before-close', `The answer is ${gold}.\n</think>\n\n${other}`),
    labelled('gold-only-in-field', other, { reasoning: `The answer is ${gold}.` }),
    labelled('field-without-answer', '', { reasoning: `The answer is ${gold}.` }),
    labelled('cut-mid-reasoning', `Let us look at each option.\n\n${gold}. This one`, { finishReason: 'length' }),
    labelled('json-wrong', `{"reasoning": "It could be ${gold}.", "answer": "${other}"}`),
    labelled('json-empty', `{"answer": ""}`),
  ];
}
