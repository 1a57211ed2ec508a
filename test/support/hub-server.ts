import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something that goes wrong with one content request. */
export type HubFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Breaks the connection after so many bytes of the body. */
  | { readonly kind: 'drop'; readonly afterBytes: number }
  /** Falls silent after so many bytes of the body, or before the headers when null. */
  | { readonly kind: 'stall'; readonly afterBytes: number | null }
  /** Answers 200 with the whole file whatever the range. */
  | { readonly kind: 'ignore_range' }
  /** Answers 206 with another part than the one asked for. */
  | { readonly kind: 'other_range' }
  /** Sends the file in pieces of this size with a pause between. */
  | { readonly kind: 'slow'; readonly pieceBytes: number; readonly pauseMs: number }
  /** Answers with something that is not HTTP. */
  | { readonly kind: 'garbage' }
  /** Promises more bytes than any disk holds. */
  | { readonly kind: 'huge' };

export interface SeenRequest {
  readonly server: 'hub' | 'cdn';
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

/** A loopback hub that redirects to a content server of its own, as the real one does. */
export interface HubServer {
  readonly endpoint: string;
  /** Content by path of the resolve URL; replace one to change the file. */
  readonly files: Map<string, Buffer>;
  /** Used up one by each content request. */
  readonly faults: HubFault[];
  readonly seen: SeenRequest[];
  /** What the hub itself answers with instead of a redirect; null to redirect. */
  hubStatus: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | null;
  /** Token without which the hub answers 401; null asks for none. */
  requiredToken: string | null;
  /** False to serve small files as the hub does: no redirect, a git hash as ETag. */
  linked: boolean;
  close(): Promise<void>;
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

async function sendBody(response: ServerResponse, body: Buffer, fault: HubFault | undefined): Promise<void> {
  if (fault?.kind === 'drop') {
    response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
  } else if (fault?.kind === 'stall') {
    response.write(body.subarray(0, fault.afterBytes ?? 0));
  } else if (fault?.kind === 'slow') {
    for (let start = 0; start < body.length && !response.destroyed; start += fault.pieceBytes) {
      response.write(body.subarray(start, start + fault.pieceBytes));
      await sleep(fault.pauseMs);
    }
    response.end();
  } else {
    response.end(body);
  }
}

async function serveContent(
  request: IncomingMessage,
  response: ServerResponse,
  { content, etag, fault }: { readonly content: Buffer; readonly etag: string; readonly fault: HubFault | undefined },
): Promise<void> {
  if (fault?.kind === 'garbage') {
    request.socket.end('SSH-2.0-not-http\r\n\r\n');
    return;
  }
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, fault.headers ?? {}).end();
    return;
  }
  if (fault?.kind === 'stall' && fault.afterBytes === null) return;
  if (fault?.kind === 'huge') {
    response.writeHead(200, { 'content-length': String(2 ** 52), etag }).write('x');
    return;
  }
  const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const starts: Readonly<Record<string, number>> = { ignore_range: 0, other_range: asked - 1000 };
  const start = starts[fault?.kind ?? ''] ?? asked;
  if (start >= content.length && start > 0) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}`, etag }).end();
    return;
  }
  const body = content.subarray(start);
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, { etag, 'content-length': body.length, ...(start > 0 ? range : {}) });
  await sendBody(response, body, fault);
}

/** Starts the loopback hub and its content server. */
export async function startHubServer(): Promise<HubServer> {
  const files = new Map<string, Buffer>();
  const faults: HubFault[] = [];
  const seen: SeenRequest[] = [];
  const note = (server: 'hub' | 'cdn', request: IncomingMessage): string => {
    const path = decodeURIComponent(request.url ?? '');
    const { range = null, authorization = null } = request.headers;
    seen.push({ server, path, range, authorization });
    return path;
  };
  const serve = (path: string, request: IncomingMessage, response: ServerResponse, quote: string): void => {
    const content = files.get(path);
    if (!content) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound', 'x-error-message': 'Entry not found' }).end();
      return;
    }
    const etag = `${quote}${createHash('sha1').update(content).digest('hex')}"`;
    void serveContent(request, response, { content, etag, fault: faults.shift() });
  };
  const cdn = createServer((request, response) => serve(note('cdn', request), request, response, 'W/"'));
  const cdnAddress = await listen(cdn);
  const hub = createServer((request, response) => {
    const path = note('hub', request);
    if (server.hubStatus) {
      response.writeHead(server.hubStatus.status, server.hubStatus.headers).end();
      return;
    }
    if (server.requiredToken !== null && request.headers.authorization !== `Bearer ${server.requiredToken}`) {
      response.writeHead(401, { 'x-error-code': 'GatedRepo', 'x-error-message': 'Access is restricted' }).end();
      return;
    }
    const content = files.get(path);
    if (!content || !server.linked) {
      serve(path, request, response, '"');
      return;
    }
    response
      .writeHead(302, {
        location: cdnAddress.replace('127.0.0.1', 'localhost') + (request.url ?? ''),
        'x-linked-etag': `"${createHash('sha256').update(content).digest('hex')}"`,
        'x-linked-size': String(content.length),
        'x-repo-commit': 'c0ffee',
      })
      .end('redirecting');
  });
  const server: HubServer = {
    endpoint: await listen(hub),
    files,
    faults,
    seen,
    hubStatus: null,
    requiredToken: null,
    linked: true,
    close: async () => {
      await Promise.all([stop(hub), stop(cdn)]);
    },
  };
  return server;
}
