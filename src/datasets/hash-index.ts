import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeCacheFile } from './write-cache-file.ts';

/** Knows the sha256 of files, and keeps what it learnt for the next start. */
export interface HashIndex {
  /** The sha256 (hex) of a file, from the index when size, times and inode are unchanged; rejects when the file cannot be read. */
  sha256(path: string): Promise<string>;
  /** Notes the sha256 of a file that was hashed as it was written. */
  remember(path: string, sha256: string): void;
  /** Writes what was learnt; a cache directory that cannot be written is no error, only slower next time. */
  save(): void;
}

const entrySchema = z.tuple([z.string(), z.string()]);
const fileSchema = z.object({ version: z.literal(1), files: z.record(z.string(), entrySchema) });

/** Entries kept, newest last; an entry is some 200 bytes. */
const maxEntries = 20_000;
const pieceBytes = 1024 * 1024;
const piece = Buffer.allocUnsafe(pieceBytes);

/**
 * Streams a file through sha256 (hex); throws when it cannot be read. Reads are synchronous, a third of the cost over the hundred
 * small files of a data directory, with a look at the event loop after each piece of a large one.
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const bytesRead = readSync(file, piece, 0, pieceBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
      if (bytesRead === pieceBytes) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    closeSync(file);
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
  const known = readEntries(indexPath);
  const learnt = new Map<string, readonly [string, string]>();
  return {
    sha256: async (path) => {
      const print = fingerprint(path);
      const entry = learnt.get(path) ?? known.get(path);
      if (entry?.[0] === print) return entry[1];
      const sha256 = await hashFile(path);
      learnt.set(path, [print, sha256]);
      return sha256;
    },
    remember: (path, sha256) => learnt.set(path, [fingerprint(path), sha256]),
    save: () => {
      if (learnt.size === 0) return;
      // Another process may have saved since: what it learnt is kept.
      const entries = readEntries(indexPath);
      for (const [path, entry] of learnt) {
        entries.delete(path);
        entries.set(path, entry);
        known.set(path, entry);
      }
      const files = Object.fromEntries([...entries].slice(-maxEntries));
      if (writeCacheFile(indexPath, JSON.stringify({ version: 1, files }))) learnt.clear();
    },
  };
}
