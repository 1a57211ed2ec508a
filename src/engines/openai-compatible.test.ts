import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isQwenEvalError, type QwenEvalError } from '../core/errors.ts';
import type { Engine, EngineSettings } from '../core/ports/engine.ts';
import { greedySampling } from '../core/sampling.ts';
import { companyVerdict, type CompanyAnswer } from '../text/company-test.ts';
import { collectGeneration } from '../../test/support/collect-generation.ts';
import { chatRequest, engineDependencies, engineSettings, textRequest } from '../../test/support/engine-settings.ts';
import {
  contextExceeded,
  rateLimited,
  startOpenAiServer,
  type OpenAiServer,
  type OpenAiServerOptions,
} from '../../test/support/openai-server.ts';
import { selfSignedCertificate } from '../../test/support/self-signed-certificate.ts';
import openAiCompatible from './openai-compatible.ts';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(closing.splice(0).map((one) => one.close())));

async function start(options: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const server = await startOpenAiServer(options);
  closing.push(server);
  return server;
}

async function open(urls: string | readonly string[], changes: Partial<EngineSettings> = {}) {
  const dependencies = engineDependencies();
  const baseUrls = typeof urls === 'string' ? [urls] : urls;
  const engine = await openAiCompatible.open(engineSettings({ baseUrls, ...changes }), dependencies);
  closing.push(engine);
  return { engine, lines: dependencies.lines };
}

async function failureOf(work: Promise<unknown>): Promise<QwenEvalError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isQwenEvalError(error)) throw new Error(`expected a coded error, got ${String(error)}`);
  expect(error.hint).not.toBeNull();
  return error;
}

const ask = (engine: Engine, changes: Parameters<typeof chatRequest>[1] = {}) =>
  collectGeneration(engine.generate(chatRequest('hello', changes)));

const patient = { connectMs: 30_000, firstByteMs: 30_000, idleMs: 30_000, totalMs: 30_000 };

