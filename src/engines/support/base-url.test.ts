import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../../core/errors.ts';
import { parseBaseUrl } from './base-url.ts';

describe('parseBaseUrl', () => {
  it.each([
    ['http://localhost:8000', 'http://localhost:8000', '/v1', ''],
    ['http://localhost:8000/', 'http://localhost:8000', '/v1', ''],
    ['https://example.org/v1/', 'https://example.org', '/v1', ''],
    ['https://example.org/llm/v1', 'https://example.org', '/llm/v1', '/llm'],
    ['https://example.org/openai', 'https://example.org', '/openai', '/openai'],
    ['http://host/v1/chat/completions', 'http://host', '/v1', ''],
    [' http://host:1/v1 ', 'http://host:1', '/v1', ''],
  ])('reads %j', (text, origin, apiPath, rootPath) => {
    expect(parseBaseUrl(text)).toEqual({
      origin,
      apiPath,
      rootPath,
      shown: `${origin}${apiPath}`,
      hadCredentials: false,
    });
  });

  it.each(['localhost:8000', 'ftp://host/v1', '', 'http://', 'http://host/v1?key=abc', 'http://host/v1#x'])(
    'refuses %j with a hint',
    (text) => {
      expect(() => parseBaseUrl(text)).toThrow(expect.objectContaining({ code: 'E_OPTION_INVALID' }) as Error);
    },
  );

  it('never shows what stands before the @, whether the rest can be read or not', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{8,12}$/);
    const rest = fc.constantFrom('host:8000/v1', 'host', 'host:notaport', 'host/v1?token=qqqqqqqq', '');
    fc.assert(
      fc.property(secret, secret, rest, (user, password, tail) => {
        const shown: string[] = [];
        try {
          const base = parseBaseUrl(`http://${user}:${password}@${tail}`);
          expect(base.hadCredentials).toBe(true);
          shown.push(JSON.stringify(base));
        } catch (error) {
          expect(isQwenEvalError(error)).toBe(true);
          shown.push(String(error));
        }
        for (const text of shown) for (const word of [user, password, 'qqqqqqqq']) expect(text).not.toContain(word);
      }),
    );
  });
});
