import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { ContinuationScore } from '../../core/response.ts';
import { continuationResponse } from '../../text/assistant-turn.ts';
import { codePointLength, type ChoiceInput } from './choice-sample.ts';

type Value = number | null;

/** How the values of one sample are made: what decides is a rate (log-probability over length) or the sum itself. */
interface Frame {
  readonly gold: number;
  readonly lengths: readonly number[];
  /** Wraps sums, one an option, as the engine would give them. */
  readonly respond: (kind: string, sums: readonly Value[]) => LabelledResponse;
}

function frameOf(input: ChoiceInput, goldLabel: string, isLetters: boolean): Frame {
  const gold = input.options.findIndex(({ label }) => label === goldLabel);
  const texts = input.options.map(({ label, text }) => (isLetters ? label : text));
  const isByRate = input.measure === 'acc_norm' && !isLetters && input.continuation === 'text';
  const score = (text: string, logProbability: Value): ContinuationScore => ({
    text: ` ${text}`,
    logProbability,
    tokenCount: null,
    isGreedy: null,
  });
  return {
    gold,
    lengths: texts.map((text) => (isByRate ? Math.max(1, codePointLength(text)) : 1)),
    respond: (kind, sums) => {
      const scores = sums.map((sum, index) => score(texts.slice(index, index + 1).join(''), sum));
      // Partial evaluation subtracts the option alone, which differs from option to option: what is left is the sum.
      if (input.continuation !== 'rest' || isLetters) return { kind, response: continuationResponse(scores) };
      const ofOption = (index: number): number => -4 - 32 * Math.abs(index - gold);
      const whole = scores.map((item, index) => ({
        ...item,
        logProbability: item.logProbability === null ? null : item.logProbability + ofOption(index),
      }));
      const alone = texts.map((text, index) => score(text, ofOption(index)));
      return { kind, response: continuationResponse([...whole, ...alone]) };
    },
  };
}

/** Sums from what decides: rates times lengths. */
const sumsOf = (frame: Frame, rates: (index: number) => number): readonly number[] =>
  frame.lengths.map((length, index) => rates(index) * length);

/** Log-probabilities whose best option is the gold one; each must be accepted. */
export function goldContinuations(
  input: ChoiceInput,
  goldLabel: string,
  isLetters: boolean,
): readonly LabelledResponse[] {
  const frame = frameOf(input, goldLabel, isLetters);
  const { gold, lengths } = frame;
  const isGold = (index: number): boolean => index === gold;
  const beside = (step: number) => (index: number) => (isGold(index) ? -1 : index === gold + step ? -1.25 : -4);
  const make = (kind: string, rates: (index: number) => number): LabelledResponse =>
    frame.respond(kind, sumsOf(frame, rates));
  const list = [
    make('clear', (index) => (isGold(index) ? -0.125 : -8 - index)),
    make('narrow', (index) => (isGold(index) ? -1 : -1.0000001)),
    make('near-tie', (index) => (isGold(index) ? -2 : -2.0001)),
    make('very-unlikely', (index) => (isGold(index) ? -1000 : -1001)),
    make('nearly-certain', (index) => (isGold(index) ? -1e-9 : -1e-3)),
    make('others-equal', (index) => (isGold(index) ? -1 : -2)),
    make('next-is-second', beside(1)),
    make('previous-is-second', beside(-1)),
    make('rising', (index) => (isGold(index) ? -0.5 : -16 + index)),
    make('falling', (index) => (isGold(index) ? -0.5 : -2 - index)),
    make('whole-numbers', (index) => (isGold(index) ? -3 : -5)),
    make('gold-certain', (index) => (isGold(index) ? 0 : -2)),
    make('tie-with-later', (index) => (isGold(index) || (index > gold && index === lengths.length - 1) ? -1 : -2.625)),
  ];
  // Of two options a tie is a tie of all, which says nothing.
  return list.filter(({ kind }) => kind !== 'tie-with-later' || input.options.length > 2);
}

/** Log-probabilities that must not count as right: another option is best, or the values say nothing. */
export function wrongContinuations(
  input: ChoiceInput,
  goldLabel: string,
  isLetters: boolean,
): readonly LabelledResponse[] {
  const frame = frameOf(input, goldLabel, isLetters);
  const { gold, lengths } = frame;
  const others = lengths.flatMap((_, index) => (index === gold ? [] : [index]));
  const make = (kind: string, rates: (index: number) => number): LabelledResponse =>
    frame.respond(kind, sumsOf(frame, rates));
  const all = (kind: string, value: Value): LabelledResponse =>
    frame.respond(
      kind,
      lengths.map(() => value),
    );
  const withGold = (kind: string, value: Value): LabelledResponse =>
    frame.respond(
      kind,
      lengths.map((_, index) => (index === gold ? value : -2 - index)),
    );
  const list = [
    ...others.map((best, place) => make(`other-best-${place + 1}`, (index) => (index === best ? -1 : -3))),
    ...others.map((best, place) => make(`other-narrow-${place + 1}`, (index) => (index === best ? -1 : -1.0000001))),
    make('gold-worst', (index) => (index === gold ? -30 : -1 - index)),
    all('all-zero', 0),
    all('all-equal', -2.5),
    all('all-null', null),
    all('all-nan', Number.NaN),
    withGold('gold-null', null),
    withGold('gold-nan', Number.NaN),
    withGold('gold-infinite', Number.POSITIVE_INFINITY),
    withGold('gold-minus-infinite', Number.NEGATIVE_INFINITY),
    withGold('gold-positive', 2 ** 6),
    frame.respond(
      'other-null',
      lengths.map((_, index) => (index === others[0] ? null : index === gold ? -1 : -3)),
    ),
    { kind: 'no-scores', response: { ...continuationResponse([]), continuations: null } },
    { kind: 'empty-scores', response: continuationResponse([]) },
    {
      kind: 'one-score',
      response: continuationResponse([{ text: ' x', logProbability: -1, tokenCount: 1, isGreedy: true }]),
    },
  ];
  if (gold > 0) list.push(make('tie-with-earlier', (index) => (index === gold || index === gold - 1 ? -1 : -2)));
  return list;
}
