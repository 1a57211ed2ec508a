import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunComparison } from '../../src/diagnosis/compare/compare-runs.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('default-run');
afterAll(() => rmSync(folder, { recursive: true }));

interface BothModes {
  readonly runs: readonly ResultDocument[];
  readonly comparison: RunComparison;
}

it(
  'evaluates the built-in model in both modes with no network and nothing but a limit, and leaves everything behind',
  { timeout: 300_000 },
  async () => {
    const { code, stdout, stderr } = await runCli(
      ['run', '--offline', '--limit', '6', '--max-tokens', '96', '--threads', '1', '--json'],
      { cwd: folder },
    );
    expect(stderr).not.toMatch(/E_|warn/i);
    expect(code).toBe(0);
    const { runs, comparison } = JSON.parse(stdout) as BothModes;
    expect(runs.map(({ mode }) => mode)).toEqual(['non-thinking', 'thinking']);
    for (const result of runs) {
      expect(result).toMatchObject({ status: 'complete', engine: 'llama-cpp', preset: 'balanced' });
      expect(result.tasks.length).toBeGreaterThanOrEqual(5);
      for (const task of result.tasks) {
        expect(task).toMatchObject({ counts: { planned: 6, scored: 6 }, certificate: { passed: true }, refused: null });
        expect(task.metrics[task.headline]).toMatchObject({ level: 0.95 });
      }
      expect(result.timings.outputTokensPerSecond).toBeGreaterThan(0);
    }
    expect(comparison.a).toMatchObject({ mode: 'thinking', runId: runs[1]?.runId });
    expect(comparison.comparisons.map(({ task, pairs }) => [task, pairs])).toEqual(
      runs[0]?.tasks.map(({ task }) => [task, 6]),
    );

    const tracker = readFileSync(join(folder, 'TRACKER.md'), 'utf8');
    for (const result of runs) {
      const directory = findRunDirectory(join(folder, 'runs'), result.runId);
      expect(
        [directory.runFile, directory.samplesFile, directory.resultFile, directory.parquetFile].filter(
          (file) => !existsSync(file),
        ),
      ).toEqual([]);
      const document = JSON.parse(readFileSync(directory.runFile, 'utf8')) as RunDocument;
      expect(document.plan.model.sha256).toMatch(/^[0-9a-f]{64}$/);
      const records = [...readJournal(directory.samplesFile)];
      expect(records).toHaveLength(6 * result.tasks.length);
      expect(
        records.every(
          ({ request }) => request.kind === 'chat' && (request.prompt ?? '').includes('<|im_start|>assistant'),
        ),
      ).toBe(true);
      expect(tracker).toContain(result.runId);
      for (const task of result.tasks) expect(tracker).toContain(`\`${task.task}\``);
    }
  },
);

it('re-scores that run to the same numbers without the model', { timeout: 120_000 }, async () => {
  const before = JSON.parse(
    readFileSync(findRunDirectory(join(folder, 'runs'), 'latest').resultFile, 'utf8'),
  ) as ResultDocument;
  const { code, stdout } = await runCli(['rescore', 'latest', '--json'], { cwd: folder });
  expect(code).toBe(0);
  const after = JSON.parse(stdout) as ResultDocument & { changed: unknown[] };
  expect(after.changed).toEqual([]);
  expect(after.tasks.map((task) => [task.task, task.metrics])).toEqual(
    before.tasks.map((task) => [task.task, task.metrics]),
  );
});

it('shows what ran, in text and as JSON', async () => {
  const text = await runCli(['show', 'latest'], { cwd: folder });
  expect(text.stdout).toContain('score [95 % interval]');
  const json = await runCli(['list', 'runs', '--json'], { cwd: folder });
  expect(JSON.parse(json.stdout)).toMatchObject({
    runs: [
      { status: 'complete', engine: 'llama-cpp' },
      { status: 'complete', engine: 'llama-cpp' },
    ],
  });
});
