import { readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

type Scores = Readonly<Record<string, Readonly<Record<string, Score>>>>;

const card = JSON.parse(readFileSync(new URL('../../data/built-in-model.json', import.meta.url), 'utf8')) as {
  readonly scores: Scores;
  readonly quickScores: Scores;
};
const folder = temporaryFolder('built-in-model');
afterAll(() => rmSync(folder, { recursive: true }));

it('scores on the pinned seed as its card says, in both modes', { timeout: 300_000 }, async () => {
  const { code, stdout } = await runCli(
    ['run', '--offline', '--limit', '24', '--threads', '1', '--tracker', 'none', '--json'],
    { cwd: folder },
  );
  expect(code).toBe(0);
  const { runs } = JSON.parse(stdout) as { readonly runs: readonly ResultDocument[] };
  expect(runs.map(({ mode }) => mode)).toEqual(Object.keys(card.quickScores));
  for (const { mode, tasks } of runs) {
    const recorded = card.quickScores[mode] ?? {};
    expect(tasks.map(({ task }) => task)).toEqual(Object.keys(recorded));
    const outside = tasks.filter(({ task, headline, metrics }) => {
      const { value, n } = metrics[headline] as Score;
      const { low, high, n: recordedCount } = recorded[task] as Score;
      return value < low || value > high || n !== recordedCount;
    });
    expect(outside.map(({ task, headline, metrics }) => [mode, task, metrics[headline]])).toEqual([]);
  }
});
