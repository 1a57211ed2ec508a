import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SampleResponse } from '../../core/response.ts';
import type { ChoiceInput } from './choice-sample.ts';
import { goldContinuations, wrongContinuations } from './labelled-continuations.ts';
import { scoreContinuations } from './score-continuations.ts';

const inputOf = (changes: Partial<ChoiceInput> = {}): ChoiceInput => ({
  question: 'Which?',
  options: [
    { label: 'A', text: 'x' },
    { label: 'B', text: 'a long text' },
    { label: 'C', text: '' },
  ],
  measure: 'acc',
  continuation: 'text',
  ...changes,
});

const scored = (values: readonly (number | null)[], changes: Partial<ChoiceInput> = {}, label = 'A') =>
  scoreContinuations(
    inputOf(changes),
    { label },
    {
      continuations: values.map((logProbability) => ({ text: '', logProbability, tokenCount: null, isGreedy: null })),
      isLetters: false,
    },
  );

describe('choice by log-probability', () => {
  it('takes the highest sum, and beside it the highest over the length', () => {
    expect(scored([-2, -3, -9])).toMatchObject({
      score: 1,
      extraction: { value: 'A', method: 'log_likelihood_text', candidates: 3 },
      measures: { acc: 1, acc_norm: 0, near_tie: 0 },
    });
    expect(scored([-2, -3, -9], { measure: 'acc_norm' })).toMatchObject({
      score: 0,
      extraction: { value: 'B' },
      measures: { acc: 1, acc_norm: 0 },
      explanation: 'Option B has the highest log-probability a character; right is A.',
    });
    expect(scored([-2, -1, -9])).toMatchObject({
      score: 0,
      codes: ['answer.wrong'],
      explanation: 'Option B has the highest log-probability; right is A.',
    });
  });

  it('divides the sum of an empty option by one', () => {
    expect(scored([-20, -20, -1], { measure: 'acc_norm' }, 'C')).toMatchObject({ score: 1, measures: { acc_norm: 1 } });
  });

  it('takes the first of equals and says that it was near', () => {
    expect(scored([-1, -1, -5])).toMatchObject({ score: 1, measures: { acc: 1, near_tie: 1 } });
    expect(scored([-1, -1, -5], {}, 'B')).toMatchObject({ score: 0, measures: { near_tie: 1 } });
  });

  it('leaves out the option itself where the rest of a sentence is scored', () => {
    const rest = { continuation: 'rest' } as const;
    expect(scored([-9, -2, -3, -8, -0.5, -1], rest)).toMatchObject({
      score: 1,
      extraction: { value: 'A', method: 'log_likelihood_rest' },
      measures: { acc: 1 },
    });
    expect(scored([-2, -3, -4, -1, -2, -3], rest)).toMatchObject({ kind: 'unscored', code: 'choice.chance.equal' });
  });

  it.each<[string, readonly (number | null)[], Partial<ChoiceInput>]>([
    ['missing', [-1, null, -3], {}],
    ['missing', [-1, Number.NEGATIVE_INFINITY, -3], {}],
    ['missing', [-1, Number.NaN, -3], {}],
    ['positive', [-1, 0.1, -3], {}],
    ['equal', [-1, -1, -1], {}],
    ['missing', [-1, -2, -3, -4, null, -6], { continuation: 'rest' }],
    ['positive', [-1, -2, -3, -4, 1, -6], { continuation: 'rest' }],
  ])('is unscored where a value is %s: %j', (detail, values, changes) => {
    expect(scored(values, changes)).toMatchObject({
      kind: 'unscored',
      code: `choice.chance.${detail}`,
      repeatable: false,
    });
  });

  it('is unscored where the engine gave another number of values', () => {
    expect(scored([-1, -2])).toMatchObject({
      code: 'infra.engine',
      reason: '2 continuations were scored where 3 were asked for.',
      repeatable: true,
    });
    expect(scored([-1, -2, -3], { continuation: 'rest' })).toMatchObject({ code: 'infra.engine' });
    expect(scoreContinuations(inputOf(), { label: 'A' }, { continuations: null, isLetters: false })).toMatchObject({
      reason: 'No continuations were scored where 3 were asked for.',
    });
  });

  it.each([true, false])('names the rule by which it took letters: %s', (isLetters) => {
    const input = inputOf({ measure: 'acc_norm' });
    const [plain] = goldContinuations(input, 'B', isLetters);
    const { continuations = null } = plain?.response ?? {};
    expect(continuations?.map(({ text }) => text)).toEqual(
      isLetters ? [' A', ' B', ' C'] : [' x', ' a long text', ' '],
    );
    expect(scoreContinuations(input, { label: 'B' }, { continuations, isLetters })).toMatchObject({
      score: 1,
      extraction: { value: 'B', method: isLetters ? 'first_token' : 'log_likelihood_text' },
      measures: isLetters ? { acc: 1 } : { acc_norm: 1 },
    });
  });

  it('has no tie with an earlier option in the certificate of the first', () => {
    const kinds = (label: string) => wrongContinuations(inputOf(), label, false).map(({ kind }) => kind);
    expect(kinds('A')).not.toContain('tie-with-earlier');
    expect(kinds('B')).toContain('tie-with-earlier');
  });

  it('never calls an option right that is not there', () => {
    expect(scored([-1, -2, -3], {}, 'Z')).toMatchObject({ score: 0, measures: { acc: 0, acc_norm: 0 } });
  });

  it('is right exactly where no other option is above, and none before is level', () => {
    const value = fc.double({ min: -50, max: 0, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.nat(2), (values, gold) => {
        fc.pre(new Set(values).size > 1);
        const own = Number(values[gold]);
        const isBest = values.every((other, index) => (index < gold ? other < own : other <= own));
        expect(scored(values, {}, ['A', 'B', 'C'][gold])).toMatchObject({ score: isBest ? 1 : 0 });
      }),
    );
  });

  it.each(['text', 'label', 'rest'] as const)('certifies itself with %s as continuation', (continuation) => {
    const input = inputOf({ continuation });
    const judge = (response: SampleResponse) =>
      scoreContinuations(input, { label: 'B' }, { continuations: response.continuations, isLetters: false });
    for (const { kind, response } of goldContinuations(input, 'B', false)) {
      expect([kind, judge(response)]).toMatchObject([kind, { score: 1 }]);
    }
    for (const { kind, response } of wrongContinuations(input, 'B', false)) {
      const outcome = judge(response);
      expect([kind, outcome.kind === 'unscored' || outcome.score === 0]).toEqual([kind, true]);
    }
  });
});
