import { afterAll } from 'vitest';
import type { EngineSettings } from '../../src/core/ports/engine.ts';
import openAiCompatible from '../../src/engines/openai-compatible.ts';
import { chatRequest, engineDependencies, engineSettings } from '../support/engine-settings.ts';
import {
  contextExceeded,
  rateLimited,
  startOpenAiServer,
  type Behaviour,
  type OpenAiServer,
  type OpenAiServerOptions,
} from '../support/openai-server.ts';
import { runEngineContract, type EngineContract, type Provoked } from './engine.contract.ts';

const servers: OpenAiServer[] = [];

/** Long answers are those that the suite cancels: they must still be under way then. */
const behave: OpenAiServerOptions['behave'] = ({ body }) =>
  body['max_tokens'] === 512 ? { kind: 'answer', tokenDelayMs: 5 } : undefined;

async function start(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const server = await startOpenAiServer(options);
  servers.push(server);
  return server;
}

afterAll(() => Promise.all(servers.map((server) => server.close())));

const open = (url: string, changes: Partial<EngineSettings> = {}) =>
  openAiCompatible.open(engineSettings({ baseUrls: [url], ...changes }), engineDependencies());

const toolCalls = [
  { id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris","days":2}' },
  { id: 'call_b', name: 'get_time', arguments: '{}' },
];

function situationsOn(options: OpenAiServerOptions): EngineContract['situations'] {
  const provoke =
    (behaviour: Behaviour, more: Pick<Provoked, 'expected'> = {}) =>
    async (): Promise<Provoked> => {
      const server = await start({ ...options, behave: () => behaviour });
      const firstByteMs = behaviour.kind === 'never' ? 300 : 30_000;
      const deadlines = { connectMs: 30_000, firstByteMs, idleMs: 30_000, totalMs: 60_000 };
      return { engine: await open(server.url, { deadlines }), request: chatRequest('anything'), ...more };
    };
  return {
    rateLimit: provoke(rateLimited('2'), { expected: { retryAfterMs: 2000 } }),
    drop: provoke({ kind: 'drop', afterTokens: 3 }),
    endEarly: provoke({ kind: 'endEarly', afterTokens: 3 }),
    garbage: provoke({ kind: 'insert', afterTokens: 2, text: '<html>502 Bad Gateway</html>\n\n' }),
    errorChunk: provoke({ kind: 'errorChunk', afterTokens: 2, error: { message: 'engine died', code: 500 } }),
    serverError: provoke({ kind: 'status', status: 500 }),
    neverAnswers: provoke({ kind: 'never' }),
    contextExceeded: provoke(contextExceeded.vllm),
    missingUsage: provoke({ kind: 'answer', usage: false }),
    nullContent: provoke({ kind: 'answer', text: null }),
    reasoning: provoke(
      { kind: 'answer', reasoning: 'let me think about it', reasoningField: 'reasoning', text: ' 42' },
      { expected: { reasoning: 'let me think about it', text: ' 42' } },
    ),
    reasoningContent: provoke(
      { kind: 'answer', reasoning: 'let me think about it', reasoningField: 'reasoning_content', text: ' 42' },
      { expected: { reasoning: 'let me think about it', text: ' 42' } },
    ),
    toolCalls: provoke({ kind: 'answer', toolCalls }, { expected: { toolCalls } }),
  };
}

const dialects: readonly (readonly [name: string, options: OpenAiServerOptions])[] = [
  ['vLLM dialect', { dialect: 'vllm' }],
  ['vLLM dialect without echo', { dialect: 'vllm', echo: 'promptLogprobs' }],
  ['llama.cpp dialect', { dialect: 'llama.cpp' }],
  ['older llama.cpp dialect', { dialect: 'llama.cpp', tokenGrammar: false }],
  ['no own endpoints', { dialect: 'plain' }],
  ['no own endpoints, one log-probability for everything', { dialect: 'plain', echo: 'constant' }],
];

for (const [name, options] of dialects) {
  const server = await start({ replyTokens: 120, behave, ...options });
  runEngineContract({
    name: `openai-compatible, ${name}`,
    model: 'tiny',
    open: () => open(server.url),
    inFlight: () => server.inFlight(),
    situations: situationsOn(options),
  });
}
