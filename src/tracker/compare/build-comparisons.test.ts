import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../core/result-document.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import { runDocument, taskPlan } from '../../../test/support/recorded-run.ts';
import type { TaskScores } from '../../diagnosis/compare/task-scores.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackerCell } from '../tracker-cell.ts';
import { buildComparisons } from './build-comparisons.ts';

const scoresOf = (outcomes: string): TaskScores =>
  new Map(
    Array.from(outcomes, (outcome, index) => {
      const right = Number(outcome);
      const category = index < outcomes.length / 2 ? 'first' : 'second';
      return [`test/${index}`, { score: right, category, cluster: null, code: null, epochs: 1, right }];
    }),
  );

/** The comparison of two presets over one task. */
function compared(
  outcomes: { readonly balanced: string; readonly performance: string },
  { plan = {}, isEarly = false }: { readonly plan?: Partial<TaskPlan>; readonly isEarly?: boolean } = {},
) {
  const presets = ['balanced', 'performance'] as const;
  const decided = { isEarly } as TaskResult['decided'];
  const runs = presets.map((preset): TrackedRun => ({
    document: runDocument(preset, [taskPlan('calls', plan)]),
    result: {
      tasks: [{ task: 'calls', ...(preset === 'performance' && { decided }) }],
    } as unknown as TrackedRun['result'],
  }));
  const cells = presets.map(
    (preset) =>
      ({
        model: 'm',
        preset,
        mode: 'thinking',
        task: 'calls',
        choiceMode: null,
        status: 'tested',
        runId: preset,
        headline: 'accuracy',
      }) as TrackerCell,
  );
  const [comparison] = buildComparisons({
    cells,
    runs,
    models: [],
    basePreset: 'balanced',
    readScores: ({ document }) =>
      new Map([['calls', scoresOf(outcomes[document.runId as 'balanced' | 'performance'])]]),
  });
  return comparison?.tasks[0];
}

describe('comparisons of the tracker', () => {
  const outcomes = {
    balanced: `${'1'.repeat(60)}${'0'.repeat(40)}`,
    performance: `${'1'.repeat(90)}${'0'.repeat(10)}`,
  };

  it('are those of compare: by the plain mean, or by what the headline averages', () => {
    expect(compared(outcomes)).toMatchObject({ verdict: 'a', difference: { method: 'tango' } });
    expect(compared(outcomes, { plan: { headlineParts: { unit: 'category' } } })).toMatchObject({
      verdict: 'a',
      difference: { method: 'tango-stratified' },
    });
  });

  it('hold whenever one stops where a run ended because it was decided', () => {
    expect(compared(outcomes, { isEarly: true })).toMatchObject({
      difference: { method: 'anytime-betting', n: 100 },
      a: { method: 'anytime-betting' },
    });
  });
});
