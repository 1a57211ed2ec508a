import { Pool } from 'undici';
import type { EngineDependencies } from '../../core/ports/engine.ts';
import type { BaseUrl } from './base-url.ts';
import { requestText } from './request-text.ts';
import type { Deadlines } from './http-exchange.ts';

/** One base URL with its connections and its health. */
export interface Endpoint {
  readonly base: BaseUrl;
  readonly pool: Pool;
  /** Requests that were sent and are not answered yet. */
  outstanding: number;
  /** Connection and 5xx failures since the last success. */
  failures: number;
  ejected: boolean;
}

export interface EndpointPool {
  readonly endpoints: readonly Endpoint[];
  /** The healthy endpoint with the fewest outstanding requests; of all when none is healthy. Counts one more on it. */
  acquire(): Endpoint;
  /** Gives an endpoint back and notes whether it was well; null when the outcome says nothing about its health. */
  release(endpoint: Endpoint, healthy: boolean | null): void;
  close(): Promise<void>;
}

export interface EndpointPoolOptions {
  readonly baseUrls: readonly BaseUrl[];
  readonly headers: string[];
  readonly deadlines: Deadlines;
  readonly dependencies: EngineDependencies;
  /** Failures in a row that take an endpoint out. */
  readonly ejectAfter?: number;
  /** Wait before the first probe of an ejected endpoint; doubles up to thirty times this. */
  readonly probeAfterMs?: number;
}

function openEndpoint(base: BaseUrl, connectMs: number | null): Endpoint {
  const pool = new Pool(base.origin, {
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Our own connect deadline comes first; this one only cleans up the socket.
    connect: { timeout: connectMs === null ? 0 : connectMs + 1000 },
  });
  return { base, pool, outstanding: 0, failures: 0, ejected: false };
}

/** Opens connections to every base URL; requests go to the least busy one, and sick ones are left out until a probe succeeds. */
export function openEndpointPool(options: EndpointPoolOptions): EndpointPool {
  const { dependencies, deadlines, ejectAfter = 3, probeAfterMs = 1000 } = options;
  const endpoints = options.baseUrls.map((base) => openEndpoint(base, deadlines.connectMs));
  const timers = new Map<Endpoint, NodeJS.Timeout>();
  let turn = 0;

  const probe = async (endpoint: Endpoint, waitedMs: number): Promise<void> => {
    const answer = await requestText(endpoint, {
      method: 'GET',
      path: `${endpoint.base.apiPath}/models`,
      headers: options.headers,
      deadlines: { connectMs: 5000, firstByteMs: 5000, idleMs: 5000, totalMs: 10_000 },
      nowMs: dependencies.nowMs,
    }).catch(() => null);
    if (!timers.has(endpoint)) return;
    if (answer === null || answer.status >= 500) return scheduleProbe(endpoint, waitedMs * 2);
    timers.delete(endpoint);
    endpoint.ejected = false;
    endpoint.failures = 0;
    dependencies.log('info', `${endpoint.base.shown} answers again`);
  };
  const scheduleProbe = (endpoint: Endpoint, afterMs: number): void => {
    const waitMs = Math.min(afterMs, 30 * probeAfterMs);
    timers.set(endpoint, setTimeout(() => void probe(endpoint, waitMs), waitMs).unref());
  };

  return {
    endpoints,
    acquire: () => {
      const healthy = endpoints.filter((endpoint) => !endpoint.ejected);
      const candidates = healthy.length > 0 ? healthy : endpoints;
      turn = (turn + 1) % candidates.length;
      let best = candidates[turn] as Endpoint;
      for (const endpoint of candidates) if (endpoint.outstanding < best.outstanding) best = endpoint;
      best.outstanding++;
      return best;
    },
    release: (endpoint, healthy) => {
      endpoint.outstanding--;
      if (healthy === true) endpoint.failures = 0;
      if (healthy !== false) return;
      endpoint.failures++;
      if (endpoints.length === 1 || endpoint.ejected || endpoint.failures < ejectAfter) return;
      endpoint.ejected = true;
      dependencies.log(
        'warn',
        `${endpoint.base.shown} failed ${endpoint.failures} times running and is left out for now`,
      );
      scheduleProbe(endpoint, probeAfterMs);
    },
    close: async () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(endpoints.map((endpoint) => endpoint.pool.destroy()));
    },
  };
}
