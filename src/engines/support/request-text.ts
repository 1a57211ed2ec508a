import type { Pool } from 'undici';
import { onAbort } from './on-abort.ts';
import type { BaseUrl } from './base-url.ts';
import { HttpExchange, type Deadlines } from './http-exchange.ts';
import type { ResponseHeaders } from './retry-after.ts';

export interface TextRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: string[];
  readonly body?: string;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface TextResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

/** Sends a request and reads the whole answer, whatever its status; rejects when there is no complete answer. */
export function requestText(
  endpoint: { readonly pool: Pool; readonly base: BaseUrl },
  request: TextRequest,
): Promise<TextResponse> {
  return new Promise((resolve, reject) => {
    request.signal?.throwIfAborted();
    let status = 0;
    let headers: ResponseHeaders = {};
    const chunks: Buffer[] = [];
    const exchange = new HttpExchange(
      {
        pool: endpoint.pool,
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body ?? null,
        url: endpoint.base.shown,
        deadlines: request.deadlines,
        nowMs: request.nowMs,
      },
      {
        onStatus: (code, fields) => {
          status = code;
          headers = fields;
        },
        onData: (chunk) => void chunks.push(chunk),
        onEnd: () => {
          stopListening();
          resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
        },
        onFailure: (error) => {
          stopListening();
          reject(error);
        },
      },
    );
    const stopListening = onAbort(request.signal, (reason) => exchange.cancel(reason));
    exchange.send();
  });
}
