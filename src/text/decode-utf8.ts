import { QwenEvalError } from '../core/errors.ts';

const lineFeed = 0x0a;

/** Index of the first byte that makes the text invalid; a character cut off at the very end counts as its last byte. */
function invalidByteOffset(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return invalid - 1;
}

function encodingHint(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return `save it as UTF-8${utf16 ? ' (it starts with a UTF-16 byte order mark)' : ''} or use the original file`;
}

/** Decodes UTF-8 without its byte order mark; throws E_DATASET_INVALID naming `source`, line and byte (0-based) otherwise. */
export function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const byte = invalidByteOffset(bytes);
    const line = bytes.subarray(0, byte).reduce((count, value) => (value === lineFeed ? count + 1 : count), 1);
    throw new QwenEvalError('E_DATASET_INVALID', `${source}: line ${line} is not UTF-8 text (byte ${byte})`, {
      hint: encodingHint(bytes),
      details: { source, line, byte },
      cause,
    });
  }
}
