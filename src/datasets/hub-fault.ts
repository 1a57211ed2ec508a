import { QwenEvalError } from '../core/errors.ts';
import { RedirectError, StalledError } from './http-download-stream.ts';

/** Why a download failed. */
export type HubFaultKind =
  | 'access'
  | 'absent'
  | 'rate_limit'
  | 'server'
  | 'dns'
  | 'unreachable'
  | 'tls'
  | 'stalled'
  | 'cut_off'
  | 'redirect'
  | 'request';

/** What was asked for, for messages. */
export interface HubFaultContext {
  /** The file as messages name it. */
  readonly title: string;
  readonly url: URL;
  readonly hasToken: boolean;
}

const hints: Readonly<Record<HubFaultKind, string>> = {
  access: 'set HF_TOKEN to a token of an account that may read it',
  absent: 'check the repository, the revision and the file name',
  rate_limit: 'wait some minutes, or set HF_TOKEN: accounts are allowed more',
  server: 'try again later, or set HF_ENDPOINT to a mirror',
  dns: 'check the network, set HF_ENDPOINT to a mirror, or work with --offline and --data-dir',
  unreachable: 'check the network and HTTPS_PROXY, set HF_ENDPOINT to a mirror, or work with --offline and --data-dir',
  tls: 'if a proxy signs with its own certificate, name it in NODE_EXTRA_CA_CERTS; check HF_ENDPOINT and HTTPS_PROXY',
  stalled: 'run the command again: it goes on where it stopped',
  cut_off: 'run the command again: it goes on where it stopped',
  redirect: 'check HF_ENDPOINT',
  request: 'check HF_ENDPOINT and HTTPS_PROXY',
};

const retryableKinds: readonly HubFaultKind[] = ['rate_limit', 'server', 'dns', 'unreachable', 'stalled', 'cut_off'];

/** Kinds that mean that there is no way to the host at all. */
export const noNetworkKinds: readonly HubFaultKind[] = ['dns', 'unreachable'];

interface HubFaultFacts {
  readonly cause?: unknown;
  readonly hint?: string;
  readonly status?: number;
  /** Pause that the server asks for in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The E_HUB of a failed download; `details.kind` says which. */
export const hubFault = (kind: HubFaultKind, reason: string, context: HubFaultContext & HubFaultFacts): QwenEvalError =>
  new QwenEvalError('E_HUB', `${context.title} could not be fetched from ${context.url.host}: ${reason}`, {
    hint: context.hint ?? hints[kind],
    retryable: retryableKinds.includes(kind),
    details: { kind, host: context.url.host, status: context.status, retryAfterMs: context.retryAfterMs },
    cause: context.cause,
  });

function accessHint(errorCode: string | null, { hasToken, url }: HubFaultContext): string {
  const page = `${url.origin}${url.pathname.split('/resolve/')[0]}`;
  if (errorCode === 'GatedRepo') return `accept the conditions at ${page} and set HF_TOKEN to a token of that account`;
  if (!hasToken) return `${hints.access}; a repository that does not exist answers in the same way`;
  return 'the token in HF_TOKEN may not read it: check the token, its permissions and the conditions of the repository';
}

/** The fault of an HTTP status; null when the status is one that carries content. */
export function statusFault(
  status: number,
  header: (name: string) => string | null,
  context: HubFaultContext,
): QwenEvalError | null {
  if (status === 200 || status === 206 || status === 416) return null;
  const errorCode = header('x-error-code');
  const reason = [`HTTP ${status}`, errorCode, header('x-error-message')].filter(Boolean).join(' ');
  const retryAfterMs = 1000 * Number(header('retry-after') ?? 0);
  const described = { ...context, status, ...(retryAfterMs > 0 ? { retryAfterMs } : {}) };
  if (status === 401 || status === 403)
    return hubFault('access', reason, { ...described, hint: accessHint(errorCode, context) });
  if (status === 404 || status === 410) return hubFault('absent', reason, described);
  if (status === 429) return hubFault('rate_limit', reason, described);
  if (status >= 500 || status === 408) return hubFault('server', reason, described);
  return hubFault('request', reason, described);
}

const codeOf = (error: unknown): string => {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined || cause === null ? '' : codeOf(cause);
};

const unreachableCodes = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
];

function kindOf(error: unknown): HubFaultKind {
  if (error instanceof StalledError) return 'stalled';
  if (error instanceof RedirectError) return 'redirect';
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (unreachableCodes.includes(code)) return 'unreachable';
  if (/CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code)) return 'tls';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET' || code.startsWith('UND_ERR_RES'))
    return 'cut_off';
  return 'request';
}

/** The fault of a connection that failed or broke off. */
export function connectionFault(error: unknown, context: HubFaultContext): QwenEvalError {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return hubFault(kindOf(error), code !== '' && !message.includes(code) ? `${message} (${code})` : message, {
    ...context,
    cause: error,
  });
}
