import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HubServer, startHubServer } from '../../test/support/hub-server.ts';
import type { Artefact } from '../core/ports/dataset.ts';
import { hashFile } from './hash-index.ts';
import { type DatasetsOptions, openDatasets } from './open-datasets.ts';

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const text = '{"a":1}\n';
const other = '{"a":2}\n';
const newer = '{"a":3}\n';

const artefact: Artefact = {
  name: 'test',
  sha256: [sha256Of(text), sha256Of(newer)],
  fileName: 'test.jsonl',
  licence: 'MIT',
  hub: null,
};
const onHub: Artefact = {
  ...artefact,
  hub: { repository: 'org/set', kind: 'dataset', revision: 'v1', path: 'test.jsonl' },
};
const resolvePath = '/datasets/org/set/resolve/v1/test.jsonl';

let root: string;
let dataDir: string;
let cacheDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qe-data-'));
  dataDir = join(root, 'data');
  cacheDir = join(root, 'cache');
  mkdirSync(dataDir);
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, content: string): string => {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
};
const open = (more: Partial<DatasetsOptions> = {}) =>
  openDatasets({
    dataDir,
    cacheDir,
    offline: true,
    allowUnverified: false,
    hfCacheDir: null,
    hfEndpoint: null,
    hfToken: null,
    patience: { stallMs: 1000, maxFailures: 2, pauseMs: 1 },
    ...more,
  });
const coded = (code: string, ...parts: readonly string[]) =>
  expect.objectContaining({
    code,
    hint: expect.stringMatching(/--data-dir|--allow-unverified-data|permissions/),
    message: expect.stringMatching(parts.map((part) => part.replaceAll(/[.()/]/g, '\\$&')).join('.*')),
  });

