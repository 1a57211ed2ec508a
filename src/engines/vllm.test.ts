import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { collectGeneration } from '../../test/support/collect-generation.ts';
import { commandsWith } from '../../test/support/descendant-processes.ts';
import { chatRequest, engineDependencies, engineSettings } from '../../test/support/engine-settings.ts';
import { installFakeVllm, type FakeVllm } from '../../test/support/fake-vllm.ts';
import { cardFacts } from '../../test/support/fake-vllm/log-lines.ts';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import type { QwenEvalError } from '../core/errors.ts';
import type { Engine, EngineDependencies } from '../core/ports/engine.ts';
import type { Json } from '../core/json.ts';
import vllm from './vllm.ts';

let fake: FakeVllm;
const folder = temporaryFolder('vllm');
const open: Engine[] = [];

beforeAll(async () => {
  fake = await installFakeVllm();
}, 60_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});
afterAll(() => {
  fake.remove();
  rmSync(folder, { recursive: true });
});

const gib = 2 ** 30;

interface Start {
  readonly version?: string;
  readonly model?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, Json>>;
  readonly dependencies?: Partial<EngineDependencies>;
}

async function start(given: Start = {}): Promise<Engine> {
  const { version = '0.10.2', model = 'Qwen/Qwen3-8B', environment = {}, dependencies = {} } = given;
  const engineOptions = { virtualEnvironment: fake.virtualEnvironment(version), ...given.options };
  const installation = await vllm.locate?.(engineOptions);
  if (!installation) throw new Error('not found');
  const args = given.args ?? ['--max-model-len', '32768', '--gpu-memory-utilization', '0.85'];
  const engine = await vllm.open(
    engineSettings({
      model,
      contextLength: 32_768,
      engineOptions,
      launch: { installation, args, environment },
    }),
    { ...engineDependencies(), ...dependencies },
  );
  open.push(engine);
  return engine;
}

const failureOf = (given: Start): Promise<QwenEvalError> =>
  start(given).then(
    () => {
      throw new Error('it started');
    },
    (error: unknown) => error as QwenEvalError,
  );

