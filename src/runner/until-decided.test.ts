import { expect, it } from 'vitest';
import { taskPlan } from '../../test/support/recorded-run.ts';
import { SequentialComparison } from './until-decided.ts';

const plan = taskPlan('gsm8k', { untilDecided: { baseline: 'before', delta: 0.02, tasks: 1 } });
const ids = Array.from({ length: 80 }, (_, index) => `${index}`);
const wrongBefore = new Map(
  ids.map((id) => [id, { score: 0, category: null, cluster: null, code: null, epochs: 1, right: 0 }]),
);
const right = (sampleId: string, cluster: string | null = null) => ({ sampleId, score: 1, measures: {}, cluster });

it('counts in the order of the plan, so that quick answers decide nothing', () => {
  const comparison = new SequentialComparison(plan, wrongBefore);
  for (const id of ids) comparison.place(id);
  for (const id of ids.slice(1)) comparison.see(right(id));
  expect(comparison.decided).toBeNull();
  comparison.see(right('0'));
  expect(comparison.decided).toMatchObject({ verdict: 'a', difference: { value: 1, method: 'anytime-betting' } });
});

it('decides nothing where samples share a source, and says so', () => {
  const comparison = new SequentialComparison(plan, wrongBefore);
  for (const id of ids) {
    comparison.place(id);
    comparison.see(right(id, `source ${Number(id) % 4}`));
  }
  expect(comparison.decided).toBeNull();
  expect(comparison.verdict).toMatchObject({
    verdict: 'undecided',
    difference: { unavailable: expect.stringContaining('share sources') as string },
  });
});

it('decides nothing where the headline is no plain mean over samples, and says so', () => {
  const ofParts = new SequentialComparison({ ...plan, headlineParts: { unit: 'category' } }, wrongBefore);
  for (const id of ids) {
    ofParts.place(id);
    ofParts.see(right(id));
  }
  expect(ofParts.decided).toBeNull();
  expect(ofParts.verdict).toMatchObject({
    verdict: 'undecided',
    difference: { unavailable: expect.stringContaining('no plain mean over samples') as string },
  });
});
