import { rmSync } from 'node:fs';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { RunComparison } from '../../src/diagnosis/compare/compare-runs.ts';
import { isEstimated } from '../../src/core/estimate.ts';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { arithmeticSize, serveArithmetic } from '../support/arithmetic-server.ts';
import type { OpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('until-decided');
afterAll(() => rmSync(folder, { recursive: true }));

let server: OpenAiServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const size = arithmeticSize;

async function serve(knows: (index: number) => boolean): Promise<string> {
  await server?.close();
  server = await serveArithmetic(knows);
  return server.url;
}

const evaluate = async (url: string, more: readonly string[] = []) => {
  const { code, stdout, stderr } = await runCli(
    `run --base-url ${url} --tasks synthetic_arithmetic --preflight off --max-connections 4 --tracker none --json`
      .split(' ')
      .concat(more),
    { cwd: folder },
  );
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout) as ResultDocument;
};

it('ends a task as soon as it is better than the baseline, and shows intervals that allow for that', async () => {
  const before = await evaluate(await serve((index) => index % 3 === 0), ['--limit', `${size}`]);
  const after = await evaluate(await serve(() => true), ['--limit', `${size}`, '--until-decided', before.runId]);
  const [task] = after.tasks;
  expect(after.status).toBe('complete');
  expect(task?.decided).toMatchObject({ baseline: before.runId, verdict: 'a', available: size, isEarly: true });
  expect(task?.counts.planned).toBeLessThan(size / 4);
  expect(task?.counts).toMatchObject({ scored: task?.counts.planned, unscored: 0 });
  const accuracy = task?.metrics['accuracy'];
  expect(accuracy).toMatchObject({ value: 1, method: 'anytime-betting' });
  // The ids asked are no prefix of the file: samples come in random order.
  const compared = await runCli(['compare', after.runId, before.runId, '--json'], { cwd: folder });
  const { comparisons } = JSON.parse(compared.stdout) as RunComparison;
  expect(comparisons[0]).toMatchObject({ verdict: 'a', pValue: null, pairs: task?.counts.planned });
  expect(comparisons[0]?.difference).toMatchObject({ method: 'anytime-betting' });
  const shown = await runCli(['compare', after.runId, before.runId], { cwd: folder });
  expect(shown.stdout).toContain('a is better');
  const rescored = await runCli(['rescore', after.runId, '--json'], { cwd: folder });
  expect((JSON.parse(rescored.stdout) as ResultDocument).tasks[0]).toMatchObject({
    metrics: { accuracy },
    decided: task?.decided,
  });
});

it('asks everything where nothing is decided, and then is a run like any other', async () => {
  const before = await evaluate(await serve((index) => index % 2 === 0), ['--limit', '30']);
  const after = await evaluate(await serve((index) => index % 2 === 1), [
    '--limit',
    '30',
    '--until-decided',
    before.runId,
    '--delta',
    '0.001',
  ]);
  const [task] = after.tasks;
  expect(task?.decided).toMatchObject({ verdict: 'undecided', isEarly: false });
  expect(task?.counts).toMatchObject({ planned: 30, scored: 30 });
  expect(task?.metrics['accuracy']).toMatchObject({ value: 0.5, method: 'wilson' });
});

it('refuses a baseline that asked something else, or a sample more than once', async () => {
  const before = await evaluate(await serve(() => true), ['--limit', '10']);
  const run = (more: readonly string[]) =>
    runCli(['run', '--base-url', server?.url ?? '', '--preflight', 'off', '--until-decided', before.runId, ...more], {
      cwd: folder,
    });
  const other = await run(['--tasks', 'synthetic_arithmetic', '--limit', '20']);
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('differ in samples')]);
  const task = await run(['--tasks', 'synthetic_choice']);
  expect([task.code, task.stderr]).toEqual([2, expect.stringContaining('no scores of synthetic_choice')]);
  const epochs = await run(['--tasks', 'synthetic_arithmetic', '--limit', '10', '--epochs', '2']);
  expect([epochs.code, epochs.stderr]).toEqual([2, expect.stringContaining('--until-decided takes every sample once')]);
});

it('shows what repeats of a run flip by themselves', async () => {
  const [first, second] = [
    await evaluate(await serve((index) => index % 2 === 0), ['--limit', '40']),
    await evaluate(server?.url ?? '', ['--limit', '40']),
  ];
  expect(first.planHash).toBe(second.planHash);
  const compared = await runCli(['compare', first.runId, second.runId, '--json'], { cwd: folder });
  const { noiseFloor } = (JSON.parse(compared.stdout) as RunComparison).comparisons[0] ?? {};
  expect(noiseFloor?.a).toMatchObject({ value: 0, n: 40 });
  expect(noiseFloor?.a && isEstimated(noiseFloor.a) && noiseFloor.a.high).toBeGreaterThan(0.02);
  const { stdout } = await runCli(['compare', first.runId, second.runId], { cwd: folder });
  expect(stdout).toMatch(/noise floor: 0.* flip when a is repeated/);
});
