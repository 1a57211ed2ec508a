import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type BuiltProgram } from '../../test/support/build-program.ts';
import { engineDependencies, engineSettings } from '../../test/support/engine-settings.ts';
import sglang from './sglang.ts';

let program: BuiltProgram;
let environment: string;
beforeAll(async () => {
  program = await buildProgram('fake-sglang/main.ts');
  environment = join(program.root, 'venv');
  program.install(join(environment, 'bin/python3'));
  mkdirSync(join(environment, 'lib/python3.12/site-packages/sglang-0.5.4.dist-info'), { recursive: true });
}, 60_000);
afterAll(() => program.remove());

async function start(changes: Readonly<Record<string, string>> = {}) {
  const engineOptions = { virtualEnvironment: environment };
  const installation = await sglang.locate?.(engineOptions);
  if (!installation) throw new Error('not found');
  return sglang.open(
    engineSettings({
      model: 'Qwen/Qwen3-8B',
      contextLength: 32_768,
      engineOptions,
      launch: {
        installation,
        args: '--mem-fraction-static 0.85 --max-running-requests 64 --context-length 32768 --enable-metrics'.split(' '),
        environment: changes,
      },
    }),
    engineDependencies(),
  );
}

describe('an SGLang that qwen-eval starts', { timeout: 60_000 }, () => {
  it('tells of its memory as it logs it, and is known by its own endpoint', async () => {
    const engine = await start();
    const described = await engine.describe();
    await engine.close();
    const gib = 2 ** 30;
    expect(described).toMatchObject({
      engine: 'sglang',
      version: '0.5.4',
      model: { name: 'Qwen/Qwen3-8B', root: 'Qwen/Qwen3-8B' },
      memory: {
        scope: 'accelerator',
        weightsBytes: Math.round(15.3 * gib),
        kvCacheBytes: Math.round(48.1 * gib),
        kvCacheTokens: 350_257,
        graphBytes: Math.round(0.92 * gib),
      },
    });
    expect(described.memory?.maximumConcurrency).toBeCloseTo(10.69, 2);
  });

  it('is not taken for another one', async () => {
    const engine = await start({ FAKE_SGLANG_MODEL: 'Qwen/Qwen3-4B' });
    await expect(engine.describe()).rejects.toMatchObject({
      code: 'E_NOT_OUR_SERVER',
      message: expect.stringContaining('it serves Qwen/Qwen3-4B, not Qwen/Qwen3-8B') as string,
    });
    await engine.close();
  });

  it('says why it did not start', async () => {
    const error = (await start({ FAKE_SGLANG_FAILURE: 'memory' }).then(
      () => null,
      (reason: unknown) => reason,
    )) as { readonly details: { readonly logPath: string } } | null;
    expect(error).toMatchObject({ code: 'E_ENGINE_START', details: { cause: 'out_of_memory' } });
    rmSync(join(error?.details.logPath ?? '', '..'), { recursive: true });
  });
});
