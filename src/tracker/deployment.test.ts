import { expect, it } from 'vitest';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../test/support/recorded-run.ts';
import { fixtureCatalogue } from '../../test/support/tracker-fixture.ts';
import type { Verdict } from '../core/result-document.ts';
import type { RunPlan } from '../core/run-plan.ts';
import { buildCells } from './build-cells.ts';
import { deploymentsOf } from './deployment.ts';
import { deploymentLines } from './deployment-lines.ts';
import { runLinks } from './run-links.ts';
import type { TrackedRun } from './tracked-run.ts';

const verdict = (summary: string, task?: string): Verdict => ({
  id: 'zero',
  severity: 'error',
  summary,
  evidence: task === undefined ? {} : { task },
  advice: 'nothing',
});

interface Made {
  readonly at: number;
  readonly tasks: readonly string[];
  readonly mode: RunPlan['mode'];
  readonly diagnosis: readonly Verdict[];
}

function run({ at, tasks, mode, diagnosis }: Made): TrackedRun {
  const plans = tasks.map((task) => taskPlan(task, { datasets: [] }));
  const base = runDocument(`r${at}`, plans, { mode });
  const document = {
    ...base,
    createdAt: `2026-11-0${at}T00:00:00.000Z`,
    plan: { ...base.plan, model: { ...base.plan.model, registryId: 'qwen3_8b' } },
  };
  const records = tasks.flatMap((task) =>
    [0, 1, 2].map((index) =>
      sampleRecord(task, `test/${index}`, { score: index < at ? 0 : 1, code: index < at ? 'answer.wrong' : null }),
    ),
  );
  return { document, result: { ...resultDocument(document, records), status: 'complete', diagnosis } };
}

it('tells of the results that are shown, and each mode’s failures apart', () => {
  const runs = [
    run({
      at: 1,
      tasks: ['gsm8k', 'humaneval'],
      mode: 'thinking',
      diagnosis: [verdict('gsm8k of old', 'gsm8k'), verdict('humaneval still', 'humaneval'), verdict('the whole run')],
    }),
    run({ at: 2, tasks: ['gsm8k'], mode: 'thinking', diagnosis: [verdict('gsm8k now', 'gsm8k')] }),
    run({ at: 3, tasks: ['gsm8k'], mode: 'non-thinking', diagnosis: [] }),
  ];
  const cells = buildCells({ ...fixtureCatalogue, runs, reported: [] });
  const [deployment, ...others] = deploymentsOf(runs, cells);
  if (deployment === undefined) throw new Error('no deployment');
  expect(others).toEqual([]);
  expect(deployment.verdicts.map(({ summary }) => summary)).toEqual(['humaneval still', 'the whole run', 'gsm8k now']);
  const issues = deploymentLines(deployment, runLinks('runs'))
    .flat()
    .filter((line) => line.includes('answer.wrong'));
  expect(issues.toSorted()).toEqual([
    '- `gsm8k` (non-thinking): of 100 samples 3 `answer.wrong`',
    '- `gsm8k` (thinking): of 100 samples 2 `answer.wrong`',
    '- `humaneval` (thinking): of 100 samples 1 `answer.wrong`',
  ]);
});
