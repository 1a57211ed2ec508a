import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** Knows the sha256 of files, and keeps what it learnt for the next start. */
export interface HashIndex {
  /** The sha256 (hex) of a file, from the index when size, times and inode are unchanged; rejects when the file cannot be read. */
  sha256(path: string): Promise<string>;
  /** Writes what was learnt; a cache directory that cannot be written is no error, only slower next time. */
  save(): void;
}

const entrySchema = z.tuple([z.string(), z.string()]);
const fileSchema = z.object({ version: z.literal(1), files: z.record(z.string(), entrySchema) });

/** Entries kept, newest last; an entry is some 200 bytes. */
const maxEntries = 20_000;
const chunkBytes = 1024 * 1024;

/** Streams a file through sha256 (hex); rejects when it cannot be read. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function readEntries(path: string): Map<string, readonly [string, string]> {
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).files));
  } catch {
    return new Map();
  }
}

/** Changes whenever the file does: the change time cannot be set back, unlike the modification time. */
function fingerprint(path: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return [size, mtimeMs, ctimeMs, ino].join(' ');
}

/** Opens the hash index of a cache directory; a damaged or absent one starts empty. */
export function openHashIndex(cacheDir: string): HashIndex {
  const indexPath = join(cacheDir, 'hash-index.json');
  const entries = readEntries(indexPath);
  let changed = false;
  return {
    sha256: async (path) => {
      const print = fingerprint(path);
      const known = entries.get(path);
      if (known?.[0] === print) return known[1];
      const sha256 = await hashFile(path);
      entries.delete(path);
      entries.set(path, [print, sha256]);
      changed = true;
      return sha256;
    },
    save: () => {
      if (!changed) return;
      const temporary = `${indexPath}.${randomUUID()}`;
      try {
        mkdirSync(dirname(indexPath), { recursive: true });
        const files = Object.fromEntries([...entries].slice(-maxEntries));
        writeFileSync(temporary, JSON.stringify({ version: 1, files }));
        renameSync(temporary, indexPath);
        changed = false;
      } catch {
        rmSync(temporary, { force: true });
      }
    },
  };
}