/** Accepts connections and never sends a byte; with `speak` it sends that text instead. */
async function muteServer(speak = ''): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (speak !== '') socket.end(speak);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  closing.push({
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('what is sent', () => {
  it('chat: messages, sampling, limits, template arguments, tools, format and extra fields', async () => {
    const server = await start();
    const { engine } = await open(server.url, { extraBody: { cache_salt: 'a', min_tokens: 1 }, apiKey: 'sk-test' });
    const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' } }];
    await collectGeneration(
      engine.generate({
        ...chatRequest(''),
        prompt: {
          kind: 'messages',
          tools,
          templateArguments: { enable_thinking: false },
          messages: [
            { role: 'system', content: 's' },
            { role: 'assistant', content: '', reasoning: 'r', toolCalls: [{ id: null, name: 'f', arguments: '{}' }] },
            { role: 'tool', content: '7', toolCallId: 'call_0', name: 'f' },
          ],
        },
        stop: ['END'],
        sampling: {
          temperature: 0.7,
          topP: 0.8,
          topK: 20,
          minP: 0.05,
          presencePenalty: 1.5,
          repetitionPenalty: 1.1,
          seed: 3,
        },
        toolChoice: 'auto',
        responseFormat: { kind: 'json_schema', name: 'n', schema: { type: 'object' } },
        extraBody: { min_tokens: 2 },
      }),
    );
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer sk-test');
    expect(request?.body).toEqual({
      model: 'tiny',
      messages: [
        { role: 'system', content: 's' },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 'r',
          reasoning: 'r',
          tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', content: '7', tool_call_id: 'call_0', name: 'f' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
      tool_choice: 'auto',
      chat_template_kwargs: { enable_thinking: false },
      max_tokens: 24,
      stop: ['END'],
      temperature: 0.7,
      top_p: 0.8,
      top_k: 20,
      min_p: 0.05,
      presence_penalty: 1.5,
      repetition_penalty: 1.1,
      repeat_penalty: 1.1,
      seed: 3,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
      stream: true,
      stream_options: { include_usage: true },
      cache_salt: 'a',
      min_tokens: 2,
    });
  });

  it('completions for text and for token ids, and no field that was not set', async () => {
    const server = await start();
    const { engine } = await open(server.url);
    const unset = { ...greedySampling, temperature: null };
    await collectGeneration(engine.generate(textRequest('once', { sampling: unset, toolChoice: 'auto' })));
    await collectGeneration(
      engine.generate(textRequest('', { prompt: { kind: 'tokens', ids: [0] }, topLogProbabilities: 2 })),
    );
    const common = { model: 'tiny', max_tokens: 24, stream: true, stream_options: { include_usage: true } };
    expect(server.requests.map((request) => [request.path, request.body])).toEqual([
      ['/v1/completions', { ...common, prompt: 'once' }],
      ['/v1/completions', { ...common, prompt: [0], temperature: 0, logprobs: 2 }],
    ]);
  });

  it('sends nothing before the answer is read', async () => {
    const server = await start();
    const { engine } = await open(server.url);
    engine.generate(chatRequest('never read'));
    await ask(engine);
    expect(server.requests).toHaveLength(1);
  });
});

describe('description', () => {
  it('reads vLLM', async () => {
    const { engine } = await open((await start()).url);
    expect(await engine.describe()).toMatchObject({
      engine: 'openai-compatible',
      version: '0.10.2',
      model: { name: 'tiny', root: 'test/tiny', sha256: null, facts: { servedBy: 'test' } },
      servedModels: ['tiny'],
      contextLength: 4096,
      settings: { continuationScoring: 'echo' },
    });
  });

  it('reads llama.cpp', async () => {
    const { engine } = await open((await start({ dialect: 'llama.cpp', models: [{ id: 'tiny' }] })).url);
    expect(await engine.describe()).toMatchObject({
      version: 'b11434',
      model: { root: '/models/tiny.gguf' },
      contextLength: 2048,
      parallelRequests: 4,
      chatTemplate: { source: '{{ messages[0].content }}' },
      settings: { continuationScoring: 'forced_by_grammar' },
    });
  });

  it.each([
    ['constant', 'the same for every text'],
    ['refused', 'echo is not supported'],
    ['ignored', 'ignore echo'],
  ] as const)('does not believe log-probabilities that are %s, and says why', async (echo, reason) => {
    const { engine } = await open((await start({ dialect: 'plain', echo })).url);
    const { continuationLogProbabilities: capability } = (await engine.describe()).capabilities;
    expect(capability).toMatchObject({ supported: false });
    expect('reason' in capability ? capability.reason : '').toContain(reason);
  });

  it('scores after an empty context only where the server tells how a text begins', async () => {
    const request = { model: 'tiny', context: { kind: 'text' as const, text: '' }, continuations: [' the', ''] };
    const llamaCpp = await open((await start({ dialect: 'llama.cpp' })).url);
    const [scored, nothing] = await llamaCpp.engine.scoreContinuations(request);
    expect(scored?.logProbability).toBeLessThan(0);
    expect(nothing).toEqual({ text: '', logProbability: null, tokenCount: 0, isGreedy: null });
    const plain = await open((await start({ dialect: 'plain' })).url);
    expect((await failureOf(plain.engine.scoreContinuations(request))).message).toContain('no context');
  });

  it('declares without a request when probing is off', async () => {
    const server = await start();
    const { engine } = await open(server.url, { engineOptions: { probe: false } });
    const { capabilities } = await engine.describe();
    expect(capabilities.messages.supported).toBe(true);
    expect(capabilities.continuationLogProbabilities).toMatchObject({ supported: false });
    expect(server.probes).toEqual([]);
  });

  it('takes the only model, and refuses to guess among several or to take an unknown one', async () => {
    const several = await start({ models: [{ id: 'a' }, { id: 'b' }] });
    expect(await failureOf((await open(several.url)).engine.describe())).toMatchObject({ code: 'E_MODEL_UNKNOWN' });
    const unknown = await failureOf((await open(several.url, { model: 'c' })).engine.describe());
    expect(unknown).toMatchObject({ code: 'E_MODEL_UNKNOWN', details: { servedModels: ['a', 'b'] } });
    expect(unknown.hint).toContain('a, b');
    const known = await (await open(several.url, { model: 'b' })).engine.describe();
    expect(known).toMatchObject({ model: { name: 'b' }, servedModels: ['a', 'b'] });
  });

  it('takes a served name that means the model asked for, where only one does', async () => {
    const served = await start({ models: [{ id: 'Qwen/Qwen3-0.6B' }, { id: 'other' }] });
    const isSameModel = (one: string, other: string): boolean =>
      ({ small: 'Qwen/Qwen3-0.6B', both: 'other' })[one] === other || (one === 'both' && other === 'Qwen/Qwen3-0.6B');
    const describe = async (model: string) => {
      const settings = engineSettings({ baseUrls: [served.url], model });
      const engine = await openAiCompatible.open(settings, { ...engineDependencies(), isSameModel });
      closing.push(engine);
      return engine.describe();
    };
    expect(await describe('small')).toMatchObject({ model: { name: 'Qwen/Qwen3-0.6B' } });
    expect((await failureOf(describe('both'))).message).toContain('does not serve both');
    expect((await failureOf(describe('nobody'))).message).toContain('does not serve nobody');
  });

  it('asks again after a failure', async () => {
    const port = await freePort();
    const { engine } = await open(`http://127.0.0.1:${port}`);
    expect((await failureOf(engine.describe())).code).toBe('E_ENGINE_UNREACHABLE');
    await start({ port });
    expect((await engine.describe()).servedModels).toEqual(['tiny']);
  });
});

describe('several base URLs', () => {
  it('spreads requests over all of them', async () => {
    const servers = [await start({ tokenDelayMs: 1 }), await start({ tokenDelayMs: 1 })];
    const { engine } = await open(servers.map((server) => server.url));
    await Promise.all(Array.from({ length: 20 }, () => ask(engine)));
    expect(servers.map((server) => server.requests.length)).toEqual([10, 10]);
  });

  it('goes on with one when another is down', async () => {
    const server = await start();
    const { engine } = await open([`http://127.0.0.1:${await freePort()}`, server.url]);
    expect((await engine.describe()).servedModels).toEqual(['tiny']);
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => ask(engine)));
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ retryable: true });
    const later = await Promise.allSettled(Array.from({ length: 10 }, () => ask(engine)));
    expect(later.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
  });

  it('serves only what all of them list', async () => {
    const urls = [
      (await start({ models: [{ id: 'a' }, { id: 'both' }] })).url,
      (await start({ models: [{ id: 'both' }, { id: 'b' }] })).url,
    ];
    expect((await (await open(urls)).engine.describe()).servedModels).toEqual(['both']);
  });
});

