import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HubServer, startHubServer } from '../../test/support/hub-server.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { HubLocation } from '../core/ports/dataset.ts';
import type { DownloadProgress } from './download-file.ts';
import { type HubOptions, openHub } from './open-hub.ts';
import { ownCachePath } from './hub-location.ts';

const content = randomBytes(700_000);
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const sha256 = sha256Of(content);
const location: HubLocation = { repository: 'org/set', kind: 'dataset', revision: 'v1', path: 'main/test 1.parquet' };
const model: HubLocation = { repository: 'org/model', kind: 'model', revision: 'r1', path: 'm.gguf' };
const resolvePath = '/datasets/org/set/resolve/v1/main/test 1.parquet';

let server: HubServer;
let cacheDir: string;
const optionsOf = (more: Partial<HubOptions> = {}): HubOptions => ({
  cacheDir,
  hfCacheDir: null,
  offline: false,
  hfEndpoint: server.endpoint,
  hfToken: null,
  patience: { stallMs: 300, maxFailures: 4, pauseMs: 5 },
  ...more,
});
const fetchIt = (more: Partial<HubOptions> = {}, expected: readonly string[] | null = [sha256]) =>
  openHub(optionsOf(more)).fetchFile(location, { sha256: expected });
const faultOf = async (promise: Promise<unknown>): Promise<QwenEvalError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(QwenEvalError);
  return error as QwenEvalError;
};
const cacheFiles = (): string[] =>
  (readdirSync(join(cacheDir, 'datasets'), { recursive: true }) as string[]).filter((name) => /test 1/.test(name));

beforeEach(async () => {
  server = await startHubServer();
  server.files.set(resolvePath, content);
  server.files.set('/org/model/resolve/r1/m.gguf', content);
  cacheDir = mkdtempSync(join(tmpdir(), 'qe-hub-'));
});
afterEach(async () => {
  await server.close();
  rmSync(cacheDir, { recursive: true });
});

describe('fetching from the hub', () => {
  it('follows the redirect, verifies, caches, and asks no second time', async () => {
    const first = await fetchIt();
    expect(first).toMatchObject({ sha256, sizeBytes: content.length, origin: 'hub' });
    expect(readFileSync(first.path).equals(content)).toBe(true);
    expect(server.seen.map(({ server: name }) => name)).toEqual(['hub', 'cdn']);
    expect(await fetchIt()).toEqual({ ...first, origin: 'cache' });
    expect(await fetchIt({ offline: true })).toEqual({ ...first, origin: 'cache' });
    expect(server.seen).toHaveLength(2);
    expect(cacheFiles()).toHaveLength(1);
  });

  it('gives the token to the hub and to no other host', async () => {
    server.requiredToken = 'hf_secret';
    await fetchIt({ hfToken: 'hf_secret' });
    expect(server.seen).toMatchObject([
      { server: 'hub', authorization: 'Bearer hf_secret' },
      { server: 'cdn', authorization: null },
    ]);
  });

  it('fetches models to a place of their own and takes the hash that the hub names', async () => {
    const hub = openHub(optionsOf());
    const file = await hub.fetchFile(model, { sha256: null });
    expect(file).toMatchObject({ sha256, origin: 'hub' });
    expect(file.path).toBe(join(cacheDir, 'models', 'models--org--model', 'r1', 'm.gguf'));
    expect(hub.localPaths(model)).toEqual([file.path]);
  });

  it('fetches small files that the hub serves itself', async () => {
    server.linked = false;
    expect(await fetchIt({}, null)).toMatchObject({ sha256, origin: 'hub' });
    expect(server.seen).toHaveLength(1);
  });

  it('reports progress up to the whole file', async () => {
    const steps: DownloadProgress[] = [];
    await openHub(optionsOf()).fetchFile(location, { sha256: [sha256], onProgress: (step) => steps.push(step) });
    const received = steps.map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect(steps.at(-1)).toEqual({
      title: 'org/set/main/test 1.parquet at v1',
      receivedBytes: content.length,
      totalBytes: content.length,
    });
  });

  it('uses what the Hugging Face libraries have in their cache, a branch followed to its commit', async () => {
    const hfCacheDir = join(cacheDir, 'hf');
    const folder = join(hfCacheDir, 'datasets--org--set');
    for (const path of ['refs', 'blobs', 'snapshots/abc/main']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'refs', 'v1'), 'abc\n');
    writeFileSync(join(folder, 'blobs', sha256), content);
    const snapshot = join(folder, 'snapshots', 'abc', 'main', 'test 1.parquet');
    symlinkSync(join('..', '..', '..', 'blobs', sha256), snapshot);
    expect(await fetchIt({ hfCacheDir, offline: true })).toMatchObject({ path: snapshot, sha256, origin: 'cache' });
    expect(server.seen).toEqual([]);
  });

  it('does not use the network when it must not', async () => {
    expect(await faultOf(fetchIt({ offline: true }))).toMatchObject({
      code: 'E_OFFLINE',
      hint: expect.stringContaining('--offline'),
    });
    expect(server.seen).toEqual([]);
  });

  it('lets one of several download and gives all the file', async () => {
    server.faults.push({ kind: 'slow', pieceBytes: 100_000, pauseMs: 20 });
    const files = await Promise.all([fetchIt(), fetchIt(), fetchIt()]);
    expect(files.map((file) => file.sha256)).toEqual([sha256, sha256, sha256]);
    expect(server.seen.filter(({ server: name }) => name === 'cdn')).toHaveLength(1);
  });

  it.each(['../x', 'a//b', '/etc/passwd', 'a\\b', '.'])('refuses the path %j', async (path) => {
    const fetch = openHub(optionsOf()).fetchFile({ ...location, path }, { sha256: null });
    expect(await faultOf(fetch)).toMatchObject({ code: 'E_HUB' });
    expect(server.seen).toEqual([]);
  });
});

