import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('thinking-history');
afterAll(() => rmSync(folder, { recursive: true }));

interface Message {
  readonly role: string;
  readonly reasoning_content?: string;
}

it.each([
  ['Qwen/Qwen3-8B', '', undefined],
  ['Qwen/Qwen3.6-27B', '', undefined],
  ['Qwen/Qwen3.6-27B', '--preserve-thinking', 'Another page may have it.'],
])(
  'gives %s %s its earlier thinking as the family wants: %s',
  { timeout: 120_000 },
  async (model, option, expected) => {
    let calls = 0;
    const server = await startOpenAiServer({
      models: [{ id: model, object: 'model' }],
      behave: () => ({
        kind: 'answer',
        text: '',
        reasoning: 'Another page may have it.',
        toolCalls: [{ id: `call_${++calls}`, name: 'list_items', arguments: JSON.stringify({ cursor: calls }) }],
      }),
    });
    try {
      const args =
        `run --base-url ${server.url} --model ${model} --mode thinking ${option} --tasks agent_tool_use --limit 1 ` +
        `--preflight off --tool-format native --tracker none --task-options {"budget":{"turns":3}}`;
      const { code, stderr } = await runCli(args.split(/ +/), { cwd: folder });
      expect([code, stderr.match(/E_[A-Z]+:.*/)]).toEqual([0, null]);
      const histories = server.requests.map(({ body }) => body['messages'] as readonly Message[]);
      const thoughts = (histories.at(-1) ?? []).filter(({ role }) => role === 'assistant');
      expect(thoughts.map(({ reasoning_content: thought }) => thought)).toEqual([expected, expected]);
    } finally {
      await server.close();
    }
  },
);
