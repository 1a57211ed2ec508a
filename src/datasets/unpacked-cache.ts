import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeCacheFile } from './write-cache-file.ts';

/** Content of files that are slow to unpack (bzip2 in JavaScript: 3 MB/s), by the sha256 of the packed file. */
export interface UnpackedCache {
  /** The content, verified; null when it is not kept, damaged or larger than `maxBytes`. */
  read(sha256: string, maxBytes: number): Uint8Array | null;
  /** Keeps content; a cache that cannot be written is no error, only slower next time. */
  write(sha256: string, content: Uint8Array): void;
}

const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Opens the unpacked content of a cache directory; a file is called `<sha256 of the packed>.<sha256 of the content>`. */
export function openUnpackedCache(cacheDir: string): UnpackedCache {
  const folder = join(cacheDir, 'unpacked');
  return {
    read: (sha256, maxBytes) => {
      try {
        const name = readdirSync(folder).find((entry) => entry.startsWith(`${sha256}.`));
        if (name === undefined || statSync(join(folder, name)).size > maxBytes) return null;
        const content = readFileSync(join(folder, name));
        return name === `${sha256}.${sha256Of(content)}` ? content : null;
      } catch {
        return null;
      }
    },
    write: (sha256, content) => {
      writeCacheFile(join(folder, `${sha256}.${sha256Of(content)}`), content);
    },
  };
}
