import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../../core/errors.ts';
import { collectGeneration, type Collected } from '../../../test/support/collect-generation.ts';
import { GenerationStream } from './generation-stream.ts';
import type { ResponseSink } from './http-exchange.ts';

const context = { url: 'http://host/v1', secret: 'sk-secret', servedModels: [] };

interface Played {
  readonly stream: GenerationStream;
  readonly settled: unknown[];
  readonly cancelled: unknown[];
}

/** A stream whose response is played back chunk by chunk, 10 ms apart on the test's clock. */
function play(chunks: readonly Buffer[], end: 'end' | 'open' | Error = 'end', status = 200): Played {
  const settled: unknown[] = [];
  const cancelled: unknown[] = [];
  const feed = (sink: ResponseSink): void => {
    sink.onStatus(status, {});
    for (const [index, chunk] of chunks.entries()) sink.onData(chunk, 10 * index);
    if (end === 'end') sink.onEnd(10 * chunks.length);
    else if (end !== 'open') sink.onFailure(end);
  };
  const stream = new GenerationStream({
    context,
    start: (sink) => ({ send: () => feed(sink), cancel: (reason) => void cancelled.push(reason) }),
    onSettled: (error) => void settled.push(error),
  });
  return { stream, settled, cancelled };
}

const data = (value: unknown): string => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const content = (text: string) => ({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
const stop = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };
const role = { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] };

const text = (events: readonly unknown[]): string => events.map(data).join('');
const whole = text([role, content('Grüße'), content(' 🦆 ok'), stop, usage, '[DONE]']);

const collect = (body: string | readonly Buffer[]): Promise<Collected> =>
  collectGeneration(play(typeof body === 'string' ? [Buffer.from(body)] : body).stream);

const failureOf = async (body: string): Promise<string> => {
  const error: unknown = await collect(body).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isQwenEvalError(error)) throw new Error(`expected a coded error, got ${String(error)}`);
  expect(error.hint).not.toBeNull();
  return error.code;
};

