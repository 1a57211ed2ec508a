import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubServer, type HubServer } from '../support/hub-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('fetch');
const weights = readFileSync(fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url)));
let hub: HubServer;

beforeAll(async () => {
  hub = await startHubServer();
  hub.files.set('/Qwen/Qwen3-0.6B-GGUF/resolve/main/Qwen3-0.6B-Q8_0.gguf', weights);
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: readonly string[]) => runCli(args, { cwd: folder, env: { HF_ENDPOINT: hub.endpoint } });

describe('fetch', () => {
  it('says offline what it would have to download', async () => {
    const { code, stdout } = await cli('fetch', 'qwen3_0_6b', '--offline', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_OFFLINE', message: expect.stringContaining('Qwen3-0.6B-Q8_0.gguf') },
    });
  });

  it('brings a model’s official file, and finds it again without the network', async () => {
    const first = await cli('fetch', 'qwen3_0_6b', '--json');
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('Qwen3-0.6B-Q8_0.gguf');
    const { fetched } = JSON.parse(first.stdout) as {
      fetched: { id: string; kind: string; files: { path: string }[] }[];
    };
    expect(fetched).toMatchObject([{ id: 'qwen3_0_6b', kind: 'model', files: [{ sizeBytes: weights.length }] }]);
    expect(readFileSync(fetched[0]?.files[0]?.path ?? '').equals(weights)).toBe(true);
    const again = await cli('fetch', 'Qwen/Qwen3-0.6B', '--offline');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Qwen3-0.6B-Q8_0.gguf') });
  });

  it('suggests for a name that is neither a model nor a task', async () => {
    const { code, stderr } = await cli('fetch', 'gsm8');
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean gsm8k?');
  });
});
