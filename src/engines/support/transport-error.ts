import { QwenEvalError } from '../../core/errors.ts';

const errorFields = (error: unknown): { readonly code: string; readonly message: string } => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : '',
  message: error instanceof Error ? error.message : String(error),
});

const isTlsCode = (code: string): boolean =>
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/u.test(
    code,
  );

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Start the server, or check host and port of --base-url.'],
  ENOTFOUND: ['the host name is unknown', 'Check the host name of --base-url, or the name server of this machine.'],
  EAI_AGAIN: ['the host name could not be looked up', 'Check the network of this machine, then resume the run.'],
  EHOSTUNREACH: ['there is no route to the host', 'Check the network of this machine, then resume the run.'],
  ENETUNREACH: ['there is no route to the network', 'Check the network of this machine, then resume the run.'],
  EMFILE: ['this machine has no more file handles', 'Lower --max-connections, or raise ulimit -n.'],
  EADDRNOTAVAIL: ['this machine has no more ports', 'Lower --max-connections.'],
};

const firstOf = (error: unknown): unknown =>
  error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;

/** The error of a connection that failed before the response began, or broke after it. The message names the address. */
export function transportError(cause: unknown, url: string, responded: boolean): QwenEvalError {
  const { code, message } = errorFields(firstOf(cause));
  const details = { cause: code === '' ? message : code };
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new QwenEvalError('E_ENGINE_TIMEOUT', `no connection to ${url} in time`, {
      hint: 'Check host and port of --base-url and the network in between.',
      retryable: true,
      details,
      cause,
    });
  if (responded)
    return new QwenEvalError('E_ENGINE_STREAM', `${url} broke off in the middle of an answer: ${message}`, {
      hint: 'The sample is asked again; if it happens often, look into the server’s log and any proxy in between.',
      retryable: true,
      details,
      cause,
    });
  if (isTlsCode(code))
    return new QwenEvalError('E_ENGINE_TLS', `no trusted TLS connection to ${url}: ${message} (${code})`, {
      hint: 'For a private certificate set NODE_EXTRA_CA_CERTS to its file; for a server without TLS write http:// in --base-url.',
      details,
      cause,
    });
  if (code.startsWith('HPE_'))
    return new QwenEvalError('E_ENGINE_UNREACHABLE', `${url} does not speak HTTP: ${message}`, {
      hint: 'Check the port of --base-url, and whether the server wants https://.',
      details,
      cause,
    });
  const [reason, hint] = reasons[code] ?? [
    message,
    'Check that the server runs and that no proxy in between closes connections, then resume the run.',
  ];
  return new QwenEvalError('E_ENGINE_UNREACHABLE', `${url} cannot be reached: ${reason}`, {
    hint,
    retryable: true,
    details,
    cause,
  });
}
