import { afterEach, describe, expect, it } from 'vitest';
import { engineDependencies } from '../../../test/support/engine-settings.ts';
import { startOpenAiServer, type OpenAiServer } from '../../../test/support/openai-server.ts';
import { parseBaseUrl } from './base-url.ts';
import { openEndpointPool, type EndpointPool } from './endpoint-pool.ts';

const open: (EndpointPool | OpenAiServer)[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

function openPool(urls: readonly string[]) {
  const dependencies = engineDependencies();
  const pool = openEndpointPool({
    baseUrls: urls.map(parseBaseUrl),
    headers: [],
    deadlines: { connectMs: 1000, firstByteMs: null, idleMs: null, totalMs: null },
    dependencies,
    probeAfterMs: 10,
  });
  open.push(pool);
  return { pool, lines: dependencies.lines };
}

const origins = (pool: EndpointPool, count: number): string[] =>
  Array.from({ length: count }, () => pool.acquire().base.origin);

async function eventually(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 300 && !holds(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

describe('openEndpointPool', () => {
  it('spreads requests evenly and prefers the endpoint with fewer in flight', () => {
    const { pool } = openPool(['http://a', 'http://b', 'http://c']);
    const first = origins(pool, 6);
    for (const origin of ['http://a', 'http://b', 'http://c'])
      expect(first.filter((other) => other === origin)).toHaveLength(2);
    const [a] = pool.endpoints;
    if (a === undefined) throw new Error('no endpoint');
    pool.release(a, true);
    expect(pool.acquire()).toBe(a);
  });

  it('leaves an endpoint out after three failures running, not before', () => {
    const { pool, lines } = openPool(['http://127.0.0.1:1', 'http://b']);
    const [sick] = pool.endpoints;
    if (sick === undefined) throw new Error('no endpoint');
    const fail = (healthy: boolean | null): void => {
      sick.outstanding++;
      pool.release(sick, healthy);
    };
    for (const healthy of [false, false, true, false, false, null]) fail(healthy);
    expect(sick.ejected).toBe(false);
    fail(false);
    expect(sick.ejected).toBe(true);
    expect(new Set(origins(pool, 5))).toEqual(new Set(['http://b']));
    expect(lines.map((line) => line.level)).toEqual(['warn']);
  });

  it('never leaves out the only endpoint, and uses sick ones when none is well', () => {
    const single = openPool(['http://a']).pool;
    const [only] = single.endpoints;
    if (only === undefined) throw new Error('no endpoint');
    for (let round = 0; round < 10; round++) single.release(single.acquire(), false);
    expect(only.ejected).toBe(false);
    const { pool } = openPool(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
    for (let round = 0; round < 10; round++) pool.release(pool.acquire(), false);
    expect(pool.endpoints.every((endpoint) => endpoint.ejected)).toBe(true);
    expect(new Set(origins(pool, 4)).size).toBe(2);
  });

  it('takes an endpoint back when a probe succeeds', async () => {
    const server = await startOpenAiServer();
    open.push(server);
    const { pool, lines } = openPool([server.url, 'http://b']);
    const [endpoint] = pool.endpoints;
    if (endpoint === undefined) throw new Error('no endpoint');
    for (let round = 0; round < 3; round++) {
      endpoint.outstanding++;
      pool.release(endpoint, false);
    }
    expect(endpoint.ejected).toBe(true);
    await eventually(() => !endpoint.ejected);
    expect(lines.map((line) => line.level)).toEqual(['warn', 'info']);
  });
});
