/** Bytes of one WebAssembly page. */
const pageBytes = 65536;

/** Reads an unsigned LEB128 number; gives it with the offset behind it. */
function readNumber(bytes: Uint8Array, offset: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let shift = 0, at = offset; ; shift += 7, at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return { value, end: at + 1 };
  }
}

/** Writes an unsigned LEB128 number into exactly so many bytes. */
function writeNumber(
  bytes: Uint8Array,
  offset: number,
  number: { readonly value: number; readonly width: number },
): void {
  for (let index = 0; index < number.width; index++) {
    const part = Math.floor(number.value / 2 ** (7 * index)) & 0x7f;
    bytes[offset + index] = index === number.width - 1 ? part : part | 0x80;
  }
}

/**
 * A copy of a WebAssembly binary whose own memory may grow to `maximumBytes` at most, so that the guest meets a MemoryError there.
 * Throws RangeError when the binary has no memory section with a maximum or needs more from the start.
 */
export function limitWasmMemory(binary: Uint8Array, maximumBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(binary);
  const memorySection = 5;
  // A header of eight bytes, then sections: identifier, length, body.
  for (let at = 8; at < bytes.length;) {
    const identifier = bytes[at];
    const { value: length, end: body } = readNumber(bytes, at + 1);
    if (identifier === memorySection) {
      const flags = bytes[readNumber(bytes, body).end] ?? 0;
      const least = readNumber(bytes, readNumber(bytes, body).end + 1);
      const most = readNumber(bytes, least.end);
      const pages = Math.floor(maximumBytes / pageBytes);
      if ((flags & 1) === 0 || pages < least.value || pages > most.value) {
        throw new RangeError(`memory of ${least.value} to ${most.value} pages cannot be limited to ${pages}`);
      }
      writeNumber(bytes, least.end, { value: pages, width: most.end - least.end });
      return bytes;
    }
    at = body + length;
  }
  throw new RangeError('no memory section');
}
