import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { commandsWith } from '../support/descendant-processes.ts';
import { installFakeVllm, type FakeVllm } from '../support/fake-vllm.ts';
import { metricsPages } from '../support/metrics-pages.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder, type CliResult } from '../support/run-cli.ts';

const folder = temporaryFolder('managed');
let fake: FakeVllm;

beforeAll(async () => {
  fake = await installFakeVllm();
}, 60_000);
afterAll(() => {
  fake.remove();
  rmSync(folder, { recursive: true });
});

const task = ['--tasks', 'synthetic_arithmetic', '--limit', '3', '--max-tokens', '16', '--tracker', 'none', '--json'];

const runVllm = (
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly onStart?: (child: ChildProcess) => void } = {},
): Promise<CliResult> =>
  runCli(['run', '--engine', 'vllm', '--model', 'qwen3_8b', ...task, ...args], {
    cwd: folder,
    env: { PATH: `${fake.folder}:${process.env['PATH']}`, ...options.env },
    ...(options.onStart ? { onStart: options.onStart } : {}),
  });

/** Waits until no process has a text in its command line. */
async function allGone(mark: string, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(200))
    if (commandsWith(mark).length === 0) return true;
  return false;
}

async function appears(mark: string): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50))
    if (commandsWith(mark).length >= 2) return;
  throw new Error(`no process with ${mark} came up`);
}

describe('a server that run starts', { timeout: 180_000 }, () => {
  it('is started with the preset’s flags for its version, asked, logged and stopped', async () => {
    const { code, stdout, stderr } = await runVllm(['--preset', 'performance']);
    expect(stderr).toMatch(/vllm answers after [\d.]+ s/);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const result = JSON.parse(stdout) as ResultDocument;
    expect(result).toMatchObject({ status: 'complete', engine: 'vllm', model: 'Qwen/Qwen3-8B', preset: 'performance' });
    const directory = findRunDirectory(join(folder, 'runs'), 'latest');
    const document = JSON.parse(readFileSync(directory.runFile, 'utf8')) as RunDocument;
    expect(document.plan.preset).toMatchObject({
      requested: 'performance',
      observed: 'performance',
      confirmed: 'yes',
      resolved: {
        '--gpu-memory-utilization': 0.9,
        '--max-num-seqs': 128,
        '--max-model-len': 32_768,
        '--enable-prefix-caching': true,
        '--reasoning-parser': 'qwen3',
        '--tool-call-parser': 'hermes',
      },
      startConcurrency: 16,
      maxConcurrency: 128,
    });
    expect(document.engine).toMatchObject({
      version: '0.10.2',
      memory: { kvCacheTokens: 374_640 },
      installation: { version: '0.10.2' },
    });
    expect(readFileSync(directory.engineLogFile, 'utf8')).toContain('vLLM API server version 0.10.2');
    expect(commandsWith(fake.program)).toEqual([]);
  });

  it('says why it did not start, and leaves with the code of the environment', async () => {
    const { code, stdout } = await runVllm([], { env: { FAKE_VLLM_FAILURE: 'context' } });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'E_ENGINE_START',
        message: expect.stringContaining('the context does not fit the memory') as string,
        hint: expect.stringContaining('--max-model-len to 15280') as string,
      },
    });
  });

  it('refuses flags of the user that the version no longer has, before it starts', async () => {
    const { code, stdout } = await runVllm(['--engine-options', '{"args": ["--num-scheduler-steps", "8"]}']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_OPTION_INVALID', message: 'vllm 0.10.2 has no --num-scheduler-steps: it is gone since 0.10.1' },
    });
  });

  it('is not there when it is not installed', async () => {
    const { code, stdout } = await runVllm([], { env: { PATH: '/usr/bin:/bin' } });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_ENGINE_MISSING', hint: expect.stringContaining('pip install vllm') as string },
    });
  });

  it('goes when the run is interrupted while it starts', async () => {
    const mark = `mark-${process.pid}-interrupt`;
    const { code, stdout } = await runVllm([], {
      env: { FAKE_VLLM_FAILURE: 'hang', FAKE_VLLM_STUBBORN: mark },
      onStart: (child) => void appears(mark).then(() => child.kill('SIGINT')),
    });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_INTERRUPTED' } });
    expect(commandsWith(mark)).toEqual([]);
  });

  it.each([
    ['while it starts', { FAKE_VLLM_FAILURE: 'hang' }],
    ['while it answers', { FAKE_VLLM_SILENT: '1' }],
  ])('leaves no process behind when qwen-eval is killed %s', async (when, env) => {
    const mark = `mark-${process.pid}-${when.replaceAll(' ', '-')}`;
    const { code } = await runVllm([], {
      env: { ...env, FAKE_VLLM_STUBBORN: mark },
      onStart: (child) =>
        void appears(mark)
          .then(() => sleep(1500))
          .then(() => child.kill('SIGKILL')),
    });
    expect(code).toBe('SIGKILL');
    expect(await allGone(mark, 60_000)).toBe(true);
    expect(await allGone(fake.program, 10_000)).toBe(true);
  });
});

describe('a server that runs already', { timeout: 120_000 }, () => {
  it.each([
    ['balanced', 'unknown', 'balanced', 'parallel sequences'],
    ['performance', 'no', 'balanced', 'memory share is 0.85'],
  ])('says of preset %s: %s', async (preset, confirmed, observed, note) => {
    const page = metricsPages.vllmOld.replace('block_size="16",', 'block_size="16",enable_prefix_caching="True",');
    const server = await startOpenAiServer({
      models: [{ id: 'm', object: 'model', owned_by: 'vllm', root: 'Qwen/Qwen3-8B', max_model_len: 32_768 }],
      routes: { 'GET /metrics': page },
    });
    const { code } = await runCli(['run', '--base-url', server.url, '--preset', preset, ...task], { cwd: folder });
    await server.close();
    expect(code).toBe(0);
    const directory = findRunDirectory(join(folder, 'runs'), 'latest');
    const { plan } = JSON.parse(readFileSync(directory.runFile, 'utf8')) as RunDocument;
    expect(plan.preset).toMatchObject({ requested: preset, observed, confirmed, resolved: {} });
    expect(plan.preset.notes.join('\n')).toContain(note);
    expect(existsSync(directory.engineLogFile)).toBe(false);
  });
});
