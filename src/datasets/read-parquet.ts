import { type ContentLimit, damaged, tooLarge } from './content-fault.ts';

/** Rows that a file within the size limit can be expected to have; run-length coding can claim far more. */
const maxRows = 5_000_000;

/** JSON-like value of a Parquet cell: 64-bit integers become numbers where exact, else their digits; dates become ISO text. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
  return value;
}

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const parsers = { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && strictText.decode(bytes) };

/** Rows of a Parquet file by column name; throws E_DATASET_INVALID when it is damaged or larger than `maxBytes`. */
export async function readParquet(
  bytes: Uint8Array,
  limit: ContentLimit,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(file, { geoparquet: false });
    const claimedBytes = metadata.row_groups.reduce((sum, group) => sum + group.total_byte_size, 0n);
    if (claimedBytes > BigInt(limit.maxBytes) || metadata.num_rows > BigInt(maxRows)) throw tooLarge(limit);
    const rows = await parquetReadObjects({ file, metadata, compressors, parsers, utf8: false, geoparquet: false });
    return rows.map((row) => plainValue(row) as Record<string, unknown>);
  } catch (cause) {
    throw damaged('parquet', limit.source, cause);
  }
}
