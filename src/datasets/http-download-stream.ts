import type { Dispatcher } from 'undici';

/** What is asked of a server. */
export interface DownloadStreamRequest {
  readonly url: URL;
  /** Byte to start at. */
  readonly offset: number;
  /** Sent to the host of `url` only, never to one it redirects to. */
  readonly token: string | null;
  /** Longest silence in milliseconds: while connecting, before the headers and between two pieces of the body. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A response whose body has not been read. */
export interface DownloadStream {
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** What identifies the content: the hub's hash where it names one, else the server's ETag; null when there is neither. */
  readonly identity: string | null;
  /** Commit that the hub resolved the revision to; null elsewhere. */
  readonly commit: string | null;
  /** The body in pieces. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Frees the connection; has to be called. */
  close(): Promise<void>;
}

/** No byte came for the allowed time. */
export class StalledError extends Error {
  readonly stallMs: number;

  constructor(stallMs: number) {
    super(`no data for ${stallMs} ms`);
    this.name = 'StalledError';
    this.stallMs = stallMs;
  }
}

/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
}

const maxRedirects = 10;

/** Aborts by itself when it is not told of progress in time. */
class StallGuard {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #forward = (): void => this.#controller.abort(this.#outer?.reason);
  readonly #timer: NodeJS.Timeout;

  constructor(stallMs: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    if (outer?.aborted) this.#forward();
    outer?.addEventListener('abort', this.#forward, { once: true });
    this.#timer = setTimeout(() => this.#controller.abort(new StalledError(stallMs)), stallMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  progress(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#forward);
  }

  /** undici may report an abort in words of its own. */
  reasonFor(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

const tagOf = (headers: Headers, name: string): string | null =>
  headerOf(headers, name)?.replace(/^W\//, '').replaceAll('"', '') ?? null;

function redirectTarget(url: URL, location: string | null): URL {
  if (location === null) throw new RedirectError(`${url.host} redirects to nowhere`);
  const target = new URL(location, url);
  if (url.protocol === 'https:' && target.protocol !== 'https:')
    throw new RedirectError(`${url.host} redirects from https to ${target.protocol}//${target.host}`);
  return target;
}

const requestHeaders = (request: DownloadStreamRequest, url: URL): Record<string, string> => ({
  'user-agent': 'qwen-eval',
  'accept-encoding': 'identity',
  ...(request.offset > 0 ? { range: `bytes=${request.offset}-` } : {}),
  ...(request.token !== null && url.origin === request.url.origin ? { authorization: `Bearer ${request.token}` } : {}),
});

async function* guarded(body: AsyncIterable<Uint8Array>, guard: StallGuard): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      guard.progress();
      yield chunk;
      guard.progress();
    }
  } catch (error) {
    throw guard.reasonFor(error);
  }
}

/** Follows redirects to the first other response, gathering what the hub says on the way. */
async function follow(request: DownloadStreamRequest, dispatcher: Dispatcher, guard: StallGuard) {
  const undici = await import('undici');
  const seen = { identity: null as string | null, commit: null as string | null };
  let url = request.url;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const headers = requestHeaders(request, url);
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
    const response = await undici.request(url, { headers, dispatcher, signal: guard.signal, ...timeouts });
    guard.progress();
    seen.identity ??= tagOf(response.headers, 'x-linked-etag');
    seen.commit ??= headerOf(response.headers, 'x-repo-commit');
    if (![301, 302, 303, 307, 308].includes(response.statusCode)) return { ...seen, response };
    await response.body.dump();
    url = redirectTarget(url, headerOf(response.headers, 'location'));
  }
  throw new RedirectError(`${request.url.host} redirects more than ${maxRedirects} times`);
}

/** Asks for a file, following redirects; rejects with a network error, StalledError, RedirectError or the signal's reason. */
export async function openDownloadStream(request: DownloadStreamRequest): Promise<DownloadStream> {
  const { EnvHttpProxyAgent } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: request.stallMs } });
  const guard = new StallGuard(request.stallMs, request.signal);
  const close = async (): Promise<void> => {
    guard.stop();
    await dispatcher.destroy();
  };
  try {
    const { response, identity, commit } = await follow(request, dispatcher, guard);
    return {
      status: response.statusCode,
      header: (name) => headerOf(response.headers, name),
      identity: identity ?? tagOf(response.headers, 'etag'),
      commit,
      body: guarded(response.body, guard),
      close,
    };
  } catch (error) {
    await close();
    throw guard.reasonFor(error);
  }
}
