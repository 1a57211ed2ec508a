import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { QwenEvalError } from '../core/errors.ts';
import type { DatasetFile, DatasetReader } from '../core/ports/dataset.ts';
import { decodeUtf8 } from '../text/decode-utf8.ts';
import { parseCsv, withoutCsvHeader } from '../text/parse-csv.ts';
import { parseJsonLines } from '../text/parse-json-lines.ts';
import { type ContentLimit, tooLarge } from './content-fault.ts';
import { decompress } from './decompress.ts';
import { detectContainer } from './detect-container.ts';
import { readParquet } from './read-parquet.ts';
import { readZip } from './read-zip.ts';
import type { UnpackedCache } from './unpacked-cache.ts';

/** How files are read. */
export interface ReaderOptions {
  /** Largest decompressed content of a file in bytes. */
  readonly maxBytes?: number;
  /** Where content that is slow to unpack is kept; absent to unpack it each time. */
  readonly unpacked?: UnpackedCache;
}

/** Largest content that is read by default: thirty times the largest benchmark file, and a text that Node.js can hold. */
const defaultMaxBytes = 256 * 1024 * 1024;

interface OpenFile {
  readonly bytes: Uint8Array;
  readonly limit: ContentLimit;
  readonly sha256: string;
}

const notEmpty = <T>(records: readonly T[], path: string): readonly T[] => {
  if (records.length > 0) return records;
  throw new QwenEvalError('E_DATASET_EMPTY', `${path}: holds no records`, {
    hint: 'fetch the file again or use the original file',
    details: { source: path },
  });
};

async function readVerified(file: DatasetFile, limit: ContentLimit): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    if ((await stat(file.path)).size > limit.maxBytes) throw tooLarge(limit);
    bytes = await readFile(file.path);
  } catch (cause) {
    if (cause instanceof QwenEvalError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QwenEvalError('E_FILE_UNREADABLE', `${file.path} cannot be read: ${reason}`, {
      hint: 'check that the file is still there and its permissions',
      cause,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === file.sha256) return bytes;
  throw new QwenEvalError(
    'E_DATASET_HASH',
    `${file.path} was changed while it was in use: its sha256 was ${file.sha256} and is now ${sha256}`,
    { hint: 'leave the file alone and start again', details: { path: file.path, expected: file.sha256, sha256 } },
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = (cause as SyntaxError).message;
    throw new QwenEvalError('E_DATASET_INVALID', `${source}: is not a JSON document: ${reason}`, {
      hint: 'repair the file or use the original',
      details: { source },
      cause,
    });
  }
}

class FileReader implements DatasetReader {
  readonly files: ReadonlyMap<string, DatasetFile>;
  readonly #maxBytes: number;
  readonly #unpacked: UnpackedCache | null;

  constructor(files: ReadonlyMap<string, DatasetFile>, options: ReaderOptions) {
    this.files = files;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
    this.#unpacked = options.unpacked ?? null;
  }

  async text(name: string): Promise<string> {
    return this.#unpack(await this.#open(name));
  }

  async json(name: string): Promise<unknown> {
    const file = await this.#open(name);
    return parseJson(await this.#unpack(file), file.limit.source);
  }

  async jsonLines(name: string): Promise<readonly unknown[]> {
    const file = await this.#open(name);
    const { bytes, limit } = file;
    if (detectContainer(bytes) === 'parquet') return notEmpty(await readParquet(bytes, limit), limit.source);
    const lines = parseJsonLines(await this.#unpack(file), limit.source);
    return notEmpty(
      Array.from(lines, ({ value }) => value),
      limit.source,
    );
  }

  async csv(name: string, { header }: { readonly header: boolean }): Promise<readonly (readonly string[])[]> {
    const file = await this.#open(name);
    const { source } = file.limit;
    const rows = parseCsv(await this.#unpack(file), source);
    return notEmpty(header ? withoutCsvHeader(rows, source) : rows, source);
  }

  async parquet(name: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { bytes, limit } = await this.#open(name);
    return notEmpty(await readParquet(bytes, limit), limit.source);
  }

  async zip(name: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const { bytes, limit } = await this.#open(name);
    return readZip(bytes, limit);
  }

  async #open(name: string): Promise<OpenFile> {
    const file = this.files.get(name);
    if (!file)
      throw new QwenEvalError('E_DATASET_MISSING', `the data file "${name}" was not found`, {
        hint: 'fetch it with `qwen-eval fetch <task>` or point --data-dir at a folder that holds it',
        details: { name },
      });
    const limit = { source: file.path, maxBytes: this.#maxBytes };
    return { bytes: await readVerified(file, limit), limit, sha256: file.sha256 };
  }

  /** The content as text; bzip2 is slow to unpack in JavaScript, so its content is kept. */
  async #unpack({ bytes, limit, sha256 }: OpenFile): Promise<string> {
    const cache = detectContainer(bytes) === 'bzip2' ? this.#unpacked : null;
    const kept = cache?.read(sha256, limit.maxBytes) ?? null;
    const content = kept ?? (await decompress(bytes, limit));
    if (kept === null) cache?.write(sha256, content);
    return decodeUtf8(content, limit.source);
  }
}

/**
 * Reads found files. Content is hashed again as it is read, so what is parsed is what was verified. Every method rejects with
 * E_DATASET_MISSING for a name that was not loaded, E_DATASET_INVALID naming file and line, or E_DATASET_EMPTY.
 */
export const openDatasetReader = (
  files: ReadonlyMap<string, DatasetFile>,
  options: ReaderOptions = {},
): DatasetReader => new FileReader(files, options);
