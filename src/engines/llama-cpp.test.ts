import { fork, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectGeneration, type Collected } from '../../test/support/collect-generation.ts';
import { engineDependencies, engineSettings, textRequest } from '../../test/support/engine-settings.ts';
import { defaultShape, makeRandomModel } from '../../tools/random-model/random-model.mjs';
import { randomModel } from '../../test/support/random-model.ts';
import { realQwen } from '../../test/support/real-qwen.ts';
import { value, writeGguf } from '../../tools/random-model/write-gguf.mjs';
import type { GenerationRequest } from '../core/generation.ts';
import type { Engine, EngineSettings } from '../core/ports/engine.ts';
import type { ContinuationScore } from '../core/response.ts';
import { greedySampling } from '../core/sampling.ts';
import llamaCpp from './llama-cpp.ts';
import { countCores } from './support/count-cores.ts';

const builtIn = fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));
const built = createRequire(import.meta.url).resolve('#dist/engines/support/llama-child.js');
const folder = mkdtempSync(join(tmpdir(), 'llama-cpp-'));
const noDeadlines = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };

const opened: Engine[] = [];
const dependencies = engineDependencies();

async function open(changes: Partial<EngineSettings> = {}): Promise<Engine> {
  const settings = engineSettings({
    model: randomModel(),
    sequences: 1,
    threads: 1,
    contextLength: 1024,
    deadlines: noDeadlines,
    ...changes,
  });
  const engine = await llamaCpp.open(settings, dependencies);
  opened.push(engine);
  return engine;
}

const run = (engine: Engine, text: string, changes: Partial<GenerationRequest> = {}): Promise<Collected> =>
  collectGeneration(engine.generate(textRequest(text, changes)));

