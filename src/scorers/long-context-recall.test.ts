import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import { unknownUsage } from '../core/generation.ts';
import { textResponse } from '../text/assistant-turn.ts';
import recall, { type LongContextTarget } from './long-context-recall.ts';

const target: LongContextTarget = {
  form: 'number',
  expected: ['1234567', '7654321'],
  distractors: ['1111111', '2222222'],
  depth: 0.5,
};

type Input = Parameters<typeof recall.score>[0]['sample']['input'];

const sampleOf = (changed: Partial<LongContextTarget> = {}) => ({
  id: 'x',
  category: null,
  cluster: null,
  input: { length: 1000, plannedTokens: 1000 } as Input,
  target: { ...target, ...changed },
});

interface Asked {
  readonly changed?: Partial<LongContextTarget>;
  readonly promptTokens?: number | null;
}

const scored = (text: string, { changed = {}, promptTokens = null }: Asked = {}) =>
  recall.score(
    {
      sample: sampleOf(changed),
      response: textResponse(text, { usage: { ...unknownUsage, promptTokens } }),
      settings: defaultSettings,
    },
    { sandbox: null, judge: null },
  );

describe('recall from a long text', () => {
  it.each([
    [949, true],
    [950, false],
    [null, false],
  ])('is unscored where the prompt was cut: %s of 1000 tokens', async (promptTokens, isCut) => {
    const outcome = await scored('ANSWER: 1234567, 7654321', { promptTokens });
    expect(outcome).toMatchObject(isCut ? { kind: 'unscored', code: 'ctx.clamped' } : { kind: 'scored', score: 1 });
  });

  it.each<[string, string, number, string | null]>([
    ['all, anywhere', 'They are 1,234,567 and then 7654321.', 1, null],
    ['half', 'ANSWER: 1234567', 0.5, 'answer.wrong.incomplete'],
    ['one beside a wrong one', 'ANSWER: 1234567, 1111111', 0, 'answer.wrong.distractor'],
    ['one that the text does not have', 'ANSWER: 9999999', 0, 'answer.wrong'],
    ['five candidates', 'ANSWER: 1234567, 7654321, 1111111, 2222222, 9999999', 0, 'extract.ambiguous'],
    ['counts beside the codes', 'There are 2 codes in 12 lines: 1234567 and 7654321', 1, null],
    ['nothing', 'I do not know.', 0, 'extract.no_answer'],
  ])('scores the share found less the wrong ones: %s', async (_, text, score, code) => {
    expect(await scored(text)).toMatchObject({ score, codes: code === null ? [] : [code] });
  });

  it('reads words of a list, not prose', async () => {
    const changed = { form: 'word', expected: ['apple', 'pear'], distractors: ['plum'] } as const;
    expect(await scored('I looked.\nthe apple, and a pear', { changed })).toMatchObject({ score: 1 });
    expect(await scored('I can see an apple somewhere in it', { changed })).toMatchObject({ score: 0 });
  });

  it('groups no digits of short numbers in its certificate', () => {
    const kinds = (expected: readonly string[]) =>
      recall.gold(sampleOf({ expected }), defaultSettings).map(({ kind }) => kind);
    expect(kinds(['123', '456'])).not.toContain('thousands');
    expect(kinds(['1234', '4567'])).toContain('thousands');
    expect(kinds([])).not.toContain('thousands');
  });

  it.each([
    ['numbers', {}],
    ['words', { form: 'word', expected: ['apple', 'pear'], distractors: ['plum', 'fig'] }],
  ] as const)('certifies itself on %s', async (_, changed) => {
    const sample = sampleOf(changed);
    const scoreOf = (response: ReturnType<typeof textResponse>) =>
      recall.score({ sample, response, settings: defaultSettings }, { sandbox: null, judge: null });
    for (const { kind, response } of recall.gold(sample, defaultSettings)) {
      expect([kind, await scoreOf(response)]).toMatchObject([kind, { score: 1 }]);
    }
    for (const { kind, response } of recall.wrong(sample, defaultSettings)) {
      const outcome = await scoreOf(response);
      expect([kind, outcome.kind === 'scored' && outcome.score < 1]).toEqual([kind, true]);
    }
  });
});
