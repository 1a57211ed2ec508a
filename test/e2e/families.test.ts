import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { isEstimated } from '../../src/core/estimate.ts';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { suites } from '../../src/runner/suites.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('families');
afterAll(() => rmSync(folder, { recursive: true }));

async function evaluate(suite: string, more: readonly string[]): Promise<ResultDocument> {
  const args = ['run', '--offline', '--suite', suite, '--mode', 'non-thinking', '--max-tokens', '48', '--threads', '1'];
  const { code, stdout, stderr } = await runCli(
    [...args, '--preflight', 'off', '--tracker', 'none', '--json', ...more],
    { cwd: folder },
  );
  expect(stderr).not.toMatch(/E_[A-Z]+:/);
  expect(code).toBe(0);
  return JSON.parse(stdout) as ResultDocument;
}

it('runs every agent family on the embedded engine', { timeout: 300_000 }, async () => {
  const result = await evaluate('agents', ['--limit', '7']);
  expect(result.tasks.map(({ task }) => task)).toEqual((suites['agents'] ?? []).map(({ task }) => task));
  for (const { task, counts, certificate, metrics, headline } of result.tasks) {
    const planned = task === 'function_calling_quick' ? 4 : 7;
    // The small model's context does not hold every mission; nothing else may stay without a score.
    const tooLong = counts.byCode['ctx.exceeded'] ?? 0;
    expect({ task, counts, certificate }).toMatchObject({
      task,
      counts: { planned, scored: planned - tooLong, unscored: tooLong },
      certificate: { passed: true },
    });
    if (tooLong > 0) continue;
    const estimate = metrics[headline];
    expect(estimate && isEstimated(estimate) ? estimate.high - estimate.low : 0).toBeGreaterThan(0);
  }
});

it(
  'runs every long-context family on the embedded engine, with its speed by length',
  { timeout: 300_000 },
  async () => {
    const result = await evaluate('long_context', ['--limit', '4', '--task-options', '{"lengths":[512,1024]}']);
    expect(result.tasks.map(({ task }) => task)).toEqual((suites['long_context'] ?? []).map(({ task }) => task));
    for (const { task, counts, certificate } of result.tasks)
      expect({ task, counts, certificate }).toMatchObject({
        counts: { planned: 4, scored: 4 },
        certificate: { passed: true },
      });
    const { byLength } = result.timings;
    expect(byLength.map(({ task, length }) => `${task} ${length}`)).toEqual(
      result.tasks
        .map(({ task }) => task)
        .toSorted()
        .flatMap((task) => [`${task} 512`, `${task} 1024`]),
    );
    for (const { lengths } of result.tasks) expect(Object.keys(lengths).toSorted()).toEqual(['1024', '512']);
    for (const { length, promptTokens, timeToFirstTokenMs } of byLength) {
      // The chat template adds its own tokens, and a small vocabulary cuts rare words in ways that two prompts do not show.
      if (isEstimated(promptTokens)) expect(Math.abs(promptTokens.value - length)).toBeLessThan(150);
      else expect(promptTokens.unavailable).toMatch(/no spread/);
      expect(isEstimated(timeToFirstTokenMs) && timeToFirstTokenMs.value).toBeGreaterThan(0);
    }
  },
);
