import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer, type LabelledResponse } from '../core/ports/scorer.ts';
import type { Extraction, Scored, ScoreOutcome } from '../core/score.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { parseAnswerLines } from '../text/answer-lines.ts';
import { codeOfNoAnswer } from '../text/read-answer.ts';
import { answerBody } from './support/answer-body.ts';

/** Recipe of a long prompt: it is written when it is asked, so that samples stay small. */
export interface LongContextInput {
  /** Seed of the case. */
  readonly key: string;
  /** Length class in tokens, reserved output included. */
  readonly length: number;
  /** Asked-for place of the fact, in [0,1]; null where the family chooses. */
  readonly depth: number | null;
  /** Sentences, words or biographies of filler. */
  readonly units: number;
  /** Tokens the prompt was planned to have, without the chat template. */
  readonly plannedTokens: number;
}

/** What must be found in a long text. */
export interface LongContextTarget {
  readonly form: 'number' | 'word';
  readonly expected: readonly string[];
  /** Values of the text that are wrong, the most tempting first. */
  readonly distractors: readonly string[];
  /** Mean place of the facts in [0,1]; null where they are everywhere. */
  readonly depth: number | null;
}

/** Below this share of the planned tokens a prompt was cut by the server: plans are within 1 % by most tokenizers, and templates only add to it. */
const clampedBelow = 0.95;

/**
 * Share of the expected values that were found, less one for each wrong value that was listed with them, at least 0: listing candidates
 * wins nothing. Values are whole words or numbers. A prompt that the server cut is unscored with `ctx.clamped`.
 */
export default defineScorer<LongContextInput, LongContextTarget>({
  id: 'long-context-recall',
  version: 2,
  score({ sample, response }): ScoreOutcome {
    const { input, target } = sample;
    const promptTokens = response.usage.promptTokens;
    if (promptTokens !== null && promptTokens < clampedBelow * input.plannedTokens) {
      const reason = `the server counted ${promptTokens} prompt tokens where ${input.plannedTokens} were sent: the prompt was cut`;
      return { kind: 'unscored', code: 'ctx.clamped', reason, repeatable: false };
    }
    const answer = answerBody(response.answer);
    const { values, extraction } = readValues(answer, target);
    const expected = new Set(target.expected.map((value) => value.toLowerCase()));
    const hits = values.filter((value) => expected.has(value)).length;
    const wrong = values.length - hits;
    const score = Math.max(0, hits - wrong) / expected.size;
    return {
      kind: 'scored',
      score,
      extraction,
      measures: {
        length: input.length,
        depth: target.depth,
        prompt_tokens: promptTokens,
        recall: hits / expected.size,
        precision: values.length === 0 ? null : hits / values.length,
      },
      codes:
        score === 1 ? [] : [values.length === 0 ? codeOfNoAnswer({ ...response, answer }) : codeOf(values, target)],
      explanation:
        score === 1
          ? null
          : `found ${hits} of ${expected.size} values, ${wrong} wrong: ${values.slice(0, 12).join(', ')}`,
    } satisfies Scored;
  },
  gold: ({ target }) => goldLists(target),
  wrong: ({ target }) => wrongLists(target),
});

/** The distinct values an answer lists, in lower case: those of its `ANSWER:` lines, else numbers anywhere or the words of its last line. */
function readValues(
  answer: string,
  target: LongContextTarget,
): { readonly values: readonly string[]; readonly extraction: Extraction } {
  const lines = parseAnswerLines(answer).filter(({ value }) => value !== '');
  const last = lines.at(-1);
  const lastLine = answer.trimEnd().slice(answer.trimEnd().lastIndexOf('\n') + 1);
  const texts = last ? lines.map(({ value }) => value) : [target.form === 'number' ? answer : lastLine];
  const read = target.form === 'number' ? numbersOf : wordsOf;
  const items = texts.flatMap((text) => read(text, target));
  // A last line of prose is no list.
  const isProse = !last && items.some((item) => item.includes(' '));
  const values = isProse ? [] : [...new Set(items)];
  return {
    values,
    extraction: {
      value: values.length === 0 ? null : values.slice(0, 64).join(', '),
      method: values.length === 0 ? null : last ? 'answer-line' : target.form === 'number' ? 'numbers' : 'last-line',
      span: last ? last.span : null,
      candidates: values.length,
    },
  };
}

/** Whole numbers nearly as long as the codes; counts and list numbers are shorter. */
function numbersOf(text: string, { expected }: LongContextTarget): readonly string[] {
  const [first = ''] = expected;
  const digits = first.length;
  const plain = digits > 3 ? text.replace(/\b\d{1,3}(?:,\d{3})+\b/g, (grouped) => grouped.replaceAll(',', '')) : text;
  return (plain.match(/(?<![\p{L}\p{N}])\d+(?![\p{L}\p{N}])/gu) ?? []).filter(
    (number) => number.length >= Math.max(2, digits - 2),
  );
}

