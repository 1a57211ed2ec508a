import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import type { Task } from '../core/ports/task.ts';
import functionCalling from './agent-function-calling.ts';
import instructionFollowing from './agent-instruction-following.ts';
import json from './agent-json.ts';
import multiTurn from './agent-multi-turn.ts';
import reasoning from './agent-reasoning.ts';
import toolUse from './agent-tool-use.ts';

const tasks: readonly Task[] = [functionCalling, instructionFollowing, json, multiTurn, reasoning, toolUse] as never;
const row = (sampleId: string, score: number, more: Partial<MetricRow> = {}): MetricRow => ({
  sampleId,
  epoch: 0,
  category: null,
  cluster: null,
  score,
  measures: {},
  ...more,
});
const estimateOf = (task: { readonly metrics: Task['metrics'] }, id: string, rows: readonly MetricRow[]) =>
  task.metrics.find((metric) => metric.id === id)?.estimate(rows) ?? { unavailable: `there is no metric ${id}` };

describe('the six agent metrics', () => {
  it.each(tasks.map((task) => [task.id, task] as const))('%s tells what repeated tries tell', (_, task) => {
    const tries = (id: string, scores: readonly number[]) => scores.map((score, epoch) => row(id, score, { epoch }));
    const rows = [...tries('a', [1, 0.5, 1, 1]), ...tries('b', [1, 1, 1, 1])];
    const [pass2, pass4, flips] = ['pass^2', 'pass^4', 'flip_rate'].map((id) => estimateOf(task, id, rows));
    // Of a, three of four tries succeed: in 3 of 6 pairs both do, and as many differ.
    expect([pass2, pass4, flips]).toMatchObject([{ value: 0.75 }, { value: 0.5 }, { value: 0.25 }]);
    expect(estimateOf(task, 'pass^2', rows.slice(0, 1))).toEqual({
      unavailable: 'needs 2 epochs or more (--epochs 2)',
    });
  });

  it('count the calls of a mission, and show them as a count', () => {
    const rows = [3, 5, 10].map((calls, index) => row(String(index), 1, { measures: { calls } }));
    const calls = estimateOf(toolUse, 'calls', rows);
    expect(calls).toMatchObject({ value: 6, n: 3 });
    // Student's t: 6 ± 4.303 · √(13/3).
    expect(isEstimated(calls) && calls.high).toBeCloseTo(6 + 4.3027 * Math.sqrt(13 / 3), 2);
    expect(estimateOf(toolUse, 'calls', [row('a', 1)])).toHaveProperty('unavailable');
  });

  it('count tokens for each right answer, the wordings of an item together', () => {
    const rows = [
      row('a', 1, { cluster: 'x', measures: { tokens: 100 } }),
      row('b', 0, { cluster: 'x', measures: { tokens: 300 } }),
      row('c', 1, { cluster: 'y', measures: { tokens: 200 } }),
      row('d', 1, { cluster: 'y', measures: { tokens: 0 } }),
      row('e', 1, { measures: { tokens: null } }),
      row('f', 1, { measures: { tokens: 60 } }),
    ];
    expect(estimateOf(reasoning, 'tokens_per_right', rows)).toMatchObject({ value: 660 / 4, n: 3, method: 'ratio-t' });
    expect(estimateOf(reasoning, 'tokens_per_right', [row('a', 0, { measures: { tokens: 9 } })])).toHaveProperty(
      'unavailable',
    );
  });

  it('tell how much of what was meant as a call could be read', () => {
    const rows = [
      row('a', 0, { measures: { parsed_strict: 0, parsed_lenient: 1 } }),
      row('b', 1, { measures: { parsed_strict: 1, parsed_lenient: 1 } }),
      row('c', 0, { measures: { parsed_strict: null, parsed_lenient: null } }),
    ];
    for (const task of [functionCalling, multiTurn, toolUse]) {
      expect(estimateOf(task, 'parsed_strict', rows), task.id).toMatchObject({ value: 0.5, n: 2 });
      expect(estimateOf(task, 'parsed_lenient', rows), task.id).toMatchObject({ value: 1, n: 2 });
    }
  });
});