describe('finding files', () => {
  it.each(['data/test.jsonl', 'data/deep/er/whatever.bin', 'cache/datasets/x/y'])(
    'takes %s for its content',
    async (path) => {
      put('data/decoy.jsonl', other);
      const full = put(path, text);
      const reader = await open().load([artefact]);
      expect(reader.files.get('test')).toEqual({
        name: 'test',
        path: full,
        sha256: sha256Of(text),
        sizeBytes: 8,
        verified: true,
        origin: path.startsWith('data') ? 'data-dir' : 'cache',
      });
      expect(await reader.jsonLines('test')).toEqual([{ a: 1 }]);
    },
  );

  it('prefers the first hash of an artefact, then the data directory', async () => {
    put('data/test.jsonl', newer);
    const preferred = put('cache/datasets/z', text);
    expect((await open().load([artefact])).files.get('test')?.path).toBe(preferred);
    const own = put('data/other-name', text);
    expect((await open().load([artefact])).files.get('test')?.path).toBe(own);
  });

  it('names both hashes and the file when the content is another', async () => {
    const path = put('data/sub/test.jsonl', other);
    await expect(open().load([artefact])).rejects.toEqual(
      coded('E_DATASET_HASH', path, sha256Of(other), sha256Of(text)),
    );
    expect(await open().locate(artefact)).toMatchObject({ status: 'wrong_hash', fetchable: false });
  });

  it('runs other content when told to, and says so', async () => {
    const path = put('data/test.jsonl', other);
    const reader = await open({ allowUnverified: true }).load([artefact]);
    expect(reader.files.get('test')).toMatchObject({ path, sha256: sha256Of(other), verified: false });
    expect(await reader.jsonLines('test')).toEqual([{ a: 2 }]);
  });

  it('does not guess which of several unverified files is meant', async () => {
    const [a, b] = [put('data/a/test.jsonl', other), put('data/b/test.jsonl', 'third')];
    await expect(open({ allowUnverified: true }).load([artefact])).rejects.toEqual(coded('E_DATASET_HASH', a, b));
  });

  it('tells files of one name apart by their folder', async () => {
    put('data/gold/test.jsonl', other);
    const meant = put('data/set/test.jsonl', 'third');
    const inFolder = { ...artefact, fileName: 'set/test.jsonl' };
    const reader = await open({ allowUnverified: true }).load([inFolder]);
    expect(reader.files.get('test')?.path).toBe(meant);
  });

  it('says where it looked, what for, and how to mend it', async () => {
    await expect(open().load([artefact])).rejects.toEqual(
      coded('E_DATASET_MISSING', dataDir, 'test.jsonl', sha256Of(text)),
    );
    await expect(open({ dataDir: null }).load([onHub], { taskId: 'gsm8k' })).rejects.toMatchObject({
      code: 'E_DATASET_MISSING',
      hint: expect.stringContaining('qwen-eval fetch gsm8k'),
    });
    await expect(open({ dataDir: join(root, 'absent') }).load([artefact])).rejects.toEqual(
      coded('E_DATASET_MISSING', '1 entries could not be searched', 'absent'),
    );
  });

  it('leaves out what is optional and absent, but not what is optional and wrong', async () => {
    const optional = { ...artefact, name: 'train', fileName: 'train.jsonl', sha256: [sha256Of('x')], optional: true };
    put('data/test.jsonl', text);
    const reader = await open().load([artefact, optional]);
    expect([...reader.files.keys()]).toEqual(['test']);
    put('data/train.jsonl', other);
    await expect(open().load([artefact, optional])).rejects.toMatchObject({ code: 'E_DATASET_HASH' });
  });

  it('follows links only to files inside the directory', async () => {
    symlinkSync(put('elsewhere/secret', text), join(dataDir, 'test.jsonl'));
    symlinkSync(join(root, 'elsewhere'), join(dataDir, 'folder'));
    symlinkSync(dataDir, join(dataDir, 'loop'));
    await expect(open().load([artefact])).rejects.toEqual(
      coded('E_DATASET_MISSING', '3 entries could not be searched'),
    );
    put('data/blobs/b', text);
    rmSync(join(dataDir, 'test.jsonl'));
    symlinkSync(join(dataDir, 'blobs', 'b'), join(dataDir, 'test.jsonl'));
    expect((await open().load([artefact])).files.get('test')?.path).toBe(join(dataDir, 'test.jsonl'));
  });

  it('finds a data directory that is itself a link', async () => {
    put('real/test.jsonl', text);
    symlinkSync(join(root, 'real'), join(root, 'link'));
    expect((await open({ dataDir: join(root, 'link') }).load([artefact])).files.size).toBe(1);
  });
});

describe('remembering hashes', () => {
  const indexPath = () => join(cacheDir, 'hash-index.json');

  it('reads no file again that did not change', async () => {
    const path = put('data/renamed', text);
    await open().locate(artefact);
    const index = readFileSync(indexPath(), 'utf8');
    expect(index).toContain(sha256Of(text));
    writeFileSync(indexPath(), index.replace(sha256Of(text), sha256Of(newer)));
    expect(await open().locate(artefact)).toMatchObject({ status: 'found', file: { path, sha256: sha256Of(newer) } });
  });

  it('hashes again what was replaced, even with the old size and modification time', async () => {
    const path = put('data/renamed', text);
    utimesSync(path, 1000, 1000);
    expect(await open().locate(artefact)).toMatchObject({ status: 'found' });
    writeFileSync(path, other);
    utimesSync(path, 1000, 1000);
    expect(await open().locate(artefact)).toMatchObject({ status: 'missing' });
    renameSync(put('data/new', text), path);
    expect(await open().locate(artefact)).toMatchObject({ status: 'found' });
  });

  it.each(['', '{"version":1,"files":{"x":[1]}}', '{"version":2}'])(
    'starts anew from the index %j',
    async (damaged) => {
      put('cache/hash-index.json', damaged);
      put('data/renamed', text);
      expect(await open().locate(artefact)).toMatchObject({ status: 'found' });
      expect(readFileSync(indexPath(), 'utf8')).toContain(sha256Of(text));
    },
  );

  it('works with a cache that cannot be written', async () => {
    put('data/renamed', text);
    expect(await open({ cacheDir: put('blocked', '') }).locate(artefact)).toMatchObject({ status: 'found' });
  });

  it('hashes files of any size piece by piece', async () => {
    for (const size of [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 5]) {
      const content = 'x'.repeat(size);
      expect(await hashFile(put('sized', content))).toBe(sha256Of(content));
    }
  });
});

