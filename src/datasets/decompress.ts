import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { QwenEvalError } from '../core/errors.ts';
import { type ContentLimit, damaged, tooLarge } from './content-fault.ts';
import { detectContainer } from './detect-container.ts';
import { readZip } from './read-zip.ts';

/** Bytes written between two looks at the event loop: a block of bzip2 takes a tenth of a second. */
const sliceBytes = 256 * 1024;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Collects chunks up to the limit. */
class Chunks {
  readonly #limit: ContentLimit;
  readonly #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(limit: ContentLimit) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > this.#limit.maxBytes) throw tooLarge(this.#limit);
    this.#chunks.push(chunk);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#sizeBytes);
  }
}

async function decompressBzip2(bytes: Uint8Array, limit: ContentLimit): Promise<Uint8Array> {
  const { default: unbzip2Stream } = await import('unbzip2-stream');
  const chunks = new Chunks(limit);
  const failures: Error[] = [];
  const stream = unbzip2Stream()
    .on('data', (chunk) => chunks.add(chunk))
    .on('error', (error) => failures.push(error));
  for (let start = 0; start < bytes.length && failures.length === 0; start += sliceBytes) {
    stream.write(bytes.subarray(start, start + sliceBytes));
    await breathe();
  }
  if (failures.length === 0) stream.end();
  if (failures[0]) throw failures[0];
  return chunks.bytes();
}

async function decompressZstd(bytes: Uint8Array, limit: ContentLimit): Promise<Uint8Array> {
  const { Decompress } = await import('fzstd');
  const chunks = new Chunks(limit);
  const stream = new Decompress((chunk) => chunks.add(chunk));
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    const end = start + sliceBytes;
    stream.push(bytes.subarray(start, end), end >= bytes.length);
    await breathe();
  }
  return chunks.bytes();
}

async function decompressGzip(bytes: Uint8Array, limit: ContentLimit): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: limit.maxBytes });
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limit) : cause;
  }
}

async function onlyMember(bytes: Uint8Array, limit: ContentLimit): Promise<Uint8Array> {
  const members = await readZip(bytes, limit);
  const [only] = members.values();
  if (only !== undefined && members.size === 1) return only;
  throw new QwenEvalError(
    'E_DATASET_INVALID',
    `${limit.source}: is an archive of ${members.size} files, not one file`,
    {
      hint: 'use the original file',
      details: { source: limit.source, members: members.size },
    },
  );
}

/**
 * Unpacks gzip, bzip2, zstd and one-member zip by their magic bytes; anything else is returned as it is. Throws E_DATASET_INVALID
 * naming `source` when the packing is damaged or the content is larger than `maxBytes`.
 */
export async function decompress(bytes: Uint8Array, limit: ContentLimit): Promise<Uint8Array> {
  const container = detectContainer(bytes);
  if (bytes.length > limit.maxBytes) throw tooLarge(limit);
  try {
    if (container === 'gzip') return await decompressGzip(bytes, limit);
    if (container === 'bzip2') return await decompressBzip2(bytes, limit);
    if (container === 'zstd') return await decompressZstd(bytes, limit);
    if (container === 'zip') return await onlyMember(bytes, limit);
    return bytes;
  } catch (cause) {
    throw damaged(container, limit.source, cause);
  }
}
