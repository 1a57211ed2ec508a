import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { commandsWith } from '../support/descendant-processes.ts';
import { realLlamaServer } from '../support/real-llama-server.ts';
import { realQwen } from '../support/real-qwen.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { sharedData } from '../support/shared-data.ts';

const server = realLlamaServer();
const model = realQwen();
const reason =
  server === null
    ? 'no llama-server; set QE_REAL_LLAMA_SERVER to its path'
    : model === null
      ? 'no real Qwen file; set QE_REAL_QWEN to its path'
      : sharedData === null
        ? 'no benchmark files'
        : null;
const suite = reason === null ? describe : describe.skip;

const folder = temporaryFolder('real-llama-server');
afterAll(() => rmSync(folder, { recursive: true }));

const args = (more: readonly string[]): readonly string[] => [
  'run',
  '--engine',
  'llama-server',
  '--model',
  model ?? '',
  '--engine-options',
  JSON.stringify({ command: server?.path }),
  '--max-model-len',
  '2048',
  '--max-tokens',
  '300',
  '--data-dir',
  sharedData ?? '',
  '--tracker',
  'none',
  '--json',
  ...more,
];

const environment = server?.environment ?? {};

suite(`a real llama.cpp server${reason === null ? '' : ` [skipped: ${reason}]`}`, () => {
  it('is started, asked, measured and stopped', { timeout: 1_200_000 }, async () => {
    const tasks = ['--tasks', 'gsm8k,arc_challenge', '--limit', '4'];
    const { code, stdout, stderr } = await runCli(args(tasks), { cwd: folder, env: environment });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/answers after [\d.]+ s/) });
    const result = JSON.parse(stdout) as ResultDocument;
    expect(result).toMatchObject({ status: 'complete', engine: 'llama-server' });
    expect(result.tasks.map((task) => task.counts.scored)).toEqual([4, 4]);
    const directory = findRunDirectory(join(folder, 'runs'), 'latest');
    const document = JSON.parse(readFileSync(directory.runFile, 'utf8')) as RunDocument;
    expect(document.plan.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(document.plan.preset.resolved).toMatchObject({ '--parallel': 8, '--ctx-size': 16_384, '--metrics': true });
    expect(document.engine).toMatchObject({
      contextLength: 2048,
      parallelRequests: 8,
      metricsUrl: expect.stringMatching(/\/metrics$/) as string,
      processId: expect.any(Number) as number,
      memory: { scope: 'all', kvCacheTokens: 16_384 },
    });
    const { weightsBytes, kvCacheBytes } = document.engine['memory'] as Readonly<Record<string, number>>;
    // 24 layers of 2 KV heads of 64, keys and values in 16 bits: 12 KiB a token.
    expect(kvCacheBytes).toBe(16_384 * 12_288);
    expect(weightsBytes).toBeGreaterThan(400e6);
    expect(readFileSync(directory.engineLogFile, 'utf8').length).toBeGreaterThan(1000);
    expect(commandsWith(server?.path ?? 'none')).toEqual([]);
    console.log(
      result.tasks.map((task) => `${task.task} ${JSON.stringify(task.metrics['accuracy'])}`).join('; '),
      `${result.timings.outputTokensPerSecond?.toFixed(1)} tokens/s; preflight ${JSON.stringify(document.fingerprint)}`,
    );
  });

  it('leaves nothing behind when qwen-eval is killed', { timeout: 300_000 }, async () => {
    const path = server?.path ?? 'none';
    const { code } = await runCli(args(['--tasks', 'gsm8k', '--limit', '50']), {
      cwd: folder,
      env: environment,
      onStart: (child) =>
        void (async () => {
          // The first are its version and its help.
          while (!commandsWith(path).some((command) => command.includes('--port'))) await sleep(100);
          await sleep(5000);
          child.kill('SIGKILL');
        })(),
    });
    expect(code).toBe('SIGKILL');
    for (const end = performance.now() + 60_000; performance.now() < end && commandsWith(path).length > 0;)
      await sleep(200);
    expect(commandsWith(path)).toEqual([]);
  });

  it('says why it did not start', { timeout: 120_000 }, async () => {
    const options = JSON.stringify({ command: server?.path, args: ['--no-such-flag'] });
    const { code, stdout } = await runCli(args(['--tasks', 'gsm8k', '--limit', '1', '--engine-options', options]), {
      cwd: folder,
      env: environment,
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_ENGINE_START', message: expect.stringMatching(/does not know a flag.*no-such-flag/) as string },
    });
  });
});
