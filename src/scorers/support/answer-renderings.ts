import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse } from '../../text/assistant-turn.ts';

/** What the renderings of an answer-line task are made from. */
export interface AnswerSheet {
  /** The prompt as asked, for the answer that only repeats it. */
  readonly prompt: string;
  /** The right value as a model would write it. */
  readonly value: string;
  /** Lines that derive it. */
  readonly steps: readonly string[];
  /** Wrong values by the mistake they stand for, at least one. */
  readonly wrong: readonly { readonly kind: string; readonly value: string }[];
  /** The placeholder of the prompt's answer line, e.g. `<whole number>`. */
  readonly placeholder: string;
}

/** The right answer in the ways models write it; each must score 1. */
export function goldAnswers({ value, steps, wrong }: AnswerSheet): readonly LabelledResponse[] {
  const line = `ANSWER: ${value}`;
  const worked = [...steps, line].join('\n');
  const [{ value: miss } = { value: '' }] = wrong;
  const draft = `ANSWER: ${miss}`;
  const text = (kind: string, content: string): LabelledResponse => ({ kind, response: textResponse(content) });
  return [
    text('worked', worked),
    text('plain', line),
    text('lower-case', `answer: ${value}`),
    text('bold', `${steps.join('\n')}\n\n**ANSWER: ${value}**`),
    text('bold-label', `**Answer:** ${value}`),
    text('final-answer', `So we are done.\n\nFinal answer: ${value}`),
    text('heading', `### ANSWER: ${value}\n`),
    text('full-stop', `${line}.`),
    text('white-space', `\n\n  ANSWER:   ${value}  \r\n\r\n`),
    text('code-marks', `ANSWER: \`${value}\``),
    text('boxed', `ANSWER: $\\boxed{${value}}$`),
    text('quoted', `ANSWER: "${value}"`),
    text('next-line', `ANSWER:\n${value}`),
    text('said-twice', `${line}\nLet me check that.\n${line}`),
    text('prose-around', `Let me work this out.\n${worked}\nI hope this helps.`),
    text('think-pair', `<think>\nFirst guess: ${draft}\n</think>\n\n${worked}`),
    text('think-close-only', `First guess.\n${draft}\n</think>\n${line}`),
    { kind: 'think-field', response: textResponse(line, { reasoning: `maybe ${draft}` }) },
  ];
}

/** Known wrong answers; each must score below 1. */
export function wrongAnswers({ prompt, value, steps, wrong, placeholder }: AnswerSheet): readonly LabelledResponse[] {
  const line = `ANSWER: ${value}`;
  const [{ value: miss } = { value: '' }] = wrong;
  const text = (kind: string, content: string | null): LabelledResponse => ({ kind, response: textResponse(content) });
  return [
    ...wrong.map(({ kind, value: near }) => text(kind, [...steps.slice(0, -1), `ANSWER: ${near}`].join('\n'))),
    text('empty', ''),
    text('null', null),
    text('ok', 'OK'),
    text('refusal', 'I am sorry, but I cannot help with that.'),
    text('echo', prompt),
    text('placeholder', `ANSWER: ${placeholder}`),
    text('no-answer-line', `It comes out as ${value}, I believe.`),
    text('two-answers', `${line}\nANSWER: ${miss}`),
    text('hedge', `ANSWER: either ${value} or maybe ${miss}`),
    text('answer-only-in-thought', `<think>\n${line}\n</think>\n`),
    text('other-answer-after-thought', `<think>\n${line}\n</think>\nANSWER: ${miss}`),
    {
      kind: 'unfinished-thought',
      response: textResponse(`<think>\n${steps.join('\n')}\n${line}`, { finishReason: 'length' }),
    },
    { kind: 'cut-before-answer', response: textResponse(steps.join('\n'), { finishReason: 'length' }) },
    { kind: 'empty-after-thought', response: textResponse('', { reasoning: line }) },
  ];
}
