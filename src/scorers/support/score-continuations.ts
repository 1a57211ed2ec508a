import type { ContinuationScore } from '../../core/response.ts';
import type { ScoreOutcome, Unscored } from '../../core/score.ts';
import { codePointLength, type ChoiceInput, type ChoiceTarget } from './choice-sample.ts';
import { missed, right } from './scored.ts';

/** Best and second best closer than this (natural logarithm, by the measure that decides) is a near tie: noise of batching can flip it. */
export const nearTieNats = 0.01;

const chance = (detail: string, reason: string): Unscored => ({
  kind: 'unscored',
  code: `choice.chance.${detail}`,
  reason,
  repeatable: false,
});

/** Log-probability of each option; the rest of the sentence after it where the sample is partial. */
function optionSums(input: ChoiceInput, values: readonly number[]): readonly number[] {
  if (input.continuation !== 'rest') return values;
  const count = input.options.length;
  return values.slice(0, count).map((whole, index) => whole - Number(values[index + count]));
}

/** The log-probabilities, or why they cannot be believed. */
function believed(input: ChoiceInput, scores: readonly ContinuationScore[]): readonly number[] | Unscored {
  const given = scores
    .map(({ logProbability }) => logProbability)
    .filter((value) => value !== null && Number.isFinite(value))
    .map(Number);
  if (given.length < scores.length) {
    return chance('missing', 'The server gave no finite log-probability for at least one option.');
  }
  if (given.some((value) => value > 0)) {
    return chance('positive', 'The server gave a log-probability above zero, which no probability has.');
  }
  const sums = optionSums(input, given);
  return sums.every((value) => value === sums[0])
    ? chance('equal', 'All options have the same log-probability: the server does not score continuations.')
    : sums;
}

/** Index of the highest value, the first of equals. */
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/**
 * Scores a choice by the log-probabilities of its options: `acc` by their sums, `acc_norm` by sums over code-point lengths, first index
 * wins ties. Missing, positive or all-equal values leave it unscored with `choice.chance`: they say nothing of the model.
 */
export function scoreContinuations(
  input: ChoiceInput,
  target: ChoiceTarget,
  scores: { readonly continuations: readonly ContinuationScore[] | null; readonly isLetters: boolean },
): ScoreOutcome {
  const expected = input.options.length * (input.continuation === 'rest' ? 2 : 1);
  const given = scores.continuations;
  if (given === null || given.length !== expected) {
    const reason = `${given?.length ?? 'No'} continuations were scored where ${expected} were asked for.`;
    return { kind: 'unscored', code: 'infra.engine', reason, repeatable: true };
  }
  const sums = believed(input, given);
  if ('kind' in sums) return sums;
  const measured = measure(input, sums, scores.isLetters);
  const gold = input.options.findIndex(({ label }) => label === target.label);
  const pick = argmax(measured.deciding);
  const measures = {
    acc: argmax(sums) === gold ? 1 : 0,
    ...(measured.normalised === null ? {} : { acc_norm: argmax(measured.normalised) === gold ? 1 : 0 }),
    near_tie: isNearTie(measured.deciding) ? 1 : 0,
  };
  const value = input.options
    .map(({ label }) => label)
    .slice(pick, pick + 1)
    .join('');
  const method = scores.isLetters ? 'first_token' : `log_likelihood_${input.continuation}`;
  const extraction = { value, method, span: null, candidates: input.options.length };
  if (pick === gold) return right(extraction, measures);
  const explanation = `Option ${value} has the highest log-probability${measured.normalised === measured.deciding ? ' a character' : ''}; right is ${target.label}.`;
  return missed(extraction, [{ code: 'answer.wrong', explanation }], measures);
}

function measure(
  input: ChoiceInput,
  sums: readonly number[],
  isLetters: boolean,
): { readonly deciding: readonly number[]; readonly normalised: readonly number[] | null } {
  // Letters and shared rests are of one length: dividing would only rename the sum.
  if (isLetters || input.continuation !== 'text') return { deciding: sums, normalised: null };
  const normalised = input.options.map(({ text }, index) => Number(sums[index]) / Math.max(1, codePointLength(text)));
  return { deciding: input.measure === 'acc_norm' ? normalised : sums, normalised };
}

function isNearTie(values: readonly number[]): boolean {
  const [first = 0, second = -Infinity] = values.toSorted((a, b) => b - a);
  return first - second < nearTieNats;
}
