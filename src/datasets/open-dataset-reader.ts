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

/** Largest content that is read by default: five times the largest benchmark file, and a text that Node.js can hold. */
export const defaultMaxContentBytes = 256 * 1024 * 1024;

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
    const reason = cause instanceof SyntaxError ? cause.message : String(cause);
    throw new QwenEvalError('E_DATASET_INVALID', `${source}: is not a JSON document: ${reason}`, {
      hint: 'repair the file or use the original',
      details: { source },
      cause,
    });
  }
}

/**
 * Reads found files. Content is hashed again as it is read, so what is parsed is what was verified. Every method rejects with
 * E_DATASET_MISSING for a name that was not loaded, E_DATASET_INVALID naming file and line, or E_DATASET_EMPTY.
 */
export function openDatasetReader(
  files: ReadonlyMap<string, DatasetFile>,
  maxBytes: number = defaultMaxContentBytes,
): DatasetReader {
  const open = async (name: string): Promise<{ readonly bytes: Uint8Array; readonly limit: ContentLimit }> => {
    const file = files.get(name);
    if (!file)
      throw new QwenEvalError('E_DATASET_MISSING', `the data file "${name}" was not found`, {
        hint: 'fetch it with `qwen-eval fetch <task>` or point --data-dir at a folder that holds it',
        details: { name },
      });
    const limit = { source: file.path, maxBytes };
    return { bytes: await readVerified(file, limit), limit };
  };
  const openText = async (name: string): Promise<{ readonly text: string; readonly source: string }> => {
    const { bytes, limit } = await open(name);
    return { text: decodeUtf8(await decompress(bytes, limit), limit.source), source: limit.source };
  };
  const rowsOf = async (
    bytes: Uint8Array,
    limit: ContentLimit,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => notEmpty(await readParquet(bytes, limit), limit.source);
  return {
    files,
    text: async (name) => (await openText(name)).text,
    json: async (name) => {
      const { text, source } = await openText(name);
      return parseJson(text, source);
    },
    jsonLines: async (name) => {
      const { bytes, limit } = await open(name);
      if (detectContainer(bytes) === 'parquet') return rowsOf(bytes, limit);
      const lines = parseJsonLines(decodeUtf8(await decompress(bytes, limit), limit.source), limit.source);
      return notEmpty(
        Array.from(lines, ({ value }) => value),
        limit.source,
      );
    },
    csv: async (name, { header }) => {
      const { text, source } = await openText(name);
      const rows = parseCsv(text, source);
      return notEmpty(header ? withoutCsvHeader(rows, source) : rows, source);
    },
    parquet: async (name) => {
      const { bytes, limit } = await open(name);
      return rowsOf(bytes, limit);
    },
    zip: async (name) => {
      const { bytes, limit } = await open(name);
      return readZip(bytes, limit);
    },
  };
}
