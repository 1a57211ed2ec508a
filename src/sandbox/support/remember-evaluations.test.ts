import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Sandbox, SandboxEvaluation, SandboxVerdictKind } from '../../core/ports/sandbox.ts';
import { rememberEvaluations } from './remember-evaluations.ts';

const folder = mkdtempSync(join(tmpdir(), 'qe-evaluations-'));
afterAll(() => rmSync(folder, { recursive: true }));

const evaluation: SandboxEvaluation = {
  id: 'x',
  candidate: 'def f(): pass',
  entryPoint: 'f',
  inputs: [[1]],
  timeLimitMs: 1,
};

function counting(kind: SandboxVerdictKind | Error, pythonVersion = '3.11.2') {
  const asked: string[] = [];
  const inner: Sandbox = {
    describe: async () => ({
      backend: 'b',
      mode: 'strict',
      version: '1',
      pythonVersion,
      workers: 1,
      limits: {},
      timeFactor: 1,
    }),
    run: async () => ({ kind: 'passed', error: null, detail: null, wallMs: 1 }),
    evaluate: async ({ id }) => {
      asked.push(id);
      if (kind instanceof Error) throw kind;
      const verdict = { kind, error: null, detail: null, wallMs: 1 };
      return { verdict, calls: [{ kind: 'returned', value: { t: [1] }, wallMs: 1 }] };
    },
    setTimeFactor: () => undefined,
    close: async () => undefined,
  };
  return { inner, asked };
}

it('makes an evaluation once and keeps it for later processes', async () => {
  const { inner, asked } = counting('passed');
  const first = rememberEvaluations(inner, folder);
  const results = await Promise.all([first.evaluate(evaluation), first.evaluate(evaluation)]);
  expect(results[0]).toEqual(results[1]);
  expect(await rememberEvaluations(inner, folder).evaluate({ ...evaluation, id: 'y' })).toEqual(results[0]);
  expect(asked).toEqual(['x']);
});

it('makes it again for other arguments, another program, another Python, and after damage', async () => {
  const { inner, asked } = counting('passed');
  const sandbox = rememberEvaluations(inner, folder);
  await sandbox.evaluate({ ...evaluation, inputs: [[2]] });
  await sandbox.evaluate({ ...evaluation, candidate: 'def f(): return 1' });
  expect(asked).toHaveLength(2);
  const other = counting('passed', '3.14.2');
  await rememberEvaluations(other.inner, folder).evaluate(evaluation);
  expect(other.asked).toHaveLength(1);
  for (const name of readdirSync(join(folder, 'evaluations')))
    writeFileSync(join(folder, 'evaluations', name), '{"verdict": 1');
  await rememberEvaluations(inner, folder).evaluate(evaluation);
  expect(asked).toHaveLength(3);
});

it('keeps nothing that did not end well', async () => {
  for (const kind of ['timeout', new Error('closed')] as const) {
    const { inner, asked } = counting(kind);
    const sandbox = rememberEvaluations(inner, folder);
    const missing = { ...evaluation, inputs: [['never']] };
    for (let round = 0; round < 2; round++) await sandbox.evaluate(missing).catch(() => undefined);
    expect(asked).toHaveLength(2);
  }
});

it('works without a place to keep things', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  const { inner, asked } = counting('passed');
  const sandbox = rememberEvaluations(inner, join(folder, 'a-file'));
  expect((await sandbox.evaluate(evaluation)).calls).toHaveLength(1);
  expect(asked).toHaveLength(1);
  expect(
    (await sandbox.run({ id: '', candidate: '', setup: '', tests: '', entryPoint: null, timeLimitMs: 1 })).kind,
  ).toBe('passed');
  sandbox.setTimeFactor(2);
  await sandbox.close();
});
