import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../core/result-document.ts';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../../test/support/recorded-run.ts';
import { estimateOf, unmeasured } from '../../../test/support/system-report.ts';
import { systemFigures } from './system-figures.ts';

const document = runDocument('r', [taskPlan('gsm8k'), taskPlan('mmlu')]);
const result = resultDocument(document, [
  ...['a', 'b'].map((id) => sampleRecord('gsm8k', id)),
  ...['a', 'b'].map((id) =>
    sampleRecord('mmlu', id, {
      usage: { promptTokens: 9, completionTokens: 2, reasoningTokens: null, cachedPromptTokens: null },
    }),
  ),
]);

describe('systemFigures', () => {
  it('are all unknown for a run without a result', () => {
    const figures = systemFigures(null, ['gsm8k']);
    const unknown = { unavailable: 'the run was not measured' };
    expect(Object.values(figures).filter((figure) => figure !== null)).toEqual([
      { outputTokensPerSecond: unknown, timeToFirstTokenMs: unknown },
      { unavailable: 'the run was not measured' },
      { unavailable: 'the run was not measured' },
    ]);
  });

  it('count tokens an answer over the tasks that are compared', () => {
    const tokens = (tasks: readonly string[]) => systemFigures(result, tasks).tokensPerAnswer;
    expect([tokens(['gsm8k']), tokens(['mmlu']), tokens(['gsm8k', 'mmlu']), tokens(['arc'])]).toEqual([
      50,
      2,
      26,
      null,
    ]);
  });

  it.each([
    ['the engine counts no tokens', { prompt: null, completion: null, meanCompletion: null }],
    ['no answer has any', { prompt: 9, completion: 0, meanCompletion: 0 }],
  ])('know no tokens an answer where %s', (_, tokens: TaskResult['tokens']) => {
    const [first, ...rest] = result.tasks;
    if (!first) throw new Error('no task');
    const changed = { ...result, tasks: [{ ...first, tokens }, ...rest] };
    expect(systemFigures(changed, ['gsm8k', 'mmlu']).tokensPerAnswer).toBeNull();
    expect(systemFigures(changed, ['mmlu']).tokensPerAnswer).toBe(2);
  });

  it('have memory and cost where the run was measured', () => {
    expect(systemFigures(result, [])).toMatchObject({ memory: null, wallMs: 1000 });
    const cost = { ...unmeasured.cost, joulesPerThousandSamples: estimateOf(900, 50) };
    const throughput = { ...unmeasured.throughput, outputTokensPerSecond: estimateOf(700, 90) };
    const system = { ...unmeasured, cost, throughput };
    expect(systemFigures({ ...result, system }, [])).toMatchObject({
      memory: unmeasured.memory.engineBytes,
      measured: {
        outputTokensPerSecond: { value: 700 },
        timeToFirstTokenMs: unmeasured.latency.timeToFirstTokenMs.p50,
      },
      joulesPerThousandSamples: { value: 900 },
      pricePerThousandSamples: { unavailable: 'not measured' },
    });
  });
});
