import { QwenEvalError } from '../../core/errors.ts';

/** Where an OpenAI-compatible server is reached; holds no credentials. */
export interface BaseUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path of the OpenAI endpoints without a slash at the end, usually `/v1`. */
  readonly apiPath: string;
  /** Path of the server's own endpoints (`/tokenize`, `/metrics` …): `apiPath` without `/v1`. */
  readonly rootPath: string;
  /** The address as it may be shown and recorded. */
  readonly shown: string;
  /** True when the text carried a user name or password, which are thrown away. */
  readonly hadCredentials: boolean;
}

const hint = 'Give --base-url as http(s)://host:port or http(s)://host:port/v1; keys belong in OPENAI_API_KEY.';

/** Parses a base URL; a missing path becomes `/v1`. Throws E_OPTION_INVALID, never showing what may be a secret. */
export function parseBaseUrl(text: string): BaseUrl {
  const trimmed = text.trim();
  const safe = trimmed.replace(/\/\/[^/@]*@/u, '//').replace(/[?#].*$/su, '');
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new QwenEvalError('E_OPTION_INVALID', `base URL ${JSON.stringify(safe)} is not an http or https address`, {
      hint,
    });
  if (url.search !== '' || url.hash !== '')
    throw new QwenEvalError('E_OPTION_INVALID', `base URL ${safe} must not have a query or a fragment`, { hint });
  const path = url.pathname.replace(/\/+$/u, '').replace(/\/(?:chat\/completions|completions|models)$/u, '');
  const apiPath = path === '' ? '/v1' : path;
  return {
    origin: url.origin,
    apiPath,
    rootPath: apiPath.replace(/\/v1$/u, ''),
    shown: `${url.origin}${apiPath}`,
    hadCredentials: url.username !== '' || url.password !== '',
  };
}
