import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse, type RawTurn } from '../../text/assistant-turn.ts';
import { grouped, neighbour, priced, withCents } from './number-forms.ts';

const labelled = (kind: string, text: string, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

/** A right number in the many ways models write it; each must be accepted. */
export function goldNumberResponses(gold: string): readonly LabelledResponse[] {
  const other = neighbour(gold, 7n);
  const another = neighbour(gold, -3n);
  const isWhole = /^-?\d+$/.test(gold);
  const commas = grouped(gold);
  const draft = `First guess: \\boxed{${other}}. The answer is ${another}? No, wait.`;
  return [
    labelled('plain', gold),
    labelled('prose', `Adding everything up, the total comes to ${commas}.`),
    labelled('answer-is', `Step by step.\n\nThe answer is ${commas}.`),
    labelled('boxed', `So the final answer is $\\boxed{${gold}}$.`),
    labelled('display-boxed', `We get\n\n$$\n\\boxed{${gold}}\n$$`),
    labelled('bracket-boxed', `Therefore:\n\\[ x = \\boxed{${commas}} \\]\n`),
    labelled('boxed-latex-group', `\\(\\boxed{${grouped(gold, '{,}')}}\\)`),
    labelled('boxed-units', `\\boxed{${gold} \\text{ units}}`),
    labelled('boxed-currency', `\\boxed{${priced(gold).replace('$', '\\$')}}`),
    labelled('boxed-trailing-zeros', `\\boxed{${withCents(gold)}}`),
    labelled('boxed-equation', `\\boxed{y = ${gold}}`),
    labelled('boxed-over-phrase', `The answer is ${other} before the discount. After it:\n\n$\\boxed{${gold}}$`),
    labelled('boxed-revised', `\\boxed{${other}}\n\nWait, that leaves one out.\n\n\\boxed{${gold}}`),
    ...(isWhole ? [labelled('boxed-sum', `\\boxed{${another} + 3 = ${gold}}`)] : []),
    labelled('latex-group', `In total that makes $${grouped(gold, '{,}')}$ of them`),
    labelled('bold', `**Answer:** **${commas}**`),
    labelled('bold-sentence', `There were several items.\n\nIn total she has **${commas}** of them.`),
    labelled('bold-before-rest', `In total she has **${commas}** of them, more than the ${other} before.`),
    labelled('commas', `ANSWER: ${commas}`),
    labelled('currency', `It costs ${priced(gold)} in all.`),
    labelled('trailing-zeros', `The answer is $${withCents(gold)}.`),
    labelled('units', `The final answer is ${gold} km.`),
    labelled('percent', `The answer is ${gold}%.`),
    labelled('hashes', `Half of it is lost.\n#### ${commas}`),
    labelled('hashes-before-rest', `Half of it is lost.\n#### ${commas}\n\nAt first it was ${other}.`),
    labelled(
      'json',
      `{"reasoning": "It was ${other} at first.", "answer": ${gold.includes('/') ? `"${gold}"` : gold}}`,
    ),
    labelled('json-over-draft', `{"working": "First \\boxed{${other}}, then put right.", "answer": "${gold}"}`),
    labelled('json-fenced', `\`\`\`json\n{\n  "answer": "${commas}"\n}\n\`\`\``),
    labelled('code-fence', `\`\`\`\n${gold}\n\`\`\``),
    labelled('markdown-list', `1. Start with the first.\n2. Add the rest.\n\n- **Final Answer:** ${commas}`),
    labelled('heading', `Adding up.\n\n### Final Answer\n\n${commas}`),
    labelled('heading-before-rest', `### Final Answer\n\n${commas}\n\n### Check\n\n${other} is too much.`),
    labelled('crlf', `Step one.\r\n\r\nThe answer is ${commas}.\r\n`),
    labelled('unicode', `ANSWER: ${grouped(gold, '\u202f').replace('-', '\u2212')}`),
    labelled('revised', `The answer is ${other}.\n\nWait, I forgot one. The answer is ${gold}.`),
    labelled('reason-after', `ANSWER: ${gold} because nothing else fits.`),
    labelled('note-after', `\\boxed{${gold}}\n\nNote: it would be ${other} without the discount.`),
    labelled('chinese', `一步一步计算。\n\n答案是 ${gold}。`),
    labelled('paired-think', `<think>\n${draft}\n</think>\n\nThe answer is ${gold}.`),
    labelled('empty-think', `<think>\n\n</think>\n\n\\boxed{${gold}}`),
    labelled('close-only-think', `${draft}\n</think>\n\n\\boxed{${gold}}`),
    labelled('reasoning-field', `The answer is ${gold}.`, { reasoning: draft }),
    labelled('end-token', `The answer is ${gold}.<|im_end|>\n<|im_start|>user\n${other}`),
    labelled('cut-after-box', `\\boxed{${gold}}\n\nTo check this, we can`, { finishReason: 'length' }),
  ];
}
