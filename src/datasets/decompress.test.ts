import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decompress } from './decompress.ts';
import { detectContainer } from './detect-container.ts';

const limit = { source: 'data.bin', maxBytes: 1_000_000 };
const bytes = fc.uint8Array({ maxLength: 5000 });
const pieces = fc.array(bytes, { minLength: 1, maxLength: 8 });

/** A Zstandard frame of raw and run-length blocks (RFC 8878), which needs no compressor. */
function zstdFrame(blocks: readonly Uint8Array[]): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const parts = blocks.flatMap((block, index) => {
    const isLast = index === blocks.length - 1 ? 1 : 0;
    const isRun = block.length > 0 && block.every((value) => value === block[0]);
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((block.length << 3) | ((isRun ? 1 : 0) << 1) | isLast, 0, 3);
    return [blockHeader, isRun ? block.subarray(0, 1) : block];
  });
  return Buffer.concat([header, ...parts]);
}

/** 'hello, bzip2\n' as the bzip2 program packs it. */
const bzip2 = Buffer.from('QlpoOTFBWSZTWbEj3kMAAANZgAAQQAQQABJkwBAgADEDQNAgAaaRA6tsgoT4u5IpwoSFiR7yGA==', 'base64');

/** Five million zero bytes, likewise. */
const bzip2Bomb = Buffer.from('QlpoOTFBWSZTWabi8/QAJkvAAsAACAAACCAAMMwFKaapEUbAoijxdyRThQkKbi8/QA==', 'base64');

const faultOf = (message: string) =>
  expect.objectContaining({ code: 'E_DATASET_INVALID', message: expect.stringContaining(message) });

describe('decompress', () => {
  it('gives back gzip of one or several members', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
        expect(Buffer.from(await decompress(packed, limit)).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });

  it('gives back zstd however it is cut into blocks and frames', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 3 }), async (frames) => {
        const packed = Buffer.concat(frames.map(zstdFrame));
        expect(Buffer.from(await decompress(packed, limit)).equals(Buffer.concat(frames.flat()))).toBe(true);
      }),
    );
  });

  it('gives back zstd over many slices of input', async () => {
    const blocks = Array.from({ length: 9 }, (_, index) => Buffer.from(`${index}`.repeat(100_001) + 'x'));
    expect(Buffer.from(await decompress(zstdFrame(blocks), limit)).equals(Buffer.concat(blocks))).toBe(true);
  });

  it('unpacks a zip of one file', async () => {
    const packed = zipSync({ folder: { 'a.jsonl': Buffer.from('[1]\n') } });
    expect(Buffer.from(await decompress(packed, limit)).toString()).toBe('[1]\n');
  });

  it('leaves anything else as it is', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (plain) => {
        fc.pre(detectContainer(plain) === 'plain');
        expect(await decompress(plain, limit)).toBe(plain);
      }),
    );
  });

  it('refuses an archive of several files as one file', async () => {
    const packed = zipSync({ a: Buffer.from('1'), b: Buffer.from('2') });
    await expect(decompress(packed, limit)).rejects.toEqual(faultOf('data.bin: is an archive of 2 files'));
  });

  it.each([
    ['gzip', gzipSync(Buffer.from('hello '.repeat(100)))],
    ['zstd', zstdFrame([Buffer.from('hello '.repeat(100))])],
    ['zip', Buffer.from(zipSync({ a: Buffer.from('hello '.repeat(100)) }))],
    ['bzip2', bzip2],
  ])('says that a %s file is cut off', async (container, packed) => {
    expect(detectContainer(packed)).toBe(container);
    const cut = packed.subarray(0, packed.length - 12);
    await expect(decompress(cut, limit)).rejects.toEqual(faultOf(`data.bin: damaged or cut off ${container} file`));
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['zstd', zstdFrame(Array.from({ length: 50 }, () => Buffer.alloc(100_000)))],
    ['zip', Buffer.from(zipSync({ a: new Uint8Array(5_000_000) }))],
    ['bzip2', bzip2Bomb],
    ['plain', Buffer.alloc(1_000_001)],
  ])('stops a %s bomb at the limit', async (container, packed) => {
    expect(detectContainer(packed)).toBe(container);
    if (container !== 'plain') expect(packed.length).toBeLessThan(20_000);
    await expect(decompress(packed, limit)).rejects.toEqual(faultOf('data.bin: holds more than the 1000000 bytes'));
  });

  it('unpacks bzip2 up to the limit', async () => {
    expect(Buffer.from(await decompress(bzip2, limit)).toString()).toBe('hello, bzip2\n');
    await expect(decompress(bzip2, { ...limit, maxBytes: 12 })).rejects.toEqual(faultOf('more than the 12 bytes'));
  });
});
