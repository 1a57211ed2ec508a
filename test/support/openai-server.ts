import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { probeText } from '../../src/engines/support/capability-probe.ts';
import { preflightMark } from '../../src/runner/preflight/asking.ts';
import { answerTo, promptText, type ReplyFields } from './openai-reply.ts';
import { llamaCppAnswer } from './llama-cpp-reply.ts';
import { tinyLanguageModel, type TinyLanguageModel } from './tiny-language-model.ts';
import { tokenDictionary, type TokenDictionary } from './token-dictionary.ts';

/** What the server does with one generation request. */
export type Behaviour =
  /** A whole answer; members that are left out come from the tiny language model. */
  | ({ readonly kind: 'answer' } & Partial<ReplyFields> & Pacing)
  /** Any status with a JSON or text body, e.g. 401, 429 with `retry-after`, 500. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** The socket is destroyed after so many tokens. */
  | ({ readonly kind: 'drop'; readonly afterTokens: number } & Pacing)
  /** The response ends in good order after so many tokens, without finish reason and [DONE]. */
  | ({ readonly kind: 'endEarly'; readonly afterTokens: number } & Pacing)
  /** Nothing more comes after so many tokens; the connection stays open. */
  | ({ readonly kind: 'stall'; readonly afterTokens: number } & Pacing)
  /** This text is written into the stream as it is after so many tokens, and the answer goes on. */
  | ({ readonly kind: 'insert'; readonly afterTokens: number; readonly text: string } & Pacing)
  /** `data: {"error": …}` after so many tokens, then the end. */
  | ({ readonly kind: 'errorChunk'; readonly afterTokens: number; readonly error: unknown } & Pacing)
  /** Accepts the request and never sends a byte. */
  | { readonly kind: 'never' }
  /** The answer comes one byte at a time. */
  | { readonly kind: 'slowLoris'; readonly everyMs: number };

interface Pacing {
  /** Before the status line. */
  readonly latencyMs?: number;
  /** Between two tokens. */
  readonly tokenDelayMs?: number;
}

/** A generation request as the server saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  /** Text of the prompt or of all messages. */
  readonly prompt: string;
  /** Position among all generation requests, from 0. */
  readonly index: number;
  /** How often the same prompt came before. */
  readonly repeat: number;
  /** Set when the client closed the connection before the answer was complete. */
  abandoned: boolean;
}

/** What a server claims and does not do, shown to the preflight. */
export interface Lies {
  readonly ignoresMaxTokens?: true;
  readonly ignoresStop?: true;
  readonly ignoresTemperature?: true;
  readonly ignoresSchema?: true;
  readonly ignoresSeed?: true;
  readonly zeroLogProbabilities?: true;
  /** Answers a prompt that does not fit from what is left of it. */
  readonly clipsContext?: true;
  /** Answers something else while another request is in flight. */
  readonly garblesInCompany?: true;
  /** Model its answers say they are from. */
  readonly servesModel?: string;
  /** Adds this to prompts that are counted, as another template would. */
  readonly templateTokens?: number;
  /** Thinks when it should not. */
  readonly alwaysThinks?: true;
  /** Writes calls into the text, where its parser does not see them. */
  readonly callsAsText?: true;
}

export interface OpenAiServerOptions {
  /** Lies of the server; left out, it does as asked. */
  readonly lies?: Lies;
  readonly models?: readonly Readonly<Record<string, unknown>>[];
  /** Endpoints beside the OpenAI ones: `vllm` has /version and /tokenize, `llama.cpp` its own, `plain` has none. */
  readonly dialect?: 'vllm' | 'llama.cpp' | 'plain';
  /** Further answers by method and path, e.g. `GET /health`; a text is sent as it is. */
  readonly routes?: Readonly<Record<string, unknown>>;
  /** False refuses grammars of token ids, as older llama.cpp does. */
  readonly tokenGrammar?: boolean;
  /** When set, every request must carry it. */
  readonly apiKey?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly port?: number;
  /** Length of an answer that no limit or stop ends. */
  readonly replyTokens?: number;
  /** What completions with `echo` give: log-probabilities, all the same value, a refusal, nothing, or nothing but for `prompt_logprobs`. */
  readonly echo?: 'values' | 'constant' | 'refused' | 'ignored' | 'promptLogprobs';
  readonly latencyMs?: number;
  readonly tokenDelayMs?: number;
  /** Decides per generation request; undefined is a normal answer. */
  readonly behave?: (request: SeenRequest) => Behaviour | undefined;
  /** False keeps neither requests nor repeats, for long runs. */
  readonly record?: boolean;
}

export interface OpenAiServer {
  /** Base URL with /v1. */
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Requests by which an engine finds out what the server can do; they are answered normally and not counted among `requests`. */
  readonly probes: SeenRequest[];
  /** Generation requests that are being answered now. */
  inFlight(): number;
  maxInFlight(): number;
  connections(): number;
  /** Changes the behaviour of requests from now on. */
  behave(behave: OpenAiServerOptions['behave']): void;
  close(): Promise<void>;
}

