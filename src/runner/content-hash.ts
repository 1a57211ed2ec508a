import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/** sha256 (hex) of a text. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** sha256 (hex) of a value's canonical JSON: equal values have equal hashes. */
export const contentHash = (value: unknown): string => textHash(canonicalJson(value));

/** sha256 (hex) over texts in order, each ended by a zero byte. */
export function sequenceHash(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}