describe('GenerationStream', () => {
  it('gives the same answer however the bytes are cut', async () => {
    const bytes = Buffer.from(whole);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), bytes.length];
        const parts = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const answer = await collect(parts);
        expect(answer.text).toBe('Grüße 🦆 ok');
        expect(answer.reason).toBe('stop');
        expect(answer.usage).toMatchObject({ promptTokens: 3, completionTokens: 2, reasoningTokens: null });
      }),
    );
  });

  it('stamps each piece with the arrival of its bytes', async () => {
    const { deltas } = await collect([role, content('a'), content('b'), stop].map((event) => Buffer.from(data(event))));
    expect(deltas.map((delta) => [delta.kind, delta.atMs])).toEqual([
      ['open', 0],
      ['content', 10],
      ['content', 20],
      ['finish', 40],
    ]);
  });

  it('reads nothing before every connection that had data was stamped', async () => {
    const order: string[] = [];
    const streams = ['a', 'b'].map((name) => {
      const { stream } = play([Buffer.from(whole)]);
      // Asking for the first piece plays the whole response in at once, as a poll of the sockets does.
      const first = stream.next().then((delta) => {
        order.push(`${name} is read`);
        return delta;
      });
      order.push(`${name} is stamped`);
      return { first, stream };
    });
    await Promise.resolve();
    expect(order).toEqual(['a is stamped', 'b is stamped']);
    const firsts = await Promise.all(streams.map(({ first }) => first));
    expect(order.slice(2)).toEqual(['a is read', 'b is read']);
    expect(firsts.map(({ value }) => value)).toEqual([0, 0].map((atMs) => ({ kind: 'open', atMs })));
  });

  it('takes an answer without [DONE] when the finish reason came and the response ended in order', async () => {
    expect((await collect(text([content('a'), stop]))).text).toBe('a');
  });

  it('takes a last event without an empty line, comments, other line ends and other choices', async () => {
    const other = { choices: [{ index: 1, delta: { content: 'never' }, finish_reason: null }] };
    const body = `: keep-alive\r\n\r\ndata: ${JSON.stringify(content('a'))}\r\n\r\n${data(other)}data: ${JSON.stringify(stop)}`;
    expect((await collect(body)).text).toBe('a');
  });

  it.each([
    ['nothing at all', ''],
    ['no finish reason', text([role, content('a')])],
    ['[DONE] without a finish reason', text([role, content('a'), '[DONE]'])],
    ['a line that is no event', `${text([role])}Internal Server Error\n\n${text([stop, '[DONE]'])}`],
    ['a web page', '<!DOCTYPE html>\n<html><body>502</body></html>\n'],
    ['half a JSON', `${text([role])}data: {"choices":[{"ind\n\n${text([stop, '[DONE]'])}`],
    ['JSON that is no chunk', text([role, { hello: 1 }, stop, '[DONE]'])],
    ['a list', text([role, [1, 2], stop, '[DONE]'])],
    ['a number', text([role, '7', stop, '[DONE]'])],
    ['choices of another shape', text([{ choices: [{ delta: { content: 7 } }] }, stop, '[DONE]'])],
    ['a torn last event', `${text([role, content('a')])}data: {"choices":[{"index":0,"delta":{},"fini`],
  ])('%s is a broken stream, never an answer', async (_name, body) => {
    expect(await failureOf(body)).toBe('E_ENGINE_STREAM');
  });

  it.each([
    [{ error: { message: 'died', code: 500 } }, 'E_ENGINE_SERVER'],
    [{ error: 'died' }, 'E_ENGINE_SERVER'],
    [{ object: 'error', message: 'too much', code: 429 }, 'E_ENGINE_RATE_LIMIT'],
    [{ error: { message: 'maximum context length is 8', code: 400 } }, 'E_CONTEXT_EXCEEDED'],
    [{ choices: [], error: { message: 'died' } }, 'E_ENGINE_SERVER'],
  ])('%j in the middle is %s', async (chunk, code) => {
    expect(await failureOf(text([role, content('a'), chunk, stop, usage, '[DONE]']))).toBe(code);
  });

  it('never takes random bytes in the middle for an answer without them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 20 }), async (junk) => {
        const body = `${text([role, content('a')])}${junk}\n\n${text([stop, '[DONE]'])}`;
        const answer = await collect(body).catch(() => null);
        // What the event-stream format itself lets pass: comments, white space lines and its own fields.
        const harmless = junk
          .split(/\r\n|\r|\n/u)
          .every((line) => line === '' || /^(?:$|:|(?:data|event|id|retry)(?::|$))/u.test(line));
        if (answer !== null) expect(harmless).toBe(true);
      }),
    );
  });

  it('tells an empty text from a content that never came', async () => {
    expect((await collect(text([role, content(''), stop, '[DONE]']))).text).toBe('');
    expect((await collect(text([role, stop, '[DONE]']))).text).toBeNull();
    const empty = { choices: [{ index: 0, text: '', finish_reason: 'stop' }] };
    expect((await collect(text([empty, '[DONE]']))).text).toBe('');
  });

  it('takes reasoning from either field, once when both carry it', async () => {
    const both = (old: string, fresh: string) => ({
      choices: [{ index: 0, delta: { reasoning_content: old, reasoning: fresh } }],
    });
    const { reasoning } = await collect(text([both('a', 'a'), both('', 'b'), both('c', ''), stop, '[DONE]']));
    expect(reasoning).toBe('abc');
  });

  it('puts tool calls without an index in their own order, with arguments as text or object', async () => {
    const calls = [
      { index: null, id: 'x', function: { name: 'f', arguments: { a: 1 } } },
      { id: 'y', function: { name: 'g', arguments: '{}' } },
    ];
    const { toolCalls } = await collect(text([{ choices: [{ delta: { tool_calls: calls } }] }, stop, '[DONE]']));
    expect(toolCalls).toEqual([
      { id: 'x', name: 'f', arguments: '{"a":1}' },
      { id: 'y', name: 'g', arguments: '{}' },
    ]);
  });

  it('keeps what the engine said and its own word', async () => {
    const filtered = { choices: [{ index: 0, delta: {}, finish_reason: 'repetition_guard' }] };
    const { deltas } = await collect(text([content('a'), filtered, '[DONE]']));
    expect(deltas.at(-1)).toMatchObject({ kind: 'finish', reason: 'unknown', rawReason: 'repetition_guard' });
  });

  it('puts counts that are no counts down as unknown', async () => {
    const odd = { choices: [], usage: { prompt_tokens: -1, completion_tokens: 'many', prompt_tokens_details: 3 } };
    expect((await collect(text([content('a'), stop, odd, '[DONE]']))).usage).toEqual({
      promptTokens: null,
      completionTokens: null,
      reasoningTokens: null,
      cachedPromptTokens: null,
    });
  });

  it('reads the details of the usage', async () => {
    const detailed = {
      choices: [],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 8,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    };
    expect((await collect(text([content('a'), stop, detailed, '[DONE]']))).usage).toEqual({
      promptTokens: 9,
      completionTokens: 8,
      reasoningTokens: 5,
      cachedPromptTokens: 4,
    });
  });

  it('fails after the pieces that came before the failure, and settles once', async () => {
    const { stream, settled } = play([Buffer.from(text([role, content('a')]))], new Error('reset'));
    const kinds: string[] = [];
    await expect(
      (async () => {
        for await (const delta of stream) kinds.push(delta.kind);
      })(),
    ).rejects.toThrow('reset');
    expect(kinds).toEqual(['open', 'content']);
    expect(settled).toHaveLength(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('closes the connection when the reader leaves, and not when all was read', async () => {
    const left = play([Buffer.from(text([role, content('a')]))], 'open');
    for await (const delta of left.stream) if (delta.kind === 'open') break;
    expect(left.cancelled).toHaveLength(1);
    const read = play([Buffer.from(whole)]);
    await collectGeneration(read.stream);
    expect(read.cancelled).toEqual([]);
    expect(read.settled).toEqual([null]);
  });

  it('does not start after an abort', async () => {
    const { stream, settled } = play([Buffer.from(whole)]);
    stream.abort(new Error('not wanted'));
    await expect(stream.next()).rejects.toThrow('not wanted');
    expect(settled).toHaveLength(1);
  });

  it('keeps the body of a failed response within bounds and never shows the key', async () => {
    const chunks = Array.from({ length: 50 }, () => Buffer.alloc(10_000, 'sk-secret '));
    const error: unknown = await collectGeneration(play(chunks, 'end', 500).stream).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'E_ENGINE_SERVER' });
    expect(String(error).length).toBeLessThan(1000);
    expect(String(error)).not.toContain('sk-secret');
  });
});
