import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

const known = new Map<string, Promise<string>>();

/** The sha256 (hex) of a file, remembered in this process by path, size and time of change. Rejects with the error of the file system. */
export async function hashFile(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path}\0${size}\0${mtimeMs}`;
  const hash = known.get(key) ?? compute(path);
  known.set(key, hash);
  hash.catch(() => known.delete(key));
  return hash;
}

async function compute(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
