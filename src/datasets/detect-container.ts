/** How a file's bytes are packed. */
export type Container = 'gzip' | 'bzip2' | 'zip' | 'zstd' | 'parquet' | 'plain';

const startsWith = (bytes: Uint8Array, magic: readonly number[], offset = 0): boolean =>
  magic.every((value, index) => bytes[offset + index] === value);

const isBzip2 = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x42, 0x5a, 0x68]) &&
  (startsWith(bytes, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4) ||
    startsWith(bytes, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], 4));

const isZip = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]);

const isZstd = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd]) ||
  (startsWith(bytes, [0x2a, 0x4d, 0x18], 1) && ((bytes[0] ?? 0) & 0xf0) === 0x50);

/** Tells by the first bytes how a file is packed; its name plays no part. */
export function detectContainer(bytes: Uint8Array): Container {
  if (startsWith(bytes, [0x1f, 0x8b])) return 'gzip';
  if (isBzip2(bytes)) return 'bzip2';
  if (isZip(bytes)) return 'zip';
  if (isZstd(bytes)) return 'zstd';
  if (startsWith(bytes, [0x50, 0x41, 0x52, 0x31])) return 'parquet';
  return 'plain';
}
