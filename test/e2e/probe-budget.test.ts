import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { findRunDirectory, loadRunDocument } from '../../src/store/run-directory.ts';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('probe-budget');
let server: OpenAiServer | null = null;
afterEach(() => server?.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** A run that finds its budget first, on a server whose answers have such lengths. */
async function runWith(lengthOf: (index: number) => number) {
  server = await startOpenAiServer({
    behave: ({ index }) => ({ kind: 'answer', text: 'word '.repeat(lengthOf(index)).trim() }),
  });
  const { code, stdout, stderr } = await runCli(
    ['run', '--base-url', server.url, '--tasks', 'synthetic_arithmetic', '--limit', '30', '--preflight', 'off'].concat([
      '--probe-budget',
      '--tracker',
      'none',
      '--json',
    ]),
    { cwd: folder },
  );
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as ResultDocument;
  return { result, stderr, document: loadRunDocument(findRunDirectory(join(folder, 'runs'), result.runId)) };
}

it('chooses a budget above the longest of twenty answers, and no answer is cut', async () => {
  const { result, document, stderr } = await runWith((index) => 40 + (index % 10) * 4);
  const probe = document.budgetProbes?.['synthetic_arithmetic'];
  expect(probe).toMatchObject({ asked: 20, answered: 20 });
  const longest = probe?.longestTokens ?? 0;
  expect(probe?.budgetTokens).toBeGreaterThanOrEqual(longest);
  expect(probe?.budgetTokens).toBeLessThan(8 * longest);
  expect(document.plan.tasks[0]?.settings.maxTokens).toBe(probe?.budgetTokens);
  expect(document.options['taskBudgets']).toEqual({ synthetic_arithmetic: probe?.budgetTokens });
  expect(result.tasks[0]?.counts).toMatchObject({ planned: 30, truncated: 0 });
  expect(stderr).toMatch(/synthetic_arithmetic: budget \d+ tokens, from 20 answers/);
  const sent = server?.requests.map(({ body }) => body['max_tokens']);
  expect(stderr).not.toMatch(/Warning/);
  expect(new Set(sent)).toEqual(new Set([probe?.allowedTokens, probe?.budgetTokens]));
});

it('says how much will be truncated where no budget is enough', async () => {
  const { document, stderr } = await runWith((index) => (index % 2 === 0 ? 9000 : 30));
  const probe = document.budgetProbes?.['synthetic_arithmetic'];
  expect(probe?.budgetTokens).toBe(probe?.allowedTokens);
  expect(probe?.expectedTruncation).toMatchObject({ value: 0.5, n: 20 });
  expect(stderr).toMatch(/50 % \[.*\] of the answers will be truncated/);
});