const fillers = new Set(['the', 'a', 'an', 'and', 'var', 'variable', 'variables']);

/** Items of a list, each one word after articles and the like are taken off; longer items stand as they are and are wrong. */
function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, 20_000)
    .toLowerCase()
    .split(/[,;\n]|\band\b/)
    .map((item) =>
      (item.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !fillers.has(word) && !/^\d{1,2}$/.test(word)).join(' '),
    )
    .filter((item) => item !== '');
}

function codeOf(values: readonly string[], { expected, distractors }: LongContextTarget): FailureCode {
  const right = new Set(expected.map((value) => value.toLowerCase()));
  const wrong = values.filter((value) => !right.has(value));
  if (wrong.length === 0) return 'answer.wrong.incomplete';
  if (values.length > 2 * expected.length && values.some((value) => right.has(value))) return 'extract.ambiguous';
  return distractors.some((value) => wrong.includes(value.toLowerCase())) ? 'answer.wrong.distractor' : 'answer.wrong';
}

const labelled = (kind: string, text: string | null): LabelledResponse => ({ kind, response: textResponse(text) });

function goldLists({ form, expected, distractors }: LongContextTarget): readonly LabelledResponse[] {
  const [first = ''] = expected;
  const list = expected.join(', ');
  const line = `ANSWER: ${list}`;
  const draft = `ANSWER: ${distractors.slice(0, expected.length).join(', ')}`;
  return [
    labelled('plain', line),
    labelled('reversed', `ANSWER: ${expected.toReversed().join(', ')}`),
    labelled('lower-case', `answer: ${list.toLowerCase()}`),
    labelled('bold', `**ANSWER: ${list}**`),
    labelled('full-stop', `${line}.`),
    labelled('with-and', `ANSWER: ${expected.join(' and ')}`),
    labelled('semicolons', `Final answer: ${expected.join('; ')}`),
    labelled('said-twice', `${line}\n\n${line}`),
    labelled('prose-before', `I read the text and found what was asked.\n\n${line}\n`),
    labelled('no-marker', form === 'number' ? `They are ${expected.join(' and ')}.` : `I looked.\n${list}`),
    labelled('think-pair', `<think>\n${draft}? No.\n</think>\n\n${line}`),
    labelled('think-close-only', `${draft}? No.\n</think>\n${line}`),
    { kind: 'think-field', response: textResponse(line, { reasoning: draft }) },
    ...(form === 'number' && first.length > 3
      ? [
          labelled(
            'thousands',
            `ANSWER: ${expected.map((value) => value.replace(/\B(?=(?:\d{3})+$)/g, ',')).join(' and ')}`,
          ),
        ]
      : []),
  ];
}

function wrongLists({ form, expected, distractors }: LongContextTarget): readonly LabelledResponse[] {
  const line = `ANSWER: ${expected.join(', ')}`;
  const [value = ''] = expected;
  const spoilt = form === 'number' ? value.slice(0, -1) + String((Number(value.slice(-1)) + 1) % 10) : `${value}ish`;
  const other = `ANSWER: ${distractors.slice(0, expected.length).join(', ')}`;
  return [
    labelled('distractor', other),
    labelled('near-miss', `ANSWER: ${[spoilt, ...expected.slice(1)].join(', ')}`),
    labelled('inside-a-longer-value', `ANSWER: ${expected.map((each) => `9${each}9`).join(', ')}`),
    labelled('list-everything', `ANSWER: ${[...expected, ...distractors].join(', ')}`),
    labelled('list-everything-without-marker', [...expected, ...distractors].join(', ')),
    ...(expected.length > 1 ? [labelled('one-missing', `ANSWER: ${expected.slice(1).join(', ')}`)] : []),
    labelled('one-too-many', `${line}, ${distractors[0]}`),
    labelled('two-answers', `${line}\n${other}`),
    labelled('empty', ''),
    labelled('null', null),
    labelled('ok', form === 'number' ? 'OK' : 'ANSWER: OK'),
    labelled('refusal', 'I am sorry, but I cannot help with that.'),
    labelled('not-in-text', 'ANSWER: none'),
    labelled('answer-only-in-thought', `<think>\n${line}\n</think>`),
    labelled('other-after-thought', `<think>\n${line}\n</think>\n${other}`),
    { kind: 'unfinished-thought', response: textResponse(`<think>\n${line}`, { finishReason: 'length' }) },
  ];
}
