import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import numericAnswer from './numeric-answer.ts';

const services = { sandbox: null, judge: null };
const settings = defaultSettings;

const golds = [
  '0',
  '1',
  '7',
  '18',
  '-9',
  '-10',
  '109',
  '1234',
  '99999',
  '100000',
  '123456',
  '1430000',
  '0.5',
  '3.75',
  '2/3',
  '-1/3',
];

describe('numeric-answer', () => {
  it.each(golds)('accepts %s in every rendering and rejects every wrong kind', (value) => {
    const sample = {
      id: 'x',
      category: null,
      cluster: null,
      input: { question: 'How many eggs are left?' },
      target: { value },
    };
    const verdict = (response: Parameters<typeof numericAnswer.score>[0]['response']) =>
      numericAnswer.score({ sample, response, settings }, services);
    const refusedGold = numericAnswer.gold(sample, settings).flatMap(({ kind, response }) => {
      const outcome = verdict(response);
      return 'score' in outcome && outcome.score === 1 ? [] : [[kind, response.text, outcome]];
    });
    const acceptedWrong = numericAnswer.wrong(sample, settings).flatMap(({ kind, response }) => {
      const outcome = verdict(response);
      return 'score' in outcome && outcome.score === 0 ? [] : [[kind, response.text, outcome]];
    });
    expect({ refusedGold, acceptedWrong }).toEqual({ refusedGold: [], acceptedWrong: [] });
  });
});