interface State {
  readonly options: OpenAiServerOptions;
  readonly model: TinyLanguageModel;
  readonly dictionary: TokenDictionary;
  readonly requests: SeenRequest[];
  readonly probes: SeenRequest[];
  readonly repeats: Map<string, number>;
  behave: OpenAiServerOptions['behave'];
  seen: number;
  inFlight: number;
  maxInFlight: number;
}

const defaultModels = [{ id: 'tiny', object: 'model', owned_by: 'test', root: 'test/tiny', max_model_len: 4096 }];

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes an answer as server-sent events, one token a chunk, with the fault of the behaviour where it is due. */
async function stream(response: ServerResponse, frames: readonly string[], behaviour: Behaviour & Pacing) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const delayMs = behaviour.tokenDelayMs ?? 0;
  const fault = behaviour.kind !== 'answer' && 'afterTokens' in behaviour ? behaviour : null;
  // The first frame carries only the role.
  const cut = fault === null ? frames.length : Math.min(fault.afterTokens + 1, frames.length);
  const write = async (part: readonly string[]): Promise<void> => {
    if (delayMs === 0) {
      if (part.length > 0) response.write(part.join(''));
      return;
    }
    for (const frame of part) {
      if (response.destroyed) return;
      response.write(frame);
      await wait(delayMs);
    }
  };
  await write(frames.slice(0, cut));
  if (fault === null) {
    response.end();
    return;
  }
  switch (fault.kind) {
    case 'drop':
      // The bytes so far must be on the wire before the reset.
      await new Promise<void>((resolve) => response.write(': \n\n', () => resolve()));
      response.destroy();
      break;
    case 'endEarly':
      response.end();
      break;
    case 'stall':
      break;
    case 'insert':
      response.write(fault.text);
      await write(frames.slice(cut));
      response.end();
      break;
    case 'errorChunk':
      response.end(`data: ${JSON.stringify({ error: fault.error })}\n\n`);
  }
}

async function drip(response: ServerResponse, frames: readonly string[], everyMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const byte of Buffer.from(frames.join(''))) {
    if (response.destroyed) return;
    response.write(Buffer.from([byte]));
    await wait(everyMs);
  }
  response.end();
}

const isPreflight = (prompt: string): boolean => prompt.includes(preflightMark);
const isProbe = (prompt: string): boolean => prompt.includes(probeText) || isPreflight(prompt);

const statedContext = 4096;

/** What a lying server makes of a request before it answers it. */
function believed(seen: SeenRequest, lies: Lies): SeenRequest {
  const body = { ...seen.body };
  if (lies.ignoresMaxTokens) body['max_tokens'] = 16;
  if (lies.ignoresStop) delete body['stop'];
  if (lies.ignoresTemperature) body['temperature'] = 0;
  if (lies.ignoresSeed) body['seed'] = seen.index;
  if (lies.ignoresSchema) delete body['response_format'];
  return { ...seen, body };
}

/** Fields of an answer to the preflight: thinking as the switch says, calls and counts as the lies have it. */
function preflightFields(seen: SeenRequest, state: State): Partial<ReplyFields> {
  const lies = state.options.lies ?? {};
  const switches = seen.body['chat_template_kwargs'] as { enable_thinking?: boolean } | undefined;
  const thinks = switches?.enable_thinking === true || (lies.alwaysThinks === true && switches !== undefined);
  const promptTokens = state.model.pieces(seen.prompt).length + (lies.templateTokens ?? 0);
  const counts = lies.clipsContext ? Math.min(promptTokens, statedContext - 1) : promptTokens;
  return {
    ...(thinks ? { reasoning: 'Three hours are 180 minutes.' } : {}),
    ...(lies.callsAsText && seen.body['tools'] !== undefined
      ? {
          text: '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
          toolCalls: [],
        }
      : {}),
    ...(lies.garblesInCompany && state.inFlight > 1 ? { text: 'moon moon moon moon moon moon moon' } : {}),
    ...(lies.servesModel === undefined ? {} : { model: lies.servesModel }),
    ...(lies.clipsContext || lies.templateTokens ? { usage: { prompt_tokens: counts, completion_tokens: 5 } } : {}),
    ...(lies.zeroLogProbabilities ? { zeroLogProbabilities: true } : {}),
  };
}

const tooLong = {
  error: {
    message: `This model's maximum context length is ${statedContext} tokens.`,
    code: 'context_length_exceeded',
  },
};

