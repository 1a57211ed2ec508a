import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { openDatasetReader } from './open-dataset-reader.ts';
import { openUnpackedCache } from './unpacked-cache.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qe-reader-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const readerOf = (path: string, content: Uint8Array): DatasetReader => {
  const file = {
    name: 'f',
    path,
    sha256: sha256Of(content),
    sizeBytes: content.length,
    verified: true,
    origin: 'cache',
  };
  return openDatasetReader(new Map([['f', file]]), { unpacked: openUnpackedCache(folder) });
};

const reader = (content: string | Uint8Array): DatasetReader => {
  const path = join(folder, 'data.bin');
  const bytes = Buffer.from(content);
  writeFileSync(path, bytes);
  return readerOf(path, bytes);
};

const coded = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.stringMatching(/./) });

describe('text formats', () => {
  it('reads JSON Lines with byte order mark, blank lines and CRLF, packed or not', async () => {
    const text = '\uFEFF{"a":1}\r\n\r\n{"a":"é"}\r\n';
    const records = [{ a: 1 }, { a: 'é' }];
    expect(await reader(text).jsonLines('f')).toEqual(records);
    expect(await reader(gzipSync(text)).jsonLines('f')).toEqual(records);
    expect(await reader(zipSync({ 'x.jsonl': Buffer.from(text) })).jsonLines('f')).toEqual(records);
  });

  it('reads a JSON document', async () => {
    expect(await reader('\uFEFF{"a": [1]}').json('f')).toEqual({ a: [1] });
    await expect(reader('{"a": [1}').json('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'data.bin: is not a JSON document'),
    );
  });

  it('reads CSV with and without header', async () => {
    const text = 'q,a\n"1,\n2",3\n';
    expect(await reader(text).csv('f', { header: false })).toEqual([
      ['q', 'a'],
      ['1,\n2', '3'],
    ]);
    expect(await reader(text).csv('f', { header: true })).toEqual([['1,\n2', '3']]);
  });

  it('names file and line of what cannot be read', async () => {
    await expect(reader('{}\n{"a":}').jsonLines('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'data.bin: line 2 is not JSON'),
    );
    await expect(reader(Buffer.from([0x7b, 0x7d, 0x0a, 0x22, 0xff, 0x22])).jsonLines('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'data.bin: line 2 is not UTF-8 text (byte 4)'),
    );
  });

  it.each(['', '\uFEFF', '\n \n'])('refuses a file without records (%j)', async (content) => {
    await expect(reader(content).jsonLines('f')).rejects.toEqual(
      coded('E_DATASET_EMPTY', 'data.bin: holds no records'),
    );
  });

  it('refuses a header without rows', async () => {
    await expect(reader('q,a\n').csv('f', { header: true })).rejects.toEqual(coded('E_DATASET_EMPTY', 'data.bin'));
  });
});

describe('zip', () => {
  it('gives the files of an archive by path', async () => {
    const members = await reader(zipSync({ a: { 'b.csv': Buffer.from('1,2') }, 'c.txt': Buffer.from('') })).zip('f');
    expect([...members].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['a/b.csv', '1,2'],
      ['c.txt', ''],
    ]);
  });

  it('refuses what is no archive', async () => {
    await expect(reader('plain').zip('f')).rejects.toEqual(coded('E_DATASET_INVALID', 'cut off zip file'));
  });
});

describe('Parquet', () => {
  const makeParquet = async (query: string, compression: string): Promise<string> => {
    const path = join(folder, `${compression}.parquet`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${compression})`);
    connection.closeSync();
    instance.closeSync();
    return path;
  };

  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])('reads %s columns', async (compression) => {
    const path = await makeParquet(
      `SELECT 'q' || i AS question, i::BIGINT AS id, [i, i + 1] AS list, {text: ['é'], label: NULL} AS choices,
       9007199254740993::BIGINT AS big, DATE '2024-05-06' AS day, i % 2 = 0 AS even, 0.5::DOUBLE AS half
       FROM range(3000) t(i)`,
      compression,
    );
    const rows = await readerOf(path, readFileSync(path)).parquet('f');
    expect(rows).toHaveLength(3000);
    expect(rows[2999]).toEqual({
      question: 'q2999',
      id: 2999,
      list: [2999, 3000],
      choices: { text: ['é'], label: null },
      big: '9007199254740993',
      day: '2024-05-06T00:00:00.000Z',
      even: false,
      half: 0.5,
    });
  });

  it('gives its rows where JSON Lines are asked for', async () => {
    const path = await makeParquet(`SELECT 1 AS a`, 'snappy');
    expect(await readerOf(path, readFileSync(path)).jsonLines('f')).toEqual([{ a: 1 }]);
  });

  it('refuses damaged files, files without rows and claims of billions of rows', async () => {
    const path = await makeParquet(`SELECT 'x' || i AS a FROM range(1000) t(i)`, 'snappy');
    const bytes = readFileSync(path);
    await expect(reader(bytes.subarray(0, 500)).parquet('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'damaged or cut off parquet file'),
    );
    await expect(reader('no parquet at all').parquet('f')).rejects.toEqual(coded('E_DATASET_INVALID', 'parquet'));
    const empty = await makeParquet(`SELECT 1 AS a WHERE false`, 'gzip');
    await expect(readerOf(empty, readFileSync(empty)).parquet('f')).rejects.toEqual(coded('E_DATASET_EMPTY', ''));
    const many = await makeParquet(`SELECT 1 AS a FROM range(6000000)`, 'zstd');
    await expect(readerOf(many, readFileSync(many)).parquet('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'more than'),
    );
  });
});

describe('what is on disk', () => {
  it('notices that a file was changed after it was verified', async () => {
    const changed = reader('[1]');
    writeFileSync(join(folder, 'data.bin'), '[2]');
    await expect(changed.jsonLines('f')).rejects.toEqual(coded('E_DATASET_HASH', 'was changed while it was in use'));
  });

  it('says which file cannot be read and which was not loaded', async () => {
    const gone = readerOf(join(folder, 'gone.jsonl'), Buffer.from(''));
    await expect(gone.text('f')).rejects.toEqual(coded('E_FILE_UNREADABLE', 'gone.jsonl cannot be read'));
    await expect(gone.text('other')).rejects.toEqual(coded('E_DATASET_MISSING', '"other"'));
  });

  it('refuses a file larger than the limit before reading it', async () => {
    const path = join(folder, 'large.txt');
    writeFileSync(path, 'x'.repeat(100));
    const file = { name: 'f', path, sha256: '', sizeBytes: 100, verified: true, origin: 'cache' };
    await expect(openDatasetReader(new Map([['f', file]]), { maxBytes: 99 }).text('f')).rejects.toEqual(
      coded('E_DATASET_INVALID', 'holds more than the 99 bytes'),
    );
  });
});

describe('unpacked bzip2', () => {
  const packed = Buffer.from('QlpoOTFBWSZTWbEj3kMAAANZgAAQQAQQABJkwBAgADEDQNAgAaaRA6tsgoT4u5IpwoSFiR7yGA==', 'base64');

  it('is kept, and unpacked anew when the kept copy was damaged', async () => {
    expect(await reader(packed).text('f')).toBe('hello, bzip2\n');
    const kept = readdirSync(join(folder, 'unpacked'));
    expect(kept).toEqual([`${sha256Of(packed)}.${sha256Of(Buffer.from('hello, bzip2\n'))}`]);
    expect(openUnpackedCache(folder).read(sha256Of(packed), 100)).toEqual(Buffer.from('hello, bzip2\n'));
    expect(openUnpackedCache(folder).read(sha256Of(packed), 5)).toBeNull();
    writeFileSync(join(folder, 'unpacked', kept[0] ?? ''), 'forged');
    expect(openUnpackedCache(folder).read(sha256Of(packed), 100)).toBeNull();
    expect(await reader(packed).text('f')).toBe('hello, bzip2\n');
    expect(readdirSync(join(folder, 'unpacked'))).toEqual(kept);
  });
});
