import { isQwenEvalError, QwenEvalError, type ErrorCode } from '../../core/errors.ts';
import type { EngineDependencies, EngineSettings } from '../../core/ports/engine.ts';
import { parseBaseUrl } from './base-url.ts';
import { openEndpointPool, type Endpoint, type EndpointPool } from './endpoint-pool.ts';
import { GenerationStream } from './generation-stream.ts';
import { statusError, type ErrorContext } from './http-error.ts';
import { HttpExchange, type Deadlines } from './http-exchange.ts';
import { onAbort } from './on-abort.ts';
import { requestText, type TextResponse } from './request-text.ts';

export interface JsonRequest {
  /** `api` is below /v1, `root` beside it. */
  readonly under: 'api' | 'root';
  readonly path: string;
  /** Sent as POST when given, else GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly deadlines?: Deadlines;
  /** Fixes the endpoint; else the least busy one is asked. */
  readonly endpoint?: Endpoint;
}

/** Sends requests to the endpoints of one server and turns every failure into a coded error. */
export interface ApiClient {
  readonly endpoints: readonly Endpoint[];
  /** A JSON answer; rejects for a status other than 2xx and for text that is not JSON. */
  json(request: JsonRequest): Promise<unknown>;
  /** The text of an answer with status 200. */
  text(request: JsonRequest): Promise<string>;
  /** Streams a generation from `/v1` + path; sent when first read. */
  stream(path: string, body: string, signal: AbortSignal | undefined): GenerationStream;
  /** Names for messages about unknown models. */
  setServedModels(names: readonly string[]): void;
  close(): Promise<void>;
}

const sickCodes = new Set<ErrorCode>([
  'E_ENGINE_UNREACHABLE',
  'E_ENGINE_TIMEOUT',
  'E_ENGINE_SERVER',
  'E_ENGINE_STREAM',
]);

function healthOf(error: unknown): boolean | null {
  if (error === null) return true;
  if (!isQwenEvalError(error)) return null;
  return !sickCodes.has(error.code);
}

function requestHeaders(apiKey: string | null): string[] {
  const headers = ['content-type', 'application/json'];
  if (apiKey === null || apiKey === '') return headers;
  if (!/^[\u0021-\u007e]+$/u.test(apiKey))
    throw new QwenEvalError('E_OPTION_INVALID', 'the API key holds characters that no HTTP header may carry', {
      hint: 'Check OPENAI_API_KEY for spaces, line ends and quotation marks.',
    });
  return [...headers, 'authorization', `Bearer ${apiKey}`];
}

function parseJson(response: TextResponse, url: string): unknown {
  try {
    return JSON.parse(response.body);
  } catch (cause) {
    throw new QwenEvalError('E_ENGINE_REQUEST', `${url} answered with something that is not JSON`, {
      hint: 'Check that --base-url leads to an OpenAI-compatible server; it usually ends in /v1.',
      cause,
    });
  }
}

interface Client {
  readonly pool: EndpointPool;
  readonly headers: string[];
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  readonly contextOf: (endpoint: Endpoint) => ErrorContext;
}

async function exchange<Result>(
  client: Client,
  request: JsonRequest,
  read: (response: TextResponse, url: string) => Result,
): Promise<Result> {
  const { pool } = client;
  const endpoint = request.endpoint ?? pool.acquire();
  if (request.endpoint !== undefined) endpoint.outstanding++;
  const prefix = request.under === 'api' ? endpoint.base.apiPath : endpoint.base.rootPath;
  let failure: unknown = null;
  try {
    const response = await requestText(endpoint, {
      method: request.body === undefined ? 'GET' : 'POST',
      path: `${prefix}${request.path}`,
      headers: client.headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      deadlines: request.deadlines ?? client.deadlines,
      nowMs: client.nowMs,
      signal: request.signal,
    });
    if (response.status < 200 || response.status > 299) throw statusError(response, client.contextOf(endpoint));
    return read(response, endpoint.base.shown);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    pool.release(endpoint, healthOf(failure));
  }
}

function openStream(
  client: Client,
  path: string,
  { body, signal }: { readonly body: string; readonly signal: AbortSignal | undefined },
): GenerationStream {
  const { pool } = client;
  const endpoint = pool.acquire();
  let stopListening = (): void => {};
  const generation = new GenerationStream({
    context: client.contextOf(endpoint),
    start: (sink) =>
      new HttpExchange(
        {
          pool: endpoint.pool,
          method: 'POST',
          path: `${endpoint.base.apiPath}${path}`,
          headers: client.headers,
          body,
          url: endpoint.base.shown,
          deadlines: client.deadlines,
          nowMs: client.nowMs,
        },
        sink,
      ),
    onSettled: (error) => {
      stopListening();
      pool.release(endpoint, healthOf(error));
    },
  });
  if (signal?.aborted) generation.abort(signal.reason);
  else stopListening = onAbort(signal, (reason) => generation.abort(reason));
  return generation;
}

/** Opens a client for the base URLs of the settings; throws E_OPTION_INVALID without one. */
export function openApiClient(settings: EngineSettings, dependencies: EngineDependencies): ApiClient {
  if (settings.baseUrls.length === 0)
    throw new QwenEvalError('E_OPTION_INVALID', 'engine openai-compatible needs the address of a server', {
      hint: 'Give --base-url http://host:port/v1, or set OPENAI_BASE_URL.',
    });
  const baseUrls = settings.baseUrls.map(parseBaseUrl);
  for (const base of baseUrls)
    if (base.hadCredentials)
      dependencies.log('warn', `user name and password in ${base.shown} are ignored; put a key into OPENAI_API_KEY`);
  const headers = requestHeaders(settings.apiKey);
  const { deadlines } = settings;
  const pool = openEndpointPool({ baseUrls, headers, deadlines, dependencies });
  let servedModels: readonly string[] = [];
  const client: Client = {
    pool,
    headers,
    deadlines,
    nowMs: dependencies.nowMs,
    contextOf: (endpoint) => ({ url: endpoint.base.shown, secret: settings.apiKey, servedModels }),
  };
  return {
    endpoints: pool.endpoints,
    json: (request) => exchange(client, request, parseJson),
    text: (request) => exchange(client, request, (response) => response.body),
    stream: (path, body, signal) => openStream(client, path, { body, signal }),
    setServedModels: (names) => {
      servedModels = names;
    },
    close: () => pool.close(),
  };
}