describe('faults that pass', () => {
  const lastRange = () => server.seen.at(-1)?.range;

  it('goes on where a broken connection stopped', async () => {
    server.faults.push({ kind: 'drop', afterBytes: 300_000 }, { kind: 'drop', afterBytes: 200_000 });
    expect(await fetchIt()).toMatchObject({ sha256 });
    const starts = server.seen.filter(({ server: name }) => name === 'cdn').map(({ range }) => range);
    expect(starts[0]).toBeNull();
    expect(starts).toHaveLength(3);
    expect(Number(/\d+/.exec(starts[2] ?? '')?.[0])).toBeGreaterThan(300_000);
  });

  it('survives silence before the headers and within the body', async () => {
    server.faults.push({ kind: 'stall', afterBytes: null }, { kind: 'stall', afterBytes: 100_000 });
    expect(await fetchIt()).toMatchObject({ sha256 });
    expect(server.seen.filter(({ server: name }) => name === 'cdn')).toHaveLength(3);
  });

  it('tries again after a server error and does as long as the server asks', async () => {
    server.faults.push(
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    );
    const started = performance.now();
    expect(await fetchIt()).toMatchObject({ sha256 });
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('starts over when the server does not know ranges', async () => {
    server.faults.push({ kind: 'drop', afterBytes: 300_000 }, { kind: 'ignore_range' });
    expect(await fetchIt()).toMatchObject({ sha256 });
    expect(lastRange()).toMatch(/^bytes=\d+-$/);
  });

  it('takes up the partial file of an earlier process', async () => {
    server.faults.push({ kind: 'drop', afterBytes: 400_000 });
    await faultOf(fetchIt({ patience: { stallMs: 300, maxFailures: 1, pauseMs: 5 } }));
    expect(cacheFiles().map((name) => name.split('test 1')[1])).toEqual(['.parquet.part', '.parquet.part.id']);
    expect(await fetchIt()).toMatchObject({ sha256 });
    expect(Number(/\d+/.exec(lastRange() ?? '')?.[0])).toBeGreaterThan(0);
    expect(cacheFiles()).toHaveLength(1);
  });

  it.each([true, false])(
    'starts over when the partial file belongs to other content (redirected: %s)',
    async (linked) => {
      server.linked = linked;
      server.faults.push({ kind: 'drop', afterBytes: 400_000 });
      await faultOf(fetchIt({ patience: { stallMs: 300, maxFailures: 1, pauseMs: 5 } }, null));
      const next = randomBytes(500_000);
      server.files.set(resolvePath, next);
      expect(await fetchIt({}, null)).toMatchObject({ sha256: sha256Of(next) });
      expect(lastRange()).toBeNull();
    },
  );

  it('starts over when the server sends another part than the one asked for', async () => {
    server.linked = false;
    server.faults.push({ kind: 'drop', afterBytes: 400_000 }, { kind: 'other_range' });
    expect(await fetchIt({}, null)).toMatchObject({ sha256 });
    expect(lastRange()).toBeNull();
  });

  it.each([null, [sha256]])('starts over when the partial file is damaged (sha256 given: %j)', async (expected) => {
    const path = ownCachePath(cacheDir, location);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, randomBytes(1000));
    expect(await fetchIt({}, expected)).toMatchObject({ sha256 });
  });

  it.each([content, Buffer.concat([content, Buffer.alloc(9)])])(
    'finishes a partial file that lacks nothing or is too long',
    async (left) => {
      const path = ownCachePath(cacheDir, location);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.part`, left);
      expect(await fetchIt()).toMatchObject({ sha256 });
    },
  );

  it('takes over the lock of a process that is gone', async () => {
    const lock = `${ownCachePath(cacheDir, location)}.lock`;
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 30, host: hostname(), id: 'x' }));
    expect(await fetchIt()).toMatchObject({ sha256 });
    expect(existsSync(lock)).toBe(false);
  });
});

describe('faults that stay', () => {
  it('refuses content of another hash, names both and leaves nothing', async () => {
    const other = randomBytes(1000);
    server.files.set(resolvePath, other);
    const fault = await faultOf(fetchIt());
    expect(fault.code).toBe('E_DATASET_HASH');
    expect(fault.message).toContain(sha256);
    expect(fault.message).toContain(sha256Of(other));
    expect(cacheFiles()).toEqual([]);
    server.files.set('/org/model/resolve/r1/m.gguf', other);
    const fetchModel = openHub(optionsOf()).fetchFile(model, { sha256: [sha256] });
    expect(await faultOf(fetchModel)).toMatchObject({ code: 'E_MODEL_FILE' });
  });

  it('explains a gated repository without showing the token', async () => {
    server.requiredToken = 'right';
    const fault = await faultOf(fetchIt({ hfToken: 'hf_wrong' }));
    expect(fault).toMatchObject({ code: 'E_HUB', retryable: false, details: { kind: 'access', status: 401 } });
    expect(fault.hint).toBe(
      `accept the conditions at ${server.endpoint}/datasets/org/set and set HF_TOKEN to a token of that account`,
    );
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain('hf_wrong');
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    [401, 'access', 'set HF_TOKEN'],
    [403, 'access', 'set HF_TOKEN'],
    [404, 'absent', 'check the repository'],
    [418, 'request', 'check HF_ENDPOINT'],
  ])('gives up at once on HTTP %i', async (status, kind, hint) => {
    server.hubStatus = { status, headers: {} };
    const fault = await faultOf(fetchIt());
    expect(fault).toMatchObject({ code: 'E_HUB', details: { kind, status }, hint: expect.stringContaining(hint) });
    expect(fault.message).toContain('org/set/main/test 1.parquet at v1');
    expect(server.seen).toHaveLength(1);
  });

  it('gives up after as many failures in a row as it may', async () => {
    server.hubStatus = { status: 502, headers: {} };
    expect(await faultOf(fetchIt())).toMatchObject({ code: 'E_HUB', retryable: true, details: { kind: 'server' } });
    expect(server.seen).toHaveLength(4);
  });

  it('does not follow redirects for ever', async () => {
    server.hubStatus = { status: 302, headers: { location: resolvePath.replace(' ', '%20') } };
    expect(await faultOf(fetchIt())).toMatchObject({ code: 'E_HUB', details: { kind: 'redirect' } });
    expect(server.seen).toHaveLength(11);
  });

  it('says that a server that is silent is silent', async () => {
    server.faults.push(...Array.from({ length: 4 }, () => ({ kind: 'stall', afterBytes: null }) as const));
    const fault = await faultOf(fetchIt());
    expect(fault).toMatchObject({ code: 'E_HUB', details: { kind: 'stalled' } });
    expect(fault.message).toContain('no data for 300 ms');
  });

  it('says that an answer that is not HTTP is none', async () => {
    server.faults.push({ kind: 'garbage' });
    expect(await faultOf(fetchIt())).toMatchObject({ code: 'E_HUB', details: { kind: 'request' } });
  });

  it.each([
    ['https', 'tls'],
    ['http', 'unreachable'],
  ])('tells a fault of %s apart (%s)', async (scheme, kind) => {
    const plain = createServer((socket) => socket.end('not tls'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    if (scheme === 'http') await new Promise((resolve) => plain.close(resolve));
    expect(await faultOf(fetchIt({ hfEndpoint: `${scheme}://127.0.0.1:${port}` }))).toMatchObject({
      code: 'E_HUB',
      details: { kind },
    });
    plain.close();
  });

  it('tells a host name that does not exist', async () => {
    expect(await faultOf(fetchIt({ hfEndpoint: 'http://no-such-host.invalid' }))).toMatchObject({
      code: 'E_HUB',
      details: { kind: 'dns' },
      hint: expect.stringContaining('--offline'),
    });
  });

  it('refuses an endpoint that is no address', async () => {
    expect(await faultOf(fetchIt({ hfEndpoint: 'not an address' }))).toMatchObject({ code: 'E_HUB' });
  });

  it('asks for room before it transfers', async () => {
    server.faults.push({ kind: 'huge' });
    const fault = await faultOf(fetchIt());
    expect(fault).toMatchObject({ code: 'E_DISK_FULL', hint: expect.stringContaining('QE_CACHE_DIR') });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full when writing fails', async () => {
    const path = ownCachePath(cacheDir, location);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync('/dev/full', `${path}.part`);
    expect(await faultOf(fetchIt())).toMatchObject({ code: 'E_DISK_FULL', message: expect.stringContaining('ENOSPC') });
  });

  it('says that a cache cannot be written', async () => {
    const blocked = join(cacheDir, 'file');
    writeFileSync(blocked, '');
    expect(await faultOf(fetchIt({ cacheDir: blocked }))).toMatchObject({ code: 'E_OUTPUT_UNWRITABLE' });
  });

  it('stops when it is told to and keeps what it has', async () => {
    server.faults.push({ kind: 'slow', pieceBytes: 50_000, pauseMs: 50 });
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const fetch = openHub(optionsOf()).fetchFile(location, {
      sha256: [sha256],
      signal: controller.signal,
      onProgress: ({ receivedBytes }) => {
        if (receivedBytes > 100_000) controller.abort(reason);
      },
    });
    await expect(fetch).rejects.toBe(reason);
    expect(cacheFiles().filter((name) => name.endsWith('.part'))).toHaveLength(1);
    expect(cacheFiles().filter((name) => name.endsWith('.lock'))).toEqual([]);
  });
});
