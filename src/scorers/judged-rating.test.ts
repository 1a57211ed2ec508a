import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { ChatMessage } from '../core/message.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { Sample } from '../core/sample.ts';
import type { ScoreOutcome } from '../core/score.ts';
import { certifyTask } from '../runner/certify.ts';
import mtBench from '../tasks/mt-bench.ts';
import { assistantTurn, sampleResponse } from '../text/assistant-turn.ts';
import judgedRating, { type JudgedInput, type JudgedTarget } from './judged-rating.ts';

const prompt = { system: 'Judge.', user: 'Q1 {question_1} A1 {answer_1} Q2 {question_2} A2 {answer_2} {unknown}' };
const sample = (references: readonly string[] | null = null): Sample<JudgedInput, JudgedTarget> => ({
  id: '81',
  category: 'writing',
  cluster: null,
  input: { turns: ['first?', 'second?'] },
  target: {
    references,
    prompts: {
      source: 'own',
      prompts: {
        turn_1: prompt,
        turn_2: prompt,
        turn_1_reference: { system: '', user: 'R {ref_answer_1} A {answer}' },
        turn_2_reference: { system: '', user: 'R {ref_answer_2} A {answer_2}' },
      },
    },
  },
});

const response = (...texts: readonly (string | null)[]) => sampleResponse(texts.map((text) => assistantTurn({ text })));

/** A judge that says these things in turn, and what it was asked. */
function judge(replies: readonly (string | QwenEvalError)[]) {
  const asked: (readonly ChatMessage[])[] = [];
  const port: Judge = {
    identity: 'test',
    isSameFamily: false,
    ask: (messages) => {
      asked.push(messages);
      const reply = replies[asked.length - 1];
      if (reply === undefined) return Promise.reject(new Error('asked too often'));
      return typeof reply === 'string' ? Promise.resolve(reply) : Promise.reject(reply);
    },
  };
  return { port, asked };
}

const scoreWith = async (
  replies: readonly (string | QwenEvalError)[],
  input: { readonly texts?: readonly (string | null)[]; readonly references?: readonly string[] } = {},
): Promise<{ readonly outcome: ScoreOutcome; readonly asked: readonly (readonly ChatMessage[])[] }> => {
  const { port, asked } = judge(replies);
  const outcome = await judgedRating.score(
    {
      sample: sample(input.references ?? null),
      response: response(...(input.texts ?? ['<think>hm</think>one {answer_2}', 'two'])),
      settings: defaultSettings,
    },
    { sandbox: null, judge: port },
  );
  return { outcome, asked };
};

