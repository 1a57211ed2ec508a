const quote = 0x22;
const backslash = 0x5c;
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether lists and objects of a JSON text stand more than `limit` deep in each other; text inside strings does not count. Linear. */
export function isNestedDeeper(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (isString) {
      if (byte === backslash) at++;
      else if (byte === quote) isString = false;
    } else if (byte === quote) isString = true;
    else if (opening.has(byte)) {
      if (++depth > limit) return true;
    } else if (closing.has(byte)) depth--;
  }
  return false;
}
