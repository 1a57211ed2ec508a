import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { HttpExchange, type Deadlines } from './http-exchange.ts';

const none: Deadlines = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };

/** An exchange over a pool that leaves all further steps to the test. */
function open(deadlines: Deadlines, dispatch: (handler: Dispatcher.DispatchHandler) => boolean = () => true) {
  const events: unknown[] = [];
  const aborts: unknown[] = [];
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    abort: (reason: Error) => void aborts.push(reason.message),
    pause: () => {},
    resume: () => {},
  };
  const exchange = new HttpExchange(
    {
      pool: {
        dispatch: (_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => dispatch(handler),
      },
      method: 'POST',
      path: '/',
      headers: [],
      body: '{}',
      url: 'http://host/v1',
      deadlines,
      nowMs: () => 7,
    },
    {
      onSent: (atMs) => void events.push(`sent at ${atMs}`),
      onStatus: (status) => void events.push(status),
      onData: (chunk, atMs) => void events.push([chunk.toString(), atMs]),
      onEnd: () => void events.push('end'),
      onFailure: (error) => void events.push(error),
    },
  );
  exchange.send();
  return { exchange, controller, events, aborts };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('HttpExchange', () => {
  it('gives up a connection that does not stand in time, and closes it when it stands after all', async () => {
    const { exchange, controller, events, aborts } = open({ ...none, connectMs: 10 });
    await wait(60);
    expect(events).toEqual([
      expect.objectContaining({ code: 'E_ENGINE_TIMEOUT', details: { stage: 'connect', deadlineMs: 10 } }),
    ]);
    exchange.onRequestStart(controller);
    expect(aborts).toEqual(['given up before the connection stood']);
    exchange.onResponseStart(controller, 200, {});
    exchange.onResponseError(controller, new Error('aborted'));
    expect(events).toHaveLength(1);
  });

  it('passes a response on and takes no notice of informational ones', () => {
    const { exchange, controller, events } = open({
      ...none,
      connectMs: 1000,
      firstByteMs: 1000,
      idleMs: 1000,
      totalMs: 1000,
    });
    exchange.onRequestStart(controller);
    exchange.onResponseStart(controller, 103, {});
    exchange.onResponseStart(controller, 200, {});
    exchange.onResponseData(controller, Buffer.from('a'));
    exchange.onResponseEnd();
    exchange.cancel(new Error('late'));
    expect(events).toEqual(['sent at 7', 200, ['a', 7], 'end']);
  });

  it('fails once when the request cannot even be handed over', () => {
    const { events } = open(none, () => {
      throw new Error('the pool is closed');
    });
    expect(events).toEqual([expect.objectContaining({ message: 'the pool is closed' })]);
  });

  it('counts every piece as a sign of life', async () => {
    const { exchange, controller, events } = open({ ...none, idleMs: 400 });
    exchange.onRequestStart(controller);
    exchange.onResponseStart(controller, 200, {});
    for (let round = 0; round < 6; round++) {
      exchange.onResponseData(controller, Buffer.from('.'));
      await wait(100);
    }
    exchange.onResponseEnd();
    expect(events.at(-1)).toBe('end');
  });
});
