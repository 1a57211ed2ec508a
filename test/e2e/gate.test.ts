import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runDocument, sampleRecord, taskPlan, writeRun } from '../support/recorded-run.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('gate-e2e');
afterAll(() => rmSync(folder, { recursive: true }));

const recorded = (runId: string, wrong: number) =>
  writeRun(
    join(folder, 'runs'),
    runDocument(runId, [taskPlan('gsm8k')]),
    Array.from({ length: 100 }, (_, index) =>
      sampleRecord('gsm8k', `${index}`, index < wrong ? { score: 0, code: 'answer.wrong' } : {}),
    ),
  );
recorded('20261101T000000Z-efefefef-good', 10);
recorded('20261102T000000Z-efefefef-poor', 30);

const gate = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(['gate', ...args], { cwd: folder, env });

it('passes with exit code 0 and fails with 1, for a pipeline to see', async () => {
  const good = await gate(['20261101', '--min', 'gsm8k=0.8', '--json']);
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(good.stdout)).toMatchObject({
    passed: true,
    checks: [{ id: 'complete' }, { id: 'min:gsm8k', passed: true, bound: 0.8, estimate: { value: 0.9, n: 100 } }, {}],
  });
  const poor = await gate(['20261102', '--min', 'gsm8k=0.8', '--json']);
  expect(poor.code).toBe(1);
  expect(poor.stderr).toBe('E_GATE_FAILED: 1 of 3 checks do not hold for run 20261102T000000Z-efefefef-poor\n');
  expect(JSON.parse(poor.stdout)).toMatchObject({ passed: false });
});

it('holds a run against a baseline, and leaves JUnit and the job summary behind', async () => {
  const summary = join(folder, 'summary.md');
  writeFileSync(summary, 'before\n');
  const { code, stdout } = await gate(['latest', '--baseline', '20261101', '--junit', 'gate.xml'], {
    GITHUB_STEP_SUMMARY: summary,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^gate FAILED: 2 of 3 checks hold, run 20261102\S+ against 20261101/);
  const xml = readFileSync(join(folder, 'gate.xml'), 'utf8');
  expect(xml).toContain('<testsuites tests="3" failures="1">');
  expect(xml).toContain('name="baseline:gsm8k"');
  expect(readFileSync(summary, 'utf8')).toMatch(/^before\n### qwen-eval gate: failed\n/);
});

it('is a usage error, not a failed gate, when it is asked wrongly', async () => {
  for (const [args, message] of [
    [['latest', '--min', 'mmlu=0.5'], 'has no task mmlu'],
    [['nowhere'], 'no run nowhere'],
    [['latest', '--min', 'gsm8k=0.5', '--junit', 'no/such/folder/gate.xml'], 'cannot be written'],
  ] as const) {
    const { code, stderr } = await gate(args);
    expect([args, code]).toEqual([args, args.includes('--junit' as never) ? 3 : 2]);
    expect(stderr).toContain(message);
  }
});