describe('bad input and broken servers: a coded error with a hint', () => {
  it('port refused: names the address', async () => {
    const port = await freePort();
    const { engine } = await open(`http://127.0.0.1:${port}`);
    for (const work of [engine.describe(), ask(engine)]) {
      const error = await failureOf(work);
      expect(error).toMatchObject({ code: 'E_ENGINE_UNREACHABLE', retryable: true });
      expect(error.message).toContain(`http://127.0.0.1:${port}/v1`);
    }
  });

  it('unknown host name', async () => {
    const { engine } = await open('http://no-such-host.invalid');
    const error = await failureOf(engine.describe());
    expect(error.code).toBe('E_ENGINE_UNREACHABLE');
    expect(error.message).toContain('no-such-host.invalid');
  });

  it('certificate that nobody signed, TLS where there is none, and none where there is TLS', async () => {
    const secure = await start({ tls: selfSignedCertificate() });
    const untrusted = await failureOf((await open(secure.url)).engine.describe());
    expect(untrusted.code).toBe('E_ENGINE_TLS');
    expect(untrusted.hint).toContain('NODE_EXTRA_CA_CERTS');
    const plain = await start();
    const noTls = await failureOf((await open(plain.url.replace('http:', 'https:'))).engine.describe());
    expect(noTls.code).toBe('E_ENGINE_TLS');
    const spoken = await failureOf((await open(secure.url.replace('https:', 'http:'))).engine.describe());
    expect(spoken.code).toBe('E_ENGINE_UNREACHABLE');
  });

  it('something that is no HTTP server', async () => {
    const { engine } = await open(`http://${await muteServer('SSH-2.0-OpenSSH_9.2\r\n')}`);
    expect(await failureOf(engine.describe())).toMatchObject({ code: 'E_ENGINE_UNREACHABLE' });
  });

  it('a server that never answers: each deadline has its own message', async () => {
    const mute = await open(`http://${await muteServer()}`, { deadlines: { ...patient, firstByteMs: 200 } });
    expect((await failureOf(mute.engine.describe())).code).toBe('E_ENGINE_TIMEOUT');
    const error = await failureOf(ask(mute.engine));
    expect(error).toMatchObject({ code: 'E_ENGINE_TIMEOUT', details: { stage: 'firstByte' }, retryable: true });
    const stalling = await start({ behave: () => ({ kind: 'stall', afterTokens: 2 }) });
    const idle = await failureOf(ask((await open(stalling.url, { deadlines: { ...patient, idleMs: 200 } })).engine));
    expect(idle).toMatchObject({ code: 'E_ENGINE_TIMEOUT', details: { stage: 'idle' } });
    const dripping = await start({ behave: () => ({ kind: 'slowLoris', everyMs: 10 }) });
    const total = await failureOf(ask((await open(dripping.url, { deadlines: { ...patient, totalMs: 1500 } })).engine));
    expect(total).toMatchObject({ code: 'E_ENGINE_TIMEOUT', details: { stage: 'total' } });
  });

  it('wrong key, and the key shows nowhere', async () => {
    const server = await start({ apiKey: 'right' });
    const { engine, lines } = await open(server.url, { apiKey: 'sk-very-wrong' });
    const errors = [await failureOf(engine.describe()), await failureOf(ask(engine))];
    for (const error of errors) {
      expect(error.code).toBe('E_ENGINE_AUTH');
      const shown = JSON.stringify([error.message, error.hint, error.details, error.stack, String(error.cause)]);
      expect(shown).not.toContain('sk-very-wrong');
    }
    expect(JSON.stringify(lines)).not.toContain('sk-very-wrong');
    const right = await open(server.url, { apiKey: 'right' });
    expect((await ask(right.engine)).reason).toBe('stop');
  });

  it('credentials in the address are neither sent nor shown', async () => {
    const server = await start();
    const { engine, lines } = await open(server.url.replace('//', '//alice:hunter2@'));
    await ask(engine);
    const description = await engine.describe();
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(lines.map((line) => line.level)).toEqual(['warn']);
    expect(JSON.stringify([lines, description])).not.toMatch(/alice|hunter2/);
  });

  it('a key that no header may carry', async () => {
    const error = await failureOf(open('http://host', { apiKey: 'two\nlines' }));
    expect(error.code).toBe('E_OPTION_INVALID');
    expect(error.message).not.toContain('lines');
  });

  it.each(Object.entries(contextExceeded))('context exceeded as %s says it', async (_name, behaviour) => {
    const { engine } = await open((await start({ behave: () => behaviour })).url);
    expect(await failureOf(ask(engine))).toMatchObject({ code: 'E_CONTEXT_EXCEEDED', retryable: false });
  });

  it('429 with an HTTP date', async () => {
    const date = new Date(Date.now() + 10_000).toUTCString();
    const { engine } = await open((await start({ behave: () => rateLimited(date) })).url);
    const waitMs = (await failureOf(ask(engine))).details['retryAfterMs'];
    expect(waitMs).toBeGreaterThan(5000);
    expect(waitMs).toBeLessThan(15_000);
  });

  it('no address, an unreadable one, unknown engine options', async () => {
    expect((await failureOf(open([]))).code).toBe('E_OPTION_INVALID');
    expect((await failureOf(open('localhost:8000'))).code).toBe('E_OPTION_INVALID');
    const misspelt = await failureOf(open('http://host', { engineOptions: { prob: false } }));
    expect(misspelt.message).toContain('prob');
  });

  it('an address that leads elsewhere', async () => {
    const server = await start();
    const error = await failureOf((await open(server.url.replace('/v1', '/v2'))).engine.describe());
    expect(error.code).toBe('E_MODEL_UNKNOWN');
    const request = await failureOf(ask((await open(server.url.replace('/v1', '/v2'))).engine));
    expect(request).toMatchObject({ code: 'E_ENGINE_REQUEST' });
    expect(request.hint).toContain('/v1');
  });
});