describe('a vLLM that qwen-eval starts', { timeout: 60_000 }, () => {
  it('is found in a virtual environment, by a command or on PATH, with its version', async () => {
    expect(await vllm.locate?.({ virtualEnvironment: fake.virtualEnvironment('0.12.0') })).toMatchObject({
      version: '0.12.0',
      flags: null,
    });
    await expect(vllm.locate?.({ virtualEnvironment: folder })).rejects.toMatchObject({ code: 'E_ENGINE_MISSING' });
    await expect(vllm.locate?.({ command: '/nowhere/vllm' })).rejects.toMatchObject({
      code: 'E_ENGINE_MISSING',
      message: expect.stringContaining('/nowhere/vllm is no program') as string,
    });
    // Without metadata beside it the program itself is asked.
    expect(await vllm.locate?.({ command: join(fake.folder, 'vllm') })).toMatchObject({
      version: '0.10.2',
    });
  });

  it.each(['0.10.2', '0.26.0'])('tells of its memory as %s logs it, and answers', async (version) => {
    const told: string[] = [];
    const engine = await start({ version, dependencies: { onProgress: (text) => void told.push(text) } });
    const described = await engine.describe();
    expect(described).toMatchObject({
      engine: 'vllm',
      version,
      model: { name: 'Qwen/Qwen3-8B', root: 'Qwen/Qwen3-8B' },
      contextLength: 32_768,
      metricsUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/) as string,
      settings: { arguments: ['--max-model-len', '32768', '--gpu-memory-utilization', '0.85'] },
      installation: { version },
      memory: {
        scope: 'accelerator',
        kvCacheBytes: Math.round(cardFacts.cacheGib * gib),
        kvCacheTokens: cardFacts.cacheTokens,
        maximumConcurrency: 11.43,
        activationBytes: Math.round(cardFacts.activationGib * gib),
        graphBytes: Math.round(cardFacts.graphGib * gib),
      },
    });
    expect((described.memory?.weightsBytes ?? 0) / gib).toBeCloseTo(cardFacts.weightsGib, 2);
    expect(described.memory?.evidence.length).toBeGreaterThanOrEqual(4);
    expect(described.processId).not.toBeNull();
    expect(described.observed).toBeUndefined();
    expect(told.at(-1)).toMatch(/^vllm answers after [\d.]+ s$/);
    expect(told.length).toBeGreaterThan(1);
    const { text } = await collectGeneration(engine.generate(chatRequest('hello', { model: 'Qwen/Qwen3-8B' })));
    expect(text).not.toBeNull();
  });

  it.each([
    ['0.10.2', 'reasoning_content'],
    ['0.16.0', 'reasoning'],
  ])('is understood whatever %s calls its thinking (%s)', async (version) => {
    const engine = await start({ version });
    const request = chatRequest('', {
      model: 'Qwen/Qwen3-8B',
      prompt: {
        kind: 'messages',
        messages: [{ role: 'user', content: 'think' }],
        templateArguments: { enable_thinking: true },
      },
    });
    expect((await collectGeneration(engine.generate(request))).reasoning).toBe('let me think');
  });

  it('writes its log into a file, what came before included', async () => {
    const engine = await start();
    const path = join(folder, 'engine.log');
    engine.logTo?.(path);
    await engine.close();
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('vLLM API server version 0.10.2');
    expect(text).toContain('Application startup complete.');
    // A progress bar that is written over becomes a line a state.
    expect(text).toContain('\nLoading safetensors checkpoint shards: 100% Completed');
  });

  it.each([
    ['weights', 'out_of_memory', 'CUDA out of memory', '--preset memory_optimized'],
    ['busy', 'out_of_memory', 'less than desired GPU memory utilization', 'nvidia-smi'],
    ['cache', 'out_of_memory', 'No available memory for the cache blocks', 'larger memory share'],
    ['context', 'context_too_long', 'To serve at least one request', '--max-model-len to 15280'],
    ['model', 'model_unknown', 'is not a valid model identifier', 'HF_TOKEN'],
    ['gpu', 'no_gpu', 'Failed to infer device type', 'llama-server'],
  ])('explains the failed start "%s" by the line that says so', async (failure, cause, line, hint) => {
    const error = await failureOf({ environment: { FAKE_VLLM_FAILURE: failure } });
    expect(error).toMatchObject({
      code: 'E_ENGINE_START',
      message: expect.stringContaining(line) as string,
      hint: expect.stringContaining(hint) as string,
      details: { cause, exitCode: 1 },
    });
    const path = String(error.details['logPath']);
    expect(readFileSync(path, 'utf8')).toContain('vLLM API server version');
    expect(error.hint).toContain(path);
    rmSync(join(path, '..'), { recursive: true });
  });

  it('shows the last words of a failure nobody has seen yet', async () => {
    const error = await failureOf({ environment: { FAKE_VLLM_FAILURE: 'mystery' } });
    expect(error.message).toMatch(
      /^vLLM did not start: it ended with exit code 1; its last words: .*KeyError: 'rotary'/,
    );
    rmSync(join(String(error.details['logPath']), '..'), { recursive: true });
  });

  it('explains flags that the version does not have', async () => {
    const swap = await failureOf({ version: '0.26.0', args: ['--swap-space', '4'] });
    expect(swap).toMatchObject({
      message: expect.stringContaining('unrecognized arguments: --swap-space') as string,
      details: { cause: 'flag_unknown', exitCode: 2 },
    });
    const parser = await failureOf({ args: ['--reasoning-parser', 'qwen9'] });
    expect(parser).toMatchObject({ details: { cause: 'flag_unknown' } });
  });

  it('refuses a port that is taken, before anything is started', async () => {
    const other = createServer();
    const port = await listen(other);
    const error = await failureOf({ options: { port } });
    expect(error).toMatchObject({
      code: 'E_ENGINE_START',
      message: expect.stringMatching(new RegExp(`^port ${port} is taken`)) as string,
    });
    if (process.platform === 'linux') expect(error.message).toContain(`by process ${process.pid}`);
    other.close();
  });

  it.each([
    [{ FAKE_VLLM_ROOT: 'Qwen/Qwen2.5-7B-Instruct' }, 'it serves Qwen/Qwen2.5-7B-Instruct, not Qwen/Qwen3-8B'],
    [{ FAKE_VLLM_CONTEXT: '4096' }, 'its context is 4096 tokens, not 32768'],
  ])('does not take another server for its own: %j', async (environment, difference) => {
    const engine = await start({ environment });
    await expect(engine.describe()).rejects.toMatchObject({
      code: 'E_NOT_OUR_SERVER',
      message: expect.stringContaining(difference) as string,
    });
  });

  it('gives up a start when told to, or when its time is up', async () => {
    const controller = new AbortController();
    const stopped = failureOf({
      environment: { FAKE_VLLM_FAILURE: 'hang' },
      dependencies: { signal: controller.signal },
    });
    await sleep(500);
    controller.abort(new Error('enough'));
    expect((await stopped).message).toBe('enough');
    const late = await failureOf({
      environment: { FAKE_VLLM_FAILURE: 'hang' },
      options: { startTimeoutSeconds: 0.5 },
    });
    expect(late).toMatchObject({
      code: 'E_ENGINE_START',
      message: expect.stringContaining('did not answer within 0.5 s') as string,
    });
    expect(commandsWith(fake.program)).toEqual([]);
  });

  it('ends with all its children, those that ignore the signal and those that left the group', async () => {
    const mark = `mark-${process.pid}-stop`;
    const engine = await start({ environment: { FAKE_VLLM_STUBBORN: mark } });
    expect(commandsWith(mark)).toHaveLength(2);
    await engine.close();
    expect(commandsWith(mark)).toEqual([]);
  });

  it('says of what the server died when it dies while it answers', async () => {
    const engine = await start({ environment: { FAKE_VLLM_DIE_AFTER: '0' } });
    await engine.describe();
    const error = await collectGeneration(engine.generate(chatRequest('hello', { model: 'Qwen/Qwen3-8B' }))).then(
      () => null,
      (reason: unknown) => reason as QwenEvalError,
    );
    expect(error).toMatchObject({
      code: 'E_ENGINE_CRASHED',
      retryable: false,
      message: expect.stringContaining('EngineDeadError') as string,
    });
  });
});

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