async function generate(state: State, seen: SeenRequest, response: ServerResponse): Promise<void> {
  const behaviour: Behaviour = (isProbe(seen.prompt) ? undefined : state.behave?.(seen)) ?? { kind: 'answer' };
  if (behaviour.kind === 'never') return;
  if (behaviour.kind === 'status') {
    for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value);
    return sendJson(response, behaviour.status, behaviour.body ?? { error: { message: `status ${behaviour.status}` } });
  }
  const paced: Behaviour & Pacing = {
    ...(state.options.tokenDelayMs === undefined ? {} : { tokenDelayMs: state.options.tokenDelayMs }),
    ...behaviour,
  };
  const latencyMs = ('latencyMs' in paced ? paced.latencyMs : undefined) ?? state.options.latencyMs ?? 0;
  if (latencyMs > 0) await wait(latencyMs);
  if (response.destroyed) return;
  const lies = state.options.lies ?? {};
  const isTried = isPreflight(seen.prompt);
  if (isTried && !lies.clipsContext && state.model.pieces(seen.prompt).length > statedContext)
    return sendJson(response, 400, tooLong);
  const asked = isTried ? believed(seen, lies) : seen;
  const fields = isTried ? preflightFields(seen, state) : behaviour.kind === 'answer' ? behaviour : {};
  const answer = answerTo(asked, fields, {
    model: state.model,
    dictionary: state.dictionary,
    replyTokens: state.options.replyTokens ?? 24,
    // llama.cpp knows no echo and takes no notice of it.
    echo: state.options.echo ?? (state.options.dialect === 'llama.cpp' ? 'ignored' : 'values'),
  });
  if (answer.kind === 'json') return sendJson(response, answer.status, answer.body);
  if (behaviour.kind === 'slowLoris') return drip(response, answer.frames, behaviour.everyMs);
  return stream(response, answer.frames, paced);
}

async function handleGeneration(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const prompt = promptText(body, state.dictionary);
  const probing = isProbe(prompt);
  const repeat = state.repeats.get(prompt) ?? 0;
  if (state.options.record !== false) state.repeats.set(prompt, repeat + 1);
  const path = request.url ?? '';
  const seen: SeenRequest = {
    path,
    headers: request.headers,
    body,
    prompt,
    index: probing ? state.probes.length : state.seen++,
    repeat,
    abandoned: false,
  };
  if (state.options.record !== false) (probing ? state.probes : state.requests).push(seen);
  state.inFlight++;
  state.maxInFlight = Math.max(state.maxInFlight, state.inFlight);
  response.on('close', () => {
    state.inFlight--;
    seen.abandoned = !response.writableFinished;
  });
  await generate(state, seen, response);
}

async function handleTokenize(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const tokens = state.dictionary.encode(promptText(body, state.dictionary));
  sendJson(response, 200, { count: tokens.length, max_model_len: 4096, tokens });
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { apiKey, dialect = 'vllm', models = defaultModels } = state.options;
  if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
    return sendJson(response, 401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } });
  const route = `${request.method} ${request.url}`;
  const own = state.options.routes?.[route];
  if (own !== undefined) return sendJson(response, 200, own);
  if (route === 'GET /v1/models') return sendJson(response, 200, { object: 'list', data: models });
  if (route === 'POST /v1/chat/completions' || route === 'POST /v1/completions')
    return handleGeneration(state, request, response);
  if (dialect === 'llama.cpp') return handleLlamaCpp(state, request, response);
  if (dialect === 'vllm' && route === 'GET /version') return sendJson(response, 200, { version: '0.10.2' });
  if (dialect === 'vllm' && route === 'POST /tokenize') return handleTokenize(state, request, response);
  sendJson(response, 404, { detail: 'Not Found' });
}

async function handleLlamaCpp(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const { model, dictionary } = state;
  const answer = llamaCppAnswer(`${request.method} ${request.url}`, body, {
    model,
    dictionary,
    tokenGrammar: state.options.tokenGrammar ?? true,
  });
  sendJson(response, answer.status, answer.body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** Starts a loopback server that speaks the OpenAI protocol and misbehaves on demand; deterministic. */
export async function startOpenAiServer(options: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const model = tinyLanguageModel();
  const state: State = {
    options,
    model,
    dictionary: tokenDictionary(model.pieces),
    requests: [],
    probes: [],
    repeats: new Map(),
    behave: options.behave,
    seen: 0,
    inFlight: 0,
    maxInFlight: 0,
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(state, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: { message: String(error) } });
    });
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`,
    requests: state.requests,
    probes: state.probes,
    inFlight: () => state.inFlight,
    maxInFlight: () => state.maxInFlight,
    connections: () => sockets.size,
    behave: (behave) => {
      state.behave = behave;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A 429 answer. */
export const rateLimited = (retryAfter: string): Behaviour => ({
  kind: 'status',
  status: 429,
  headers: { 'retry-after': retryAfter },
  body: { error: { message: 'Rate limit reached', type: 'rate_limit_exceeded', code: 'rate_limit_exceeded' } },
});

/** The 400 answer of each server kind when a prompt is too long. */
export const contextExceeded = {
  vllm: {
    kind: 'status',
    status: 400,
    body: {
      object: 'error',
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion). Please reduce the length of the messages or completion.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
  },
  sglang: {
    kind: 'status',
    status: 400,
    body: {
      object: 'error',
      message: "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
      type: 'BadRequestError',
      code: 400,
    },
  },
  llamaCpp: {
    kind: 'status',
    status: 400,
    body: {
      error: {
        code: 400,
        message: 'request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5000,
        n_ctx: 4096,
      },
    },
  },
  openai: {
    kind: 'status',
    status: 400,
    body: {
      error: {
        message: 'Your input exceeds the limit of this model.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  },
} as const satisfies Record<string, Behaviour>;
