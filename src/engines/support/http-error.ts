import { QwenEvalError } from '../../core/errors.ts';
import { parseRetryAfterMs, type ResponseHeaders } from './retry-after.ts';
import { parseServerError, saysContextExceeded, type ServerErrorBody } from './server-error.ts';

/** Facts that make a message name the right thing; `secret` is cut out of whatever the server sends back. */
export interface ErrorContext {
  /** Address without credentials. */
  readonly url: string;
  readonly secret: string | null;
  /** Names that the server lists, once they are known. */
  readonly servedModels: readonly string[];
}

/** Replaces the API key wherever it appears. */
export const withoutSecret = (text: string, secret: string | null): string =>
  secret === null || secret === '' ? text : text.replaceAll(secret, '[key]');

const listHint = (names: readonly string[]): string =>
  names.length === 0
    ? 'Check --model; the server has no list of its models.'
    : `The server lists: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' …' : ''}. Choose one with --model.`;

interface StatusFailure {
  readonly status: number;
  readonly said: string;
  readonly body: ServerErrorBody;
  readonly headers: ResponseHeaders;
  readonly context: ErrorContext;
}

function retryDetails({ status, headers }: StatusFailure): Readonly<Record<string, unknown>> {
  const retryAfterMs = parseRetryAfterMs(headers, Date.now());
  return { status, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

function clientError(failure: StatusFailure): QwenEvalError {
  const { status, said, body, context } = failure;
  const details = { status };
  if (status === 401 || status === 403)
    return new QwenEvalError('E_ENGINE_AUTH', `${context.url} refused the API key (${status})${said}`, {
      hint: 'Put a valid key into OPENAI_API_KEY.',
      details,
    });
  if (saysContextExceeded(body) && [400, 413, 422].includes(status))
    return new QwenEvalError(
      'E_CONTEXT_EXCEEDED',
      `prompt and output do not fit the context of ${context.url}${said}`,
      {
        hint: 'Lower --max-tokens or --num-fewshot, or serve the model with a longer context.',
        details,
      },
    );
  if (status === 404 && /model/iu.test(body.message))
    return new QwenEvalError('E_MODEL_UNKNOWN', `${context.url} does not know the model${said}`, {
      hint: listHint(context.servedModels),
      details,
    });
  if (status === 404 || status === 405)
    return new QwenEvalError('E_ENGINE_REQUEST', `${context.url} has no such endpoint (${status})${said}`, {
      hint: 'Check --base-url: it usually ends in /v1.',
      details,
    });
  return new QwenEvalError('E_ENGINE_REQUEST', `${context.url} refused the request (${status})${said}`, {
    hint: 'The message is the server’s own; change the option it names, or remove it from --extra-body.',
    details,
  });
}

/** The error of a response whose status is not 2xx. */
export function statusError(
  response: { readonly status: number; readonly headers: ResponseHeaders; readonly body: string },
  context: ErrorContext,
): QwenEvalError {
  const { status, headers } = response;
  const body = parseServerError(withoutSecret(response.body, context.secret));
  const said = body.message === '' ? '' : `: ${body.message}`;
  const failure: StatusFailure = { status, said, body, headers, context };
  if (status === 429) {
    const exhausted = body.code === 'insufficient_quota';
    return new QwenEvalError('E_ENGINE_RATE_LIMIT', `${context.url} limits the rate of requests${said}`, {
      hint: exhausted ? 'The quota of this key is used up.' : 'Lower --max-connections, or wait and resume the run.',
      retryable: !exhausted,
      details: retryDetails(failure),
    });
  }
  if (status >= 500 || status === 408 || status === 425)
    return new QwenEvalError('E_ENGINE_SERVER', `${context.url} failed (${status})${said}`, {
      hint: 'Look into the server’s own log; qwen-eval resume goes on when it is well again.',
      retryable: status !== 501,
      details: retryDetails(failure),
    });
  if (status >= 300 && status < 400)
    return new QwenEvalError('E_ENGINE_REQUEST', `${context.url} redirects (${status})`, {
      hint: 'Give the final address as --base-url; redirects are not followed, so that no key goes astray.',
      details: { status },
    });
  return clientError(failure);
}

/** The error of an `error` member that comes inside a response with status 200. */
export function streamedError(body: ServerErrorBody, context: ErrorContext): QwenEvalError {
  const status = Number(body.code);
  const known = Number.isInteger(status) && status >= 400 && status < 600;
  const text = JSON.stringify({ error: body });
  if (saysContextExceeded(body)) return statusError({ status: 400, headers: {}, body: text }, context);
  return statusError({ status: known ? status : 500, headers: {}, body: text }, context);
}
