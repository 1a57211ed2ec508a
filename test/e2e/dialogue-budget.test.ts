import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import type { SampleRecord } from '../../src/core/sample-record.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('dialogue-budget');
afterAll(() => rmSync(folder, { recursive: true }));

it('ends a mission whose tokens are spent, and keeps all of it in the journal', { timeout: 120_000 }, async () => {
  let calls = 0;
  // A model that reads another page in each turn and never comes to an end.
  const server = await startOpenAiServer({
    behave: () => ({
      kind: 'answer',
      text: '',
      toolCalls: [{ id: `call_${++calls}`, name: 'list_items', arguments: JSON.stringify({ cursor: calls }) }],
      usage: { prompt_tokens: 50, completion_tokens: 30, total_tokens: 80 },
    }),
  });
  try {
    const run = (budget: string) =>
      runCli(
        [
          `run --base-url ${server.url} --tasks agent_tool_use --limit 1 --preflight off --tool-format native`,
          '--tracker none --out runs --json --task-options',
        ]
          .join(' ')
          .split(' ')
          .concat(`{"budget": ${budget}, "levels": [2]}`),
        { cwd: folder },
      );
    const { code, stdout, stderr } = await run('{"tokens": 100}');
    expect([code, stderr.match(/E_[A-Z]+:.*/)]).toEqual([0, null]);
    const { runId } = JSON.parse(stdout) as ResultDocument;
    const [line] = readFileSync(join(folder, 'runs', runId, 'samples.jsonl'), 'utf8').split('\n');
    const record = JSON.parse(line ?? '') as SampleRecord;
    // The fourth turn brings it to 120 tokens.
    expect(record.turns).toHaveLength(4);
    expect(record).toMatchObject({ score: 0, code: 'step.budget' });
    expect(record.explanation).toContain('cut off after 4 calls');
    expect(record.transcript?.map(({ role }) => role)).toEqual([
      'system',
      'user',
      ...Array.from({ length: 3 }, () => ['assistant', 'tool']).flat(),
    ]);
    expect(record.transcript?.[2]).toMatchObject({ toolCalls: [{ id: 'call_1', name: 'list_items' }] });
    expect(record.transcript?.[3]).toMatchObject({ toolCallId: 'call_1', content: expect.stringMatching(/^\{/) });
    const refused = await run('{"steps": 1}');
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('the budget of agent_tool_use is {');
  } finally {
    await server.close();
  }
});
