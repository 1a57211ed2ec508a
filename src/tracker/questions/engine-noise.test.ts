import { describe, expect, it } from 'vitest';
import { greedySampling } from '../../core/sampling.ts';
import type { SampleScore, TaskScores } from '../../diagnosis/compare/task-scores.ts';
import { runDocument, taskPlan } from '../../../test/support/recorded-run.ts';
import type { TrackedRun } from '../tracked-run.ts';
import { engineNoise } from './engine-noise.ts';
import { reliabilityQuestions } from './reliability.ts';
import type { QuestionFacts } from './research-question.ts';

const run = (runId: string, version: string | null, epochs: number, temperature = 0): TrackedRun => {
  const sampling = { ...greedySampling, temperature };
  const engine = { id: 'vllm', version, settings: {}, contextLength: null, templateSha256: null };
  return { document: runDocument(runId, [taskPlan('gsm8k', { epochs, sampling })], { engine }), result: null };
};

/** Scores in which the first of the samples flip between two epochs. */
const scores = (flipping: number, epochs = 2): ReadonlyMap<string, TaskScores> => {
  const samples = Array.from({ length: 100 }, (_, index): [string, SampleScore] => {
    const right = index < flipping ? 1 : epochs;
    return [`test/${index}`, { score: right / epochs, category: null, cluster: null, code: null, epochs, right }];
  });
  return new Map([['gsm8k', new Map(samples)]]);
};

describe('engineNoise', () => {
  it('puts the repeats at temperature 0 of each engine together', () => {
    const runs = [
      run('c', null, 2),
      run('a', '0.11', 2),
      run('b', '0.11', 2),
      run('warm', '0.11', 4, 0.7),
      run('d', '0.11', 1),
    ];
    const found = engineNoise(runs, ({ document }) => scores({ a: 4, b: 2 }[document.runId] ?? 0));
    expect(found.map(({ engine, runIds }) => [engine, runIds])).toEqual([
      ['vllm', ['c']],
      ['vllm 0.11', ['a', 'b']],
    ]);
    expect(found.map(({ flips }) => flips)).toMatchObject([
      { value: 0, n: 100 },
      { value: 0.03, n: 200 },
    ]);
  });

  it('has none where nothing is repeated or read', () => {
    expect(engineNoise([run('a', '0.11', 1)], () => scores(0))).toEqual([]);
    const [unread] = engineNoise([run('a', '0.11', 2)], () => null);
    expect(unread?.flips).toEqual({ unavailable: 'no sample was repeated: run with --epochs 2 or more' });
  });
});

describe('the question of repeats', () => {
  const answer = (noise: QuestionFacts['noise']) =>
    reliabilityQuestions.find(({ question }) => question.includes('asked again'))?.answer({ noise } as QuestionFacts);

  it('is answered by engine, or open', () => {
    const noise = engineNoise([run('a', '0.11', 2), run('c', null, 2)], ({ document }) =>
      scores(document.runId === 'a' ? 4 : 0),
    );
    expect(answer(noise)).toEqual({
      text: 'vllm: 0.0 % [0.0, 3.7] of 100 samples; vllm 0.11: 4.0 % [1.6, 9.8] of 100 samples',
      runIds: ['c', 'a'],
    });
    expect(answer([])).toEqual({ open: 'a run at temperature 0 with --epochs 2 or more' });
    expect(answer(engineNoise([run('a', '0.11', 2)], () => null))).toEqual({
      open: 'a run at temperature 0 with --epochs 2 or more',
    });
  });
});
