import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer, type LabelledResponse } from '../core/ports/scorer.ts';
import type { Measures, Scored } from '../core/score.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { codeOfNoAnswer } from '../text/read-answer.ts';
import { isRefusal } from '../text/refusal.ts';
import { looseVariants } from './constraints/loose-variants.ts';
import { breakInstruction } from './ifeval/break-instruction.ts';
import { followsInstruction } from './ifeval/check-instruction.ts';
import { composeResponse } from './ifeval/compose-response.ts';
import type { CheckMode, Instruction } from './ifeval/instruction.ts';
import { answerBody } from './support/answer-body.ts';

/** A prompt of the benchmark with its instructions. */
export interface IfevalInput {
  readonly prompt: string;
  readonly instructions: readonly Instruction[];
}

/** Verdicts on the instructions of one answer, in one mode. */
interface Verdicts {
  readonly strict: readonly boolean[];
  readonly loose: readonly boolean[];
}

/** The last part of an instruction id, e.g. `no_comma`. */
export const shortName = (id: string): string => id.slice(id.indexOf(':') + 1);

/** Checks IFEval's instructions; the score is 1 when all are followed by the upstream rules on the answer as it stands. Corrected verdicts stand beside. */
export default defineScorer<IfevalInput, null>({
  id: 'ifeval-instructions',
  version: 2,
  score({ sample, response }): Scored {
    const { instructions } = sample.input;
    const answer = answerBody(response.answer);
    const upstream = judge(answer, instructions, 'upstream');
    const corrected = judge(answer, instructions, 'corrected');
    const broken = instructions.filter((_, index) => !upstream.strict[index]);
    const isRight = broken.length === 0;
    const cause: readonly FailureCode[] =
      answer.trim() === '' ? [codeOfNoAnswer({ ...response, answer })] : isRefusal(answer) ? ['gen.refused'] : [];
    return {
      kind: 'scored',
      score: isRight ? 1 : 0,
      extraction: null,
      measures: {
        instructions: instructions.length,
        ...measuresOf(upstream, ''),
        ...measuresOf(corrected, 'corrected_'),
        ...Object.fromEntries(
          instructions.map(({ id }, index) => [`type.${shortName(id)}`, upstream.strict[index] ? 1 : 0]),
        ),
      },
      codes: isRight ? [] : [...cause, ...new Set(broken.map(({ id }): FailureCode => `if.${shortName(id)}`))],
      explanation: isRight
        ? null
        : broken.map(({ id, given }) => `${id} ${JSON.stringify(given)} is not followed`).join('; '),
    };
  },
  gold: ({ input }) => goldResponses(input),
  wrong: ({ input }) => wrongResponses(input),
});

function judge(answer: string, instructions: readonly Instruction[], mode: CheckMode): Verdicts {
  const variants = looseVariants(answer);
  const strict = instructions.map((each) => followsInstruction(answer, each, mode));
  const loose = instructions.map(
    (each, index) => strict[index] === true || variants.some((variant) => followsInstruction(variant, each, mode)),
  );
  return { strict, loose };
}

const measuresOf = ({ strict, loose }: Verdicts, prefix: string): Measures => ({
  [`${prefix}prompt_strict`]: strict.every(Boolean) ? 1 : 0,
  [`${prefix}prompt_loose`]: loose.every(Boolean) ? 1 : 0,
  [`${prefix}instructions_strict`]: strict.filter(Boolean).length,
  [`${prefix}instructions_loose`]: loose.filter(Boolean).length,
});

const labelled = (kind: string, text: string | null): LabelledResponse => ({ kind, response: textResponse(text) });

function goldResponses({ instructions }: IfevalInput): readonly LabelledResponse[] {
  const text = composeResponse(instructions);
  if (text === null) return [];
  return [
    labelled('plain', text),
    ...[1, 2]
      .map((take) => composeResponse(instructions, take))
      .filter((other) => other !== null)
      .map((other, index) => labelled(`other-text-${index + 1}`, other)),
    labelled('line-after', `${text}\n`),
    labelled('space-after', `${text}  \n `),
    labelled('end-token', `${text}<|im_end|>`),
    labelled('think-pair', `<think>\nI must follow all of it.\n</think>\n\n${text}`),
    labelled('think-empty', `<think>\n\n</think>\n\n${text}`),
    labelled('think-close-only', `First I plan, then I write.\n</think>\n${text}`),
    labelled('think-twice', `<think>a</think>\nNo, again.\n<think>b</think>\n${text}`),
    { kind: 'think-field', response: textResponse(text, { reasoning: 'Count the words, mind the commas.' }) },
    { kind: 'cut-after-the-end', response: textResponse(text, { finishReason: 'length' }) },
  ];
}

function wrongResponses({ instructions }: IfevalInput): readonly LabelledResponse[] {
  const text = composeResponse(instructions) ?? '';
  return [
    ...instructions.flatMap((each) => {
      const broken = breakInstruction(text, each);
      return broken === null ? [] : [labelled(`break-${shortName(each.id)}`, broken)];
    }),
    labelled('empty', ''),
    labelled('null', null),
    labelled('blank', ' \n\t\n'),
    labelled('end-token-first', `<|im_end|>${text}`),
    labelled('only-thought', `<think>\n${text}\n</think>`),
    labelled('thought-then-blank', `<think>\n${text}\n</think>\n \n`),
    { kind: 'unfinished-thought', response: textResponse(`<think>\n${text}`, { finishReason: 'length' }) },
    { kind: 'empty-after-thought', response: textResponse('', { reasoning: text }) },
    { kind: 'null-after-thought', response: textResponse(null, { reasoning: text }) },
    { kind: 'template-thought', response: textResponse(text, { templateOpened: true }) },
    labelled('thought-again', `<think>a</think>\n<think>\n${text}`),
  ];
}