describe('judged-rating', () => {
  it('asks about each turn and scores the mean', async () => {
    const { outcome, asked } = await scoreWith(['Rating: [[8]]', 'Rating: [[4.5]]']);
    expect(outcome).toEqual({
      kind: 'scored',
      score: 5.25 / 9,
      extraction: { value: '8, 4.5', method: 'double-brackets', span: null, candidates: 2 },
      measures: { rating: 6.25, rating_1: 8, rating_2: 4.5 },
      codes: ['answer.below_top'],
      explanation: 'The judge rated turn 1 with 8 and turn 2 with 4.5 of 10.',
      judgements: [
        { prompt: 'turn_1', reply: 'Rating: [[8]]', rating: 8 },
        { prompt: 'turn_2', reply: 'Rating: [[4.5]]', rating: 4.5 },
      ],
    });
    // Thinking is taken out, and what looks like a name in an answer stays.
    expect(asked[0]).toEqual([
      { role: 'system', content: 'Judge.' },
      { role: 'user', content: 'Q1 first? A1 one {answer_2} Q2 second? A2 two {unknown}' },
    ]);
  });

  it('gives the judge right answers where there are some', async () => {
    const { outcome, asked } = await scoreWith(['[[10]]', '[[10]]'], { references: ['r1', 'r2'] });
    expect(outcome).toMatchObject({ kind: 'scored', score: 1, codes: [], explanation: null });
    expect(asked).toEqual([
      [{ role: 'user', content: 'R r1 A one {answer_2}' }],
      [{ role: 'user', content: 'R r2 A two' }],
    ]);
  });

  it('asks once more when a reply holds no rating', async () => {
    const { outcome, asked } = await scoreWith(['Fine.', '[[7]]', '', '[[5]]']);
    expect(outcome).toMatchObject({ kind: 'scored', measures: { rating_1: 7, rating_2: 5 } });
    expect(asked[1]?.slice(0, 3)).toEqual([...(asked[0] ?? []), { role: 'assistant', content: 'Fine.' }]);
    expect(asked[1]?.at(-1)?.content).toContain('from 1 to 10');
    // An empty assistant turn is no message that servers take.
    expect(asked[3]).toHaveLength(2);
    expect(asked[3]?.at(-1)?.content).toMatch(/Q1 first\?[^]*from 1 to 10/);
  });

  it.each([
    ['judge.parse_failed', ['Fine.', 'Good.']],
    ['judge.out_of_range', ['[[11]]', '[[11]]']],
    ['judge.refused', ["I'm sorry, but I can't rate this.", "I'm sorry, but I can't rate this."]],
  ])('leaves the sample unscored: %s', async (code, replies) => {
    const { outcome } = await scoreWith(replies);
    expect(outcome).toMatchObject({ kind: 'unscored', code, repeatable: false });
    expect(outcome.judgements).toHaveLength(2);
  });

  it('leaves the sample unscored when the judge cannot be asked', async () => {
    const down = new QwenEvalError('E_JUDGE_FAILED', 'no judge there', { details: { code: 'E_ENGINE_UNREACHABLE' } });
    expect((await scoreWith(['[[8]]', down])).outcome).toMatchObject({
      kind: 'unscored',
      code: 'judge.unreachable',
      repeatable: true,
      reason: 'no judge there',
    });
    const full = new QwenEvalError('E_JUDGE_FAILED', 'too long', { details: { code: 'E_CONTEXT_EXCEEDED' } });
    expect((await scoreWith([full])).outcome).toMatchObject({
      code: 'judge.refused.context_exceeded',
      repeatable: false,
    });
  });

  it('lets other errors of the judge through as bugs', async () => {
    await expect(scoreWith([])).rejects.toThrow('asked too often');
  });

  it('needs a judge, all turns and its prompts', async () => {
    const input = { sample: sample(), response: response('one', 'two'), settings: defaultSettings };
    const { port } = judge([]);
    expect(await judgedRating.score(input, { sandbox: null, judge: null })).toMatchObject({ code: 'judge.missing' });
    expect((await scoreWith([], { texts: ['one'] })).outcome).toMatchObject({ code: 'data.fault' });
    const bare = { ...input.sample, target: { references: null, prompts: { source: 'own', prompts: {} } } };
    expect(await judgedRating.score({ ...input, sample: bare }, { sandbox: null, judge: port })).toMatchObject({
      code: 'scorer.fault',
    });
  });

  it('tells what is wrong with the answers beside the rating', async () => {
    const { outcome } = await scoreWith(['[[1]]', '[[1]]'], { texts: ['one', ''] });
    expect(outcome).toMatchObject({ score: 0, codes: ['gen.empty', 'answer.below_top'] });
  });

  it.each(['unnumbered', ...Array.from({ length: 10 }, (_, index) => `${index}`)])(
    'reads every rendering and refuses every fault, sample %s',
    async (id) => {
      const certificate = await certifyTask(
        mtBench,
        {
          samples: [{ ...sample(), id }],
          settings: defaultSettings,
          services: { sandbox: null, judge: null },
          datasets: [],
        },
        { scope: 'full' },
      );
      expect(certificate).toMatchObject({ passed: true, failures: [] });
      expect(certificate.gold.total).toBeGreaterThanOrEqual(30);
      expect(certificate.wrong.total).toBeGreaterThanOrEqual(20);
    },
  );
});
