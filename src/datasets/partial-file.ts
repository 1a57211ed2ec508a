import { type Hash, createHash } from 'node:crypto';
import { constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFull, writeFault } from './write-fault.ts';

const readChunkBytes = 1024 * 1024;

/**
 * A download that is not finished: the bytes so far beside the final path, with the identity of the content they belong to. It
 * outlives the process, and is hashed as it grows.
 */
export class PartialFile {
  readonly #finalPath: string;
  readonly #path: string;
  readonly #identityPath: string;
  readonly #file: FileHandle;
  #hash: Hash;
  #sizeBytes = 0;
  #identity: string | null;

  private constructor(finalPath: string, file: FileHandle) {
    this.#finalPath = finalPath;
    this.#path = `${finalPath}.part`;
    this.#identityPath = `${finalPath}.part.id`;
    this.#file = file;
    this.#hash = createHash('sha256');
    this.#identity = null;
  }

  /** Opens what an earlier attempt left, or an empty file. */
  static async open(finalPath: string): Promise<PartialFile> {
    try {
      const partial = new PartialFile(finalPath, await open(`${finalPath}.part`, constants.O_RDWR | constants.O_CREAT));
      await partial.#takeUp();
      return partial;
    } catch (cause) {
      throw writeFault(finalPath, cause);
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Identity of the content that the bytes belong to; null when not known. */
  get identity(): string | null {
    return this.#identity;
  }

  async #takeUp(): Promise<void> {
    const { size } = await this.#file.stat();
    const buffer = Buffer.allocUnsafe(Math.min(size, readChunkBytes));
    while (this.#sizeBytes < size) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#sizeBytes);
      if (bytesRead === 0) break;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#sizeBytes += bytesRead;
    }
    try {
      this.#identity = readFileSync(this.#identityPath, 'utf8');
    } catch {
      this.#identity = null;
    }
  }

  /** Drops the bytes so far. */
  async restart(): Promise<void> {
    try {
      await this.#file.truncate(0);
    } catch (cause) {
      throw writeFault(this.#finalPath, cause);
    }
    this.#hash = createHash('sha256');
    this.#sizeBytes = 0;
    this.#identity = null;
    rmSync(this.#identityPath, { force: true });
  }

  /** Notes which content the bytes belong to, before the first of them. */
  belongTo(identity: string | null): void {
    if (identity === null || identity === this.#identity) return;
    try {
      writeFileSync(this.#identityPath, identity);
    } catch (cause) {
      throw writeFault(this.#finalPath, cause);
    }
    this.#identity = identity;
  }

  /** Throws E_DISK_FULL when the rest of the file does not fit, before anything is transferred. */
  async requireSpace(totalBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.#finalPath));
    const missing = totalBytes - this.#sizeBytes - bavail * bsize;
    if (missing > 0) throw diskFull(this.#finalPath, `${missing} bytes are missing for the ${totalBytes} of the file`);
  }

  /** Writes at its own position, so that two processes that download the same content do not disturb each other. */
  async append(chunk: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < chunk.length;) {
        const rest = chunk.length - written;
        written += (await this.#file.write(chunk, written, rest, this.#sizeBytes + written)).bytesWritten;
      }
    } catch (cause) {
      throw writeFault(this.#finalPath, cause);
    }
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Flushes to disk and gives the file its final name. */
  async complete(): Promise<void> {
    try {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#path, this.#finalPath);
    } catch (cause) {
      throw writeFault(this.#finalPath, cause);
    }
    rmSync(this.#identityPath, { force: true });
    await syncFolder(dirname(this.#finalPath));
  }

  /** Keeps the bytes for a later attempt; an empty file is not kept. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.#sizeBytes === 0) rmSync(this.#path, { force: true });
  }

  /** Removes the bytes for good. */
  async discard(): Promise<void> {
    await this.restart();
    await this.close();
  }
}

/** A new name is only durable once its folder is on disk; where folders cannot be opened (Windows) the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync();
    await handle.close();
  } catch {
    return;
  }
}