describe('the hub', () => {
  let server: HubServer;
  beforeEach(async () => {
    server = await startHubServer();
    server.files.set(resolvePath, Buffer.from(text));
  });
  afterEach(() => server.close());
  const online = (more: Partial<DatasetsOptions> = {}) =>
    open({ offline: false, hfEndpoint: server.endpoint, ...more });

  it('fetches what is not here, once', async () => {
    expect(await online().locate(onHub)).toMatchObject({ status: 'missing', fetchable: true });
    expect(server.seen).toEqual([]);
    const reader = await online().load([onHub]);
    expect(reader.files.get('test')).toMatchObject({ verified: true, origin: 'hub' });
    expect(await reader.jsonLines('test')).toEqual([{ a: 1 }]);
    const requests = server.seen.length;
    expect((await open().load([onHub])).files.get('test')).toMatchObject({ verified: true, origin: 'cache' });
    expect((await online().load([onHub])).files.get('test')).toMatchObject({ verified: true, origin: 'cache' });
    expect(server.seen).toHaveLength(requests);
  });

  it('is not asked when the data directory holds the file, nor when it holds a wrong one', async () => {
    const path = put('data/test.jsonl', other);
    await expect(online().load([onHub])).rejects.toEqual(coded('E_DATASET_HASH', path));
    put('data/x', text);
    expect((await online().load([onHub])).files.get('test')).toMatchObject({ origin: 'data-dir' });
    expect(server.seen).toEqual([]);
  });

  it('mends a cached file that was damaged, or says so offline', async () => {
    const path = (await online().load([onHub])).files.get('test')?.path ?? '';
    writeFileSync(path, other);
    await expect(open().load([onHub])).rejects.toEqual(coded('E_DATASET_HASH', path));
    expect(await online().locate(onHub)).toMatchObject({ status: 'wrong_hash', fetchable: true });
    expect((await online().load([onHub])).files.get('test')).toMatchObject({ origin: 'hub', verified: true });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('says which file of the right name cannot be read', async () => {
    const path = join(cacheDir, 'datasets', 'datasets--org--set', 'v1', 'test.jsonl');
    mkdirSync(path, { recursive: true });
    await expect(open().load([onHub])).rejects.toEqual(coded('E_FILE_UNREADABLE', path, 'EISDIR'));
  });

  it('finds a file of the shared cache of the Hugging Face libraries', async () => {
    const path = put('hf/datasets--org--set/snapshots/v1/test.jsonl', text);
    const reader = await open({ hfCacheDir: join(root, 'hf') }).load([onHub]);
    expect(reader.files.get('test')).toMatchObject({ path, origin: 'cache', verified: true });
  });

  it('refuses other content from the hub, and marks it where that is allowed', async () => {
    server.files.set(resolvePath, Buffer.from(other));
    await expect(online().load([onHub])).rejects.toMatchObject({ code: 'E_DATASET_HASH' });
    const reader = await online({ allowUnverified: true }).load([onHub]);
    expect(reader.files.get('test')).toMatchObject({ sha256: sha256Of(other), verified: false });
  });

  it('calls a file missing when there is no network, and names the fault when there is', async () => {
    await expect(open({ offline: false, hfEndpoint: 'http://127.0.0.1:9' }).load([onHub])).rejects.toEqual(
      coded('E_DATASET_MISSING', 'the hub cannot be reached'),
    );
    server.hubStatus = { status: 404, headers: {} };
    await expect(online().load([onHub])).rejects.toMatchObject({ code: 'E_HUB', details: { kind: 'absent' } });
  });
});