function isRunning(processId: number | null): boolean {
  try {
    process.kill(processId ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventuallyGone(processId: number | null): Promise<void> {
  for (let round = 0; round < 1000 && isRunning(processId); round++) await new Promise((done) => setTimeout(done, 10));
  expect(isRunning(processId)).toBe(false);
}

afterAll(async () => {
  await Promise.all(opened.map((engine) => engine.close()));
});

describe('opening', () => {
  it('takes the built-in model when none is named, and says what it is', async () => {
    const engine = await open({ model: null });
    const { model, settings, chatTemplate, ...rest } = await engine.describe();
    const card = JSON.parse(readFileSync(builtIn.replace(/gguf$/, 'json'), 'utf8')) as { readonly sha256: string };
    expect(model).toMatchObject({ name: 'built-in-model', root: builtIn, sha256: card.sha256 });
    expect(model.facts).toMatchObject({ architecture: 'qwen3', contextLength: 2048 });
    expect(settings).toMatchObject({ sequences: 1, threads: 1, flashAttention: true, kvCacheType: 'f16', gpu: false });
    expect(chatTemplate).toMatchObject({ bosToken: '<|endoftext|>', eosToken: '<|im_end|>' });
    expect(rest).toMatchObject({ engine: 'llama-cpp', contextLength: 1024, parallelRequests: 1, metricsUrl: null });
    expect(rest.version).toMatch(/^node-llama-cpp \d+\.\d+\.\d+, llama\.cpp \S+$/);
  });

  it.each<readonly [string, Partial<EngineSettings>, RegExp]>([
    ['an unknown option', { engineOptions: { gpus: 2 } }, /gpus/],
    ['a URL', { baseUrls: ['http://localhost:1'] }, /no URL/],
    ['extra request fields', { extraBody: { a: 1 } }, /extra request fields/],
    ['an unknown cache type', { kvCacheType: 'q9' }, /type q9/],
    [
      'a rounded cache without flash attention',
      { kvCacheType: 'q8_0', engineOptions: { flashAttention: false } },
      /q8_0/,
    ],
  ])('refuses %s', async (_, changes, message) => {
    await expect(open(changes)).rejects.toMatchObject({
      code: 'E_OPTION_INVALID',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  it('says what is wrong with a model file', async () => {
    const truncated = join(folder, 'truncated.gguf');
    copyFileSync(randomModel(), truncated);
    truncateSync(truncated, 200_000);
    const text = join(folder, 'text.gguf');
    writeFileSync(text, 'no model');
    const foreign = join(folder, 'foreign.gguf');
    writeFileSync(foreign, writeGguf([['general.architecture', value.string('no-such-thing')]], []));
    const part = join(folder, 'part-00001-of-00003.gguf');
    writeFileSync(part, writeGguf([['split.count', value.u32(3)]], []));
    for (const [model, message] of [
      [part, /one of 3 parts/],
      [truncated, /truncated/],
      [text, /cannot be read as GGUF/],
      [join(folder, 'absent.gguf'), /ENOENT/],
      [foreign, /no-such-thing/],
    ] as const)
      await expect(open({ model })).rejects.toMatchObject({
        code: 'E_MODEL_FILE',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
  });

  it('says that memory is short', async () => {
    const model = join(folder, 'wide-memory.gguf');
    const contextLength = 2 ** 18;
    const shape = { ...defaultShape, layers: 8, heads: 16, kvHeads: 16, headSize: 256, contextLength };
    writeFileSync(model, makeRandomModel(shape));
    await expect(open({ model, contextLength, sequences: 8, kvCacheType: 'f32' })).rejects.toMatchObject({
      code: 'E_ENGINE_START',
      message: expect.stringMatching(/8 sequences of 262144 tokens/),
      hint: expect.stringMatching(/--max-model-len/),
    });
  });

  it("passes on why llama.cpp refuses a setting, and nothing of the library's noise", async () => {
    const before = dependencies.lines.length;
    await expect(open({ kvCacheType: 'q8_0' })).rejects.toMatchObject({
      code: 'E_ENGINE_START',
      message: expect.stringMatching(/K cache type q8_0 with block size 32 does not divide/),
    });
    expect(dependencies.lines.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('finds no GPU where there is none, and says which package is missing', async () => {
    await expect(open({ engineOptions: { gpu: 'cuda' } })).rejects.toMatchObject({
      code: 'E_ENGINE_MISSING',
      hint: expect.stringMatching(/@node-llama-cpp/),
    });
  });

  it('refuses parallel sequences in a process whose thread pool was not set before it started', async () => {
    const child = fork(built, [], {
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, UV_THREADPOOL_SIZE: '4' },
    });
    const answer = new Promise((resolve) => child.on('message', resolve));
    const settings = {
      modelPath: randomModel(),
      sequences: 2,
      contextLength: 512,
      batchSize: 512,
      threads: 1,
      threadsAreExact: true,
    };
    child.send({ kind: 'open', settings: { ...settings, flashAttention: true, kvCacheType: 'f16', gpu: false } });
    expect(await answer).toMatchObject({ kind: 'failed', error: { code: 'E_ENGINE_START' } });
    child.disconnect();
    await eventuallyGone(child.pid ?? null);
  });
});

const real = realQwen();
describe.skipIf(real === null)('a real Qwen (skipped without one: set QE_REAL_QWEN)', () => {
  it('opens without a word, and its header tells where it comes from', async () => {
    const before = dependencies.lines.length;
    const engine = await open({ model: real, sequences: 2 });
    expect(dependencies.lines.slice(before)).toEqual([]);
    const { model, chatTemplate } = await engine.describe();
    expect(model.facts).toMatchObject({
      architecture: 'qwen2',
      name: 'Qwen2.5 Coder 0.5B Instruct AWQ',
      finetune: 'Instruct-AWQ',
      fileType: 'Q4_K_M',
      vocabularySize: 151_936,
    });
    expect(chatTemplate?.source).toMatch(/<\|im_start\|>/);
  });

  it('uses the cores of the machine, and one thread for a model that is too small to share', async () => {
    const threads = async (model: string | null): Promise<unknown> =>
      (await (await open({ model, threads: null })).describe()).settings['threads'];
    expect(await threads(null)).toBe(1);
    expect(await threads(real)).toBeLessThanOrEqual(countCores());
  });

  it('gives the same scores for a prefix it kept and for one it evaluates', { timeout: 240_000 }, async () => {
    const shared = 'The following facts are about the cities of Europe. '.repeat(16);
    const ask = async (engine: Engine, question: string): Promise<readonly ContinuationScore[]> =>
      engine.scoreContinuations({
        model: 'm',
        context: { kind: 'text', text: `${shared}${question}` },
        continuations: [' Paris', ' Berlin', ' a small village'],
      });
    const engine = await open({ model: real });
    await ask(engine, 'The capital of Spain is');
    const kept = await ask(engine, 'The capital of France is');
    expect(kept).toEqual(await ask(await open({ model: real }), 'The capital of France is'));
    expect(kept[0]?.logProbability).toBeGreaterThan(kept[1]?.logProbability ?? 0);
  });
});

describe('generation', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });

  it('counts prompt and output tokens exactly', async () => {
    const { usage, tokens } = await run(engine, 'abc', { maxTokens: 7, topLogProbabilities: 0 });
    expect(tokens).toHaveLength(usage.completionTokens ?? 0);
    expect(usage).toMatchObject({ promptTokens: 3, cachedPromptTokens: 0, reasoningTokens: null });
  });

  it('stops at the end of the context and says so', async () => {
    const text = 'a'.repeat(1000);
    const { deltas, usage, reason } = await run(engine, text, { maxTokens: 4000 });
    expect(reason).toBe('length');
    expect(deltas.at(-1)).toMatchObject({ rawReason: 'context' });
    expect((usage.promptTokens ?? 0) + (usage.completionTokens ?? 0)).toBe(1024);
  });

  it('gives the log-probabilities of a whole distribution', async () => {
    const { tokens } = await run(engine, 'once', { maxTokens: 3, topLogProbabilities: 400 });
    for (const token of tokens ?? []) {
      expect(token.top.length).toBeGreaterThan(256);
      const sum = token.top.reduce((total, { logProbability }) => total + Math.exp(logProbability), 0);
      expect(sum).toBeCloseTo(1, 4);
      expect(token.top[0]).toMatchObject({ token: token.token });
      expect(token.top[0]?.logProbability).toBeCloseTo(token.logProbability, 5);
    }
  });

  it('reports the log-probability of a sampled token that is not the best one', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((seed) => {
        const sampling = { ...greedySampling, temperature: 9, seed };
        return run(engine, 'once', { maxTokens: 30, topLogProbabilities: 400, sampling });
      }),
    );
    const unlikely = answers.flatMap(({ tokens }) => tokens ?? []).filter(({ token, top }) => token !== top[0]?.token);
    expect(unlikely.length).toBeGreaterThan(20);
    for (const { token, logProbability, top } of unlikely)
      expect(top.some((other) => other.token === token && Math.abs(other.logProbability - logProbability) < 1e-4)).toBe(
        true,
      );
  });

  it('samples by seed, and differently by another seed', async () => {
    const sampled = (seed: number): Promise<Collected> =>
      run(engine, 'once', { maxTokens: 40, sampling: { ...greedySampling, temperature: 1.5, seed } });
    const [first, again, other] = [await sampled(1), await sampled(1), await sampled(2)];
    expect(again.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  });

  it.each([
    ['top-k', { topK: 1 }],
    ['top-p', { topP: 1e-6 }],
    ['min-p', { minP: 0.9999 }],
  ])('narrows sampling to the best token by %s', async (_, narrow) => {
    const greedy = await run(engine, 'once', { maxTokens: 30 });
    const sampling = { ...greedySampling, temperature: 2, seed: 3 };
    expect((await run(engine, 'once', { maxTokens: 30, sampling: { ...sampling, ...narrow } })).text).toBe(greedy.text);
    expect((await run(engine, 'once', { maxTokens: 30, sampling })).text).not.toBe(greedy.text);
  });

  it('never repeats a token under a huge presence penalty', async () => {
    const ids = async (sampling: Partial<typeof greedySampling>): Promise<readonly number[]> => {
      const { text } = await run(engine, 'once', { maxTokens: 60, sampling: { ...greedySampling, ...sampling } });
      return engine.tokenize({ kind: 'text', text: text ?? '' });
    };
    const penalised = await ids({ presencePenalty: 1000 });
    expect(new Set(penalised).size).toBe(penalised.length);
    const free = await ids({});
    expect(new Set(free).size).toBeLessThan(free.length);
  });

  it('lets the repetition penalty see the prompt', async () => {
    const text = 'abcdefghijklmnopqrstuvwxyz';
    const { text: answer } = await run(engine, text, {
      maxTokens: 40,
      sampling: { ...greedySampling, repetitionPenalty: 100 },
    });
    const letters = (answer ?? '').replaceAll(/<\/?think>/g, '');
    expect(letters.split('').filter((letter) => text.includes(letter))).toEqual([]);
    expect(letters.length).toBeGreaterThan(5);
  });

  it('follows JSON schemas and JSON in general', async () => {
    const schema = {
      type: 'object',
      properties: { answer: { enum: ['A', 'B', 'C'] }, sure: { type: 'boolean' }, n: { const: 5 } },
    };
    const { text, reason } = await run(engine, 'Answer:', {
      maxTokens: 200,
      responseFormat: { kind: 'json_schema', name: 'a', schema },
    });
    expect(JSON.parse(text ?? '')).toEqual({
      answer: expect.stringMatching(/^[ABC]$/),
      sure: expect.any(Boolean),
      n: 5,
    });
    expect(reason).toBe('stop');
    const anything = await run(engine, 'Answer:', { maxTokens: 5, responseFormat: { kind: 'json_object' } });
    expect(anything.text).toMatch(/^\{/);
  });

  it('warns of what a schema asks and a grammar cannot enforce, and refuses what it cannot express', async () => {
    const ask = (schema: GenerationRequest['responseFormat'] & { readonly kind: 'json_schema' }): Promise<Collected> =>
      run(engine, 'Answer:', { maxTokens: 8, responseFormat: schema });
    await ask({ kind: 'json_schema', name: 'a', schema: { type: 'integer', minimum: 3 } });
    expect(dependencies.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringMatching(/cannot enforce minimum/) }),
    );
    await expect(ask({ kind: 'json_schema', name: 'a', schema: { allOf: [] } })).rejects.toMatchObject({
      code: 'E_CAPABILITY',
    });
  });

  it.each<readonly [string, Partial<GenerationRequest>, string]>([
    ['an empty prompt', { prompt: { kind: 'tokens', ids: [] } }, 'E_ENGINE_REQUEST'],
    ['an id outside the vocabulary', { prompt: { kind: 'tokens', ids: [1, 999_999] } }, 'E_ENGINE_REQUEST'],
    ['an output limit of nothing', { maxTokens: 0 }, 'E_ENGINE_REQUEST'],
    ['extra request fields', { extraBody: { a: 1 } }, 'E_ENGINE_REQUEST'],
    ['messages', { prompt: { kind: 'messages', messages: [] } }, 'E_CAPABILITY'],
    ['a prompt longer than the context', { prompt: { kind: 'text', text: 'a'.repeat(1024) } }, 'E_CONTEXT_EXCEEDED'],
  ])('refuses %s and goes on', async (_, changes, code) => {
    await expect(run(engine, 'abc', changes)).rejects.toMatchObject({
      code,
      hint: expect.any(String),
      retryable: false,
    });
    expect((await run(engine, 'abc', { maxTokens: 2 })).usage.completionTokens).toBe(2);
  });

  it('fails a queued request when its deadline passes, and serves the others', async () => {
    const hurried = await open({ deadlines: { ...noDeadlines, firstByteMs: 30 } });
    const long = run(hurried, 'abc', { maxTokens: 900 });
    const queued = run(hurried, 'def', { maxTokens: 2 });
    await expect(queued).rejects.toMatchObject({ code: 'E_ENGINE_TIMEOUT', retryable: true });
    expect((await long).text).not.toBe('');
  });

  it('stamps what happens on the clock it was given', async () => {
    const before = performance.now();
    const { deltas } = await run(engine, 'abc', { maxTokens: 20 });
    const after = performance.now();
    for (const { atMs } of deltas) {
      expect(atMs).toBeGreaterThan(before - 1);
      expect(atMs).toBeLessThan(after + 1);
    }
  });
});

describe('scoring continuations', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  const score = async (context: string, ...continuations: readonly string[]) =>
    engine.scoreContinuations({ model: 'm', context: { kind: 'text', text: context }, continuations });

  it('agrees with the log-probabilities of the same text generated', async () => {
    const { text, tokens } = await run(engine, 'The mill', { maxTokens: 12, topLogProbabilities: 0 });
    const [scored] = await score('The mill', text ?? '');
    const sum = (tokens ?? []).reduce((total, { logProbability }) => total + logProbability, 0);
    expect(scored).toMatchObject({ tokenCount: tokens?.length, isGreedy: true });
    expect(scored?.logProbability).toBeCloseTo(sum, 2);
  });

  it('scores each continuation as if it were alone', async () => {
    const continuations = [' a', ' abc', ' zebra crossing', 'x'];
    const together = await score('Some context that they share.', ...continuations);
    for (const [index, text] of continuations.entries())
      expect((await score('Some context that they share.', text))[0]).toEqual(together[index]);
  });

  it('takes the start token for an empty context, and says nothing of an empty continuation', async () => {
    const [first, empty] = await score('', 'ab', '');
    expect(first).toMatchObject({ tokenCount: 2 });
    expect(first?.logProbability).toBeLessThan(0);
    expect(empty).toEqual({ text: '', logProbability: null, tokenCount: 0, isGreedy: null });
    const [explicit] = await score('<|endoftext|>', 'ab');
    expect(explicit?.logProbability).toBe(first?.logProbability);
  });

  it('scores after token ids', async () => {
    const ids = await engine.tokenize({ kind: 'text', text: 'The mill' });
    const [byIds] = await engine.scoreContinuations({
      model: 'm',
      context: { kind: 'tokens', ids },
      continuations: [' is'],
    });
    expect(byIds).toEqual((await score('The mill', ' is'))[0]);
  });

  it('refuses a continuation that does not fit', async () => {
    await expect(score('a', 'b'.repeat(2000))).rejects.toMatchObject({ code: 'E_CONTEXT_EXCEEDED' });
  });
});

describe('a prefix that an earlier request left behind', () => {
  const prefix = 'Question: what is the sum of one and two? Answer: three.\n'.repeat(8);

  it('is not evaluated again and changes no bit of an answer', async () => {
    const requests = ['red', 'green', 'blue'].map((word) => `${prefix}Question: what is ${word}? Answer:`);
    const fresh: Collected[] = [];
    for (const text of requests) fresh.push(await run(await open(), text, { maxTokens: 40, topLogProbabilities: 3 }));
    const engine = await open();
    for (const [index, text] of requests.entries()) {
      const reused = await run(engine, text, { maxTokens: 40, topLogProbabilities: 3 });
      expect(reused.usage.cachedPromptTokens).toBe(index === 0 ? 0 : Math.floor((prefix.length + 18) / 128) * 128);
      expect(reused.text).toBe(fresh[index]?.text);
      expect(reused.tokens).toEqual(fresh[index]?.tokens);
    }
  });
});

describe('the process', () => {
  it('is replaced once when it dies, and the requests in flight say so', async () => {
    const engine = await open({ sequences: 2 });
    for (const round of [1, 2]) {
      const { processId } = await engine.describe();
      const inFlight = ['abc', 'def', 'ghi'].map((text) => run(engine, text, { maxTokens: 900 }));
      setTimeout(() => process.kill(processId ?? 0, 'SIGKILL'), 50);
      for (const work of inFlight)
        await expect(work).rejects.toMatchObject({
          code: 'E_ENGINE_CRASHED',
          retryable: true,
          hint: expect.stringMatching(/memory/),
          details: expect.objectContaining({ signal: 'SIGKILL' }),
        });
      if (round === 1) expect((await run(engine, 'abc', { maxTokens: 3 })).usage.completionTokens).toBe(3);
    }
    await expect(run(engine, 'abc')).rejects.toMatchObject({ code: 'E_ENGINE_CRASHED', retryable: false });
  });

  it('ignores the signals of the terminal, which are for the run to handle', async () => {
    const engine = await open();
    const { processId } = await engine.describe();
    const work = run(engine, 'abc', { maxTokens: 200 });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(processId ?? 0, signal);
    expect((await work).text).not.toBe('');
  });

  it('ends with close, in the middle of a request too', async () => {
    const engine = await open();
    const { processId } = await engine.describe();
    const work = run(engine, 'abc', { maxTokens: 900 });
    const failed = expect(work).rejects.toMatchObject({ code: 'E_BUG' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await engine.close();
    await failed;
    expect(isRunning(processId)).toBe(false);
  });

  it('dies with its parent', async () => {
    const engineFile = pathToFileURL(built.replace(/support.llama-child\.js$/, 'llama-cpp.js')).href;
    const settings = engineSettings({ sequences: 1, threads: 1, contextLength: 1024, deadlines: noDeadlines });
    const code = `
      const { default: llamaCpp } = await import(${JSON.stringify(engineFile)});
      const dependencies = { nowMs: () => performance.now(), random: Math.random, log: () => undefined };
      const engine = await llamaCpp.open(${JSON.stringify(settings)}, dependencies);
      console.log((await engine.describe()).processId);
      const request = ${JSON.stringify(textRequest('abc', { maxTokens: 900 }))};
      for (;;) for await (const delta of engine.generate(request)) void delta;`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const processId = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (line) => resolve(Number(line))),
    );
    expect(isRunning(processId)).toBe(true);
    parent.kill('SIGKILL');
    await eventuallyGone(processId);
  });
});
