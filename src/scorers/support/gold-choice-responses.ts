import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse, type RawTurn } from '../../text/assistant-turn.ts';
import { distinctText } from './distinct-text.ts';
import type { ChoiceInput } from './choice-sample.ts';

const labelled = (kind: string, text: string, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

/** Renderings that give the option's text instead of its label; none where the text does not tell the options apart. */
function byText(input: ChoiceInput, gold: string): readonly LabelledResponse[] {
  const text = distinctText(input, gold);
  if (text === null) return [];
  return [
    labelled('text', text),
    labelled('answer-is-text', `The answer is: ${text}`),
    labelled('boxed-text', `\\boxed{\\text{${text}}}`),
    labelled('json-text', `{"answer": ${JSON.stringify(text)}}`),
  ].filter(({ kind }) => kind !== 'boxed-text' || !/[{}\\]/.test(text));
}

const textOf = ({ options }: ChoiceInput, gold: string): string =>
  options
    .filter(({ label }) => label === gold)
    .map(({ text }) => text)
    .join('');

/** A right choice in the many ways models write it; each must be accepted. */
export function goldChoiceResponses(input: ChoiceInput, gold: string): readonly LabelledResponse[] {
  const { options } = input;
  const other = options.find(({ label }) => label !== gold)?.label ?? gold;
  const text = textOf(input, gold);
  const analysis = options
    .map(({ label }) => `${label}. This one ${label === gold ? 'fits' : 'does not fit'}.`)
    .join('\n');
  const lower = gold.toLowerCase();
  const draft = `At first sight the answer is ${other}. Let me check.`;
  const wide = /^[A-Z0-9]$/.test(gold) ? String.fromCharCode(gold.charCodeAt(0) + 0xfee0) : gold;
  return [
    labelled('plain', gold),
    labelled('period', `${gold}.`),
    labelled('lower-case', lower),
    labelled('parentheses', `(${gold})`),
    labelled('bold', `**${gold}**`),
    labelled('label-and-text', `${gold}. ${text}`),
    labelled('label-parenthesis-text', `${gold}) ${text}`),
    labelled('answer-is', `Looking at each option, the answer is ${gold}.`),
    labelled('answer-is-lower', `The correct answer is (${lower}).`),
    labelled('answer-because', `Answer: ${gold} because it fits best.`),
    labelled('answer-colon', `ANSWER: ${gold}`),
    labelled('bold-colon', `**Answer:** ${gold}`),
    labelled('bold-answer', `ANSWER: **${gold}**`),
    labelled('answer-parentheses', `Answer: (${gold}) ${text}`),
    labelled('option-is', `The correct option is **${gold}**.`),
    labelled('boxed', `Therefore, the correct answer is \\boxed{${gold}}.`),
    labelled('display-boxed', `We get\n\n$$\n\\boxed{\\text{${gold}}}\n$$`),
    labelled('boxed-parentheses', `\\[ \\boxed{(${gold})} \\]`),
    labelled('boxed-in-sentence', `Taking it all together gives \\boxed{${gold}} as the result of the comparison.`),
    labelled('boxed-revised', `\\boxed{${other}}\n\nNo, that leaves something out.\n\n\\boxed{${gold}}`),
    labelled('json', `{"reasoning": "It is not ${other}.", "answer": "${gold}"}`),
    labelled('json-field', `"answer": "${gold}"`),
    labelled('json-over-draft', `{"reasoning": "First \\boxed{${other}}, then put right.", "answer": "${gold}"}`),
    labelled('json-fenced', `\`\`\`json\n{"answer": "${lower}"}\n\`\`\``),
    labelled('code-fence', `\`\`\`\n${gold}\n\`\`\``),
    labelled('markdown-list', `${analysis}\n\n- **Final answer:** ${gold}`),
    labelled('heading', `${analysis}\n\n### Answer\n\n${gold}`),
    labelled('verdict', `${analysis}\n\nOption ${gold} is the correct one, as option ${gold} is correct.`),
    labelled('verdict-before-rest', `Option ${gold} is correct.\n\nAll the others leave something out.`),
    labelled('bold-in-sentence', `Taking it all together, **${gold}** fits and the rest does not`),
    labelled('in-last-sentence', `They all have something to them. Taking it all together, it must be (${gold}) here`),
    labelled('last-line', `${analysis}\n\n${gold}`),
    labelled('first-line', `${gold}\n\nThe others leave something out.`),
    labelled('crlf', `Step one.\r\n\r\nThe answer is ${gold}.\r\n`),
    labelled('full-width', `\uff08${wide}\uff09`),
    labelled('revised', `The answer is ${other}.\n\nNo, that leaves something out. The answer is ${gold}.`),
    labelled('note-after', `The answer is ${gold}.\n\nNote: ${other} would be right in another case.`),
    labelled('chinese', `正确答案是 ${gold}。`),
    labelled('paired-think', `<think>\n${draft}\n</think>\n\n${gold}`),
    labelled('empty-think', `<think>\n\n</think>\n\n\\boxed{${gold}}`),
    labelled('close-only-think', `${draft}\n</think>\n\nThe answer is ${gold}.`),
    labelled('reasoning-field', `"answer": "${gold}"`, { reasoning: draft }),
    labelled('end-token', `${gold}<|im_end|>\n<|im_start|>user\n${other}`),
    labelled('cut-after-answer', `The answer is ${gold}.\n\nThe other options are wrong, as`, {
      finishReason: 'length',
    }),
    ...byText(input, gold),
  ];
}