/** Waits until a condition holds; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const unhurried = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };

describe('many at once', () => {
  it('shows a server that garbles answers in company, by log-probabilities and by text', async () => {
    const server = await start({ replyTokens: 30, latencyMs: 50 });
    server.behave(() => (server.inFlight() > 1 ? { kind: 'answer', text: ' the the the the number' } : undefined));
    const { engine } = await open(server.url);
    const prompts = ['one', 'two words', 'and three words'];
    for (const topLogProbabilities of [20, 0]) {
      const answer = async (prompt: string): Promise<CompanyAnswer> => {
        const changes = topLogProbabilities > 0 ? { topLogProbabilities } : {};
        const { text, tokens } = await collectGeneration(engine.generate(textRequest(prompt, changes)));
        return { text: text ?? '', tokens };
      };
      const alone: CompanyAnswer[] = [];
      for (const prompt of prompts) alone.push(await answer(prompt));
      const together = await Promise.all(prompts.map(answer));
      const verdict = companyVerdict(
        alone.flatMap((one, index) => (together[index] ? [{ alone: one, together: together[index] }] : [])),
      );
      expect(verdict.passed).toBe(false);
      expect(verdict.summary).toContain(topLogProbabilities > 0 ? 'garbled' : 'stuttering only in company: "the"');
    }
  });

  it('stops three hundred requests by one signal without a warning, and frees all slots', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const server = await start({ behave: () => ({ kind: 'stall', afterTokens: 2 }) });
    const { engine } = await open(server.url, { deadlines: unhurried });
    const controller = new AbortController();
    const work = Promise.allSettled(
      Array.from({ length: 300 }, () => collectGeneration(engine.generate(chatRequest('x'), controller.signal))),
    );
    await until(() => server.inFlight() === 300);
    controller.abort(new Error('enough'));
    const outcomes = await work;
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    await until(() => server.inFlight() === 0);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('fails the requests in flight when the engine is closed', async () => {
    const server = await start({ behave: () => ({ kind: 'stall', afterTokens: 2 }) });
    const { engine } = await open(server.url, { deadlines: unhurried });
    const outcome = Promise.allSettled([ask(engine)]);
    await until(() => server.inFlight() === 1);
    await engine.close();
    expect((await outcome)[0]?.status).toBe('rejected');
  });
});
