import { describe, expect, it } from 'vitest';
import { reportOracles, unexpected } from '../../test/support/agent-oracles.ts';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import task from './function-calling-quick.ts';

describe('the quick function-calling test', () => {
  it.each(['native', 'hermes', 'xml'] as const)('tells right from wrong in %s', async (toolFormat) => {
    const report = await reportOracles(task, { toolFormat });
    expect(report.samples).toBe(4);
    expect(unexpected(report.gold, 1)).toEqual([]);
    expect(unexpected(report.wrong, 0)).toEqual([]);
  });

  it('never reads 0 of 4 as nothing', async () => {
    const samples = await loadTaskSamples(task, settingsOf(task));
    expect(samples.map(({ id }) => id)).toEqual(['pinned/0/0', 'pinned/0/1', 'pinned/0/2', 'pinned/0/3']);
    const rows = samples.map(({ id, category }) => ({
      sampleId: id,
      epoch: 0,
      category,
      cluster: null,
      score: 0,
      measures: {},
    }));
    expect(task.metrics[0].estimate(rows)).toMatchObject({ value: 0, low: 0, method: 'wilson', n: 4 });
    expect((task.metrics[0].estimate(rows) as { high: number }).high).toBeCloseTo(0.49, 2);
  });
});
