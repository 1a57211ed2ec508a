import { describe, expect, it } from 'vitest';
import type { PlanItem } from './evaluation-plan.ts';
import { batchItems, selectItems } from './select-items.ts';

const item = (task: string, changes: Partial<PlanItem> = {}): PlanItem => ({
  phase: 'complete',
  model: 'small',
  preset: 'balanced',
  task,
  mode: null,
  choiceMode: null,
  reason: 'no run yet',
  cost: { samples: 1, promptTokens: 1, outputTokens: 100, seconds: 60, basis: { tokens: 'counted', time: 'timed' } },
  blocked: null,
  waitsForData: false,
  resume: null,
  options: { model: 'small', preset: 'balanced', tasks: [task] },
  command: '',
  ...changes,
});
const costing = (seconds: number | null, outputTokens: number | null): Partial<PlanItem> => ({
  cost: { ...item('x').cost, seconds, outputTokens },
});
const names = (items: readonly PlanItem[]): readonly string[] => items.map(({ task }) => task);

describe('selectItems', () => {
  it('takes in order what fits, and goes on after what does not', () => {
    const items = [item('a'), item('b', costing(600, 1)), item('c', costing(60, 901)), item('d')];
    const { chosen, skipped } = selectItems(items, { seconds: 150, outputTokens: 1000 });
    expect(names(chosen)).toEqual(['a', 'd']);
    expect(skipped.map(({ item: { task }, reason }) => [task, reason])).toEqual([
      ['b', 'its time does not fit into what is left of the budget'],
      ['c', 'its tokens do not fit into what is left of the budget'],
    ]);
  });

  it('takes what is of unknown cost only without a limit on it', () => {
    const items = [item('a', costing(null, null)), item('b', { blocked: 'no engine' })];
    expect(names(selectItems(items, { seconds: null, outputTokens: null }).chosen)).toEqual(['a']);
    expect(selectItems(items, { seconds: 1e9, outputTokens: null }).skipped.map(({ reason }) => reason)).toEqual([
      'its time is not known: timed',
      'no engine',
    ]);
    expect(selectItems(items, { seconds: null, outputTokens: 1e9 }).skipped[0]?.reason).toBe(
      'its tokens are not known: counted',
    );
  });
});

describe('batchItems', () => {
  it('joins what is asked in the same way, and keeps the order of the first of each', () => {
    const batches = batchItems([
      item('a'),
      item('b', { preset: 'performance', options: { model: 'small', preset: 'performance', tasks: ['b'] } }),
      item('c'),
      item('d', { options: { model: 'small', preset: 'balanced', tasks: ['d'], limit: 3 } }),
      item('e', { resume: 'run-1' }),
      item('f', { resume: 'run-1' }),
    ]);
    expect(batches.map(({ items, resume, options }) => [names(items), resume, options['tasks']])).toEqual([
      [['a', 'c'], null, ['a', 'c']],
      [['b'], null, ['b']],
      [['d'], null, ['d']],
      [['e', 'f'], 'run-1', ['e', 'f']],
    ]);
  });
});
