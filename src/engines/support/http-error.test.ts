import { describe, expect, it } from 'vitest';
import { contextExceeded } from '../../../test/support/openai-server.ts';
import { statusError, streamedError } from './http-error.ts';
import { parseServerError, readServerError } from './server-error.ts';
import { transportError } from './transport-error.ts';

const context = { url: 'http://host/v1', secret: 'sk-secret', servedModels: ['a', 'b'] };

const errorOf = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  statusError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, context);

describe('statusError', () => {
  it.each([
    [400, { error: { message: 'temperature must be in [0,2]' } }, 'E_ENGINE_REQUEST', false],
    [401, { error: 'no' }, 'E_ENGINE_AUTH', false],
    [403, '', 'E_ENGINE_AUTH', false],
    [404, { object: 'error', message: 'The model `c` does not exist.', code: 404 }, 'E_MODEL_UNKNOWN', false],
    [404, { detail: 'Not Found' }, 'E_ENGINE_REQUEST', false],
    [422, { detail: [{ loc: ['body', 'top_k'], msg: 'not an integer' }] }, 'E_ENGINE_REQUEST', false],
    [307, '', 'E_ENGINE_REQUEST', false],
    [408, '', 'E_ENGINE_SERVER', true],
    [429, { error: { message: 'slow down' } }, 'E_ENGINE_RATE_LIMIT', true],
    [429, { error: { message: 'used up', code: 'insufficient_quota' } }, 'E_ENGINE_RATE_LIMIT', false],
    [500, '<html><body><h1>500</h1></body></html>', 'E_ENGINE_SERVER', true],
    [501, '', 'E_ENGINE_SERVER', false],
    [503, '', 'E_ENGINE_SERVER', true],
  ])('%i %j is %s, retryable %s', (status, body, code, retryable) => {
    const error = errorOf(status, body);
    expect(error).toMatchObject({ code, retryable, details: { status } });
    expect(error.message).toContain('http://host/v1');
    expect(error.hint).not.toBeNull();
  });

  it.each(Object.entries(contextExceeded))(
    'knows how %s says that the context is exceeded',
    (_name, { status, body }) => {
      expect(errorOf(status, body)).toMatchObject({ code: 'E_CONTEXT_EXCEEDED', retryable: false });
    },
  );

  it.each([
    'the request exceeds the available context size. try increasing the context size or enable context shift',
    "Requested token count exceeds the model's maximum context length of 4096 tokens.",
    'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
    'the input length exceeds the context length',
  ])('knows %j', (message) => {
    expect(errorOf(400, { error: { message } }).code).toBe('E_CONTEXT_EXCEEDED');
  });

  it('does not take other refusals that speak of length for an exceeded context', () => {
    expect(errorOf(400, { error: { message: 'stop: list too long, maximum length 4' } }).code).toBe('E_ENGINE_REQUEST');
  });

  it('names the models that the server lists', () => {
    expect(errorOf(404, { error: { message: 'model not found' } }).hint).toContain('a, b');
  });

  it('says how long to wait, also for 503', () => {
    expect(errorOf(503, '', { 'retry-after': '7' }).details).toEqual({ status: 503, retryAfterMs: 7000 });
  });

  it('cuts the key out of what the server sends back', () => {
    const error = errorOf(401, { error: { message: 'Incorrect API key provided: sk-secret.' } });
    expect(error.message).toContain('[key]');
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('sk-secret');
  });
});

describe('streamedError', () => {
  it.each([
    [{ message: 'engine died', type: null, code: null }, 'E_ENGINE_SERVER', true],
    [{ message: 'busy', type: null, code: '429' }, 'E_ENGINE_RATE_LIMIT', true],
    [{ message: 'bad', type: null, code: '400' }, 'E_ENGINE_REQUEST', false],
    [{ message: 'too long', type: 'exceed_context_size_error', code: '400' }, 'E_CONTEXT_EXCEEDED', false],
  ])('%j is %s', (body, code, retryable) => {
    expect(streamedError(body, context)).toMatchObject({ code, retryable });
  });
});

describe('parseServerError', () => {
  it('shortens text that is not JSON and leaves tags out', () => {
    const { message } = parseServerError(`<html><p>Bad   Gateway</p>${'x'.repeat(5000)}</html>`);
    expect(message.startsWith('Bad Gateway')).toBe(true);
    expect(message.length).toBeLessThan(600);
  });

  it('finds no error in an ordinary chunk', () => {
    expect(readServerError({ choices: [], usage: null })).toBeNull();
    expect(readServerError('text')).toBeNull();
  });
});

const failure = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code });

describe('transportError', () => {
  it.each([
    ['ECONNREFUSED', 'E_ENGINE_UNREACHABLE', true],
    ['ENOTFOUND', 'E_ENGINE_UNREACHABLE', true],
    ['UND_ERR_SOCKET', 'E_ENGINE_UNREACHABLE', true],
    ['HPE_INVALID_CONSTANT', 'E_ENGINE_UNREACHABLE', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'E_ENGINE_TLS', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'E_ENGINE_TLS', false],
    ['CERT_HAS_EXPIRED', 'E_ENGINE_TLS', false],
    ['EPROTO', 'E_ENGINE_TLS', false],
    ['UND_ERR_CONNECT_TIMEOUT', 'E_ENGINE_TIMEOUT', true],
  ])('%s before an answer is %s', (cause, code, retryable) => {
    const error = transportError(failure(cause), 'http://host/v1', false);
    expect(error).toMatchObject({ code, retryable, details: { cause } });
    expect(error.message).toContain('http://host/v1');
    expect(error.hint).not.toBeNull();
  });

  it('is a broken stream once the answer has begun', () => {
    expect(transportError(failure('UND_ERR_SOCKET'), 'u', true)).toMatchObject({
      code: 'E_ENGINE_STREAM',
      retryable: true,
    });
  });

  it('looks into the first of several failed addresses', () => {
    const both = new AggregateError([failure('ECONNREFUSED'), failure('ECONNREFUSED')]);
    expect(transportError(both, 'u', false).message).toContain('nothing listens there');
  });
});
