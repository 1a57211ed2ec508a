import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock that is held. */
export interface FileLock {
  release(): Promise<void>;
}

/** How a lock is waited for. */
export interface FileLockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Age in milliseconds from which a lock without a sign of life is taken over. */
  readonly staleMs?: number;
  readonly pollMs?: number;
}

const owner = (): string => JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

/** True when the process that wrote the lock ran on this machine and is gone. */
function ownerIsGone(content: string): boolean {
  try {
    const { pid, host } = JSON.parse(content) as { readonly pid: number; readonly host: string };
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

async function tryCreate(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(content);
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a lock whose owner is gone; one that was taken anew since it was looked at is put back. */
async function removeStale(path: string, staleMs: number): Promise<void> {
  try {
    const content = await readFile(path, 'utf8');
    const ageMs = Date.now() - (await stat(path)).mtimeMs;
    if (!ownerIsGone(content) && ageMs < staleMs) return;
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== content) await link(aside, path);
    await rm(aside);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  }
}

/**
 * Takes a lock file, waiting while another process holds it. The holder touches the file, so that a lock left by a crash (its process
 * is gone, or it was not touched for `staleMs`) is taken over. Rejects when `signal` is aborted.
 */
export async function acquireFileLock(path: string, options: FileLockOptions = {}): Promise<FileLock> {
  const { signal, staleMs = 60_000, pollMs = 200 } = options;
  const content = owner();
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryCreate(path, content))) {
    signal?.throwIfAborted();
    await removeStale(path, staleMs);
    await sleep(pollMs);
  }
  const touch = (): void => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  };
  const heartbeat = setInterval(touch, staleMs / 4).unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      const held = await readFile(path, 'utf8').catch(() => null);
      if (held === content) await rm(path, { force: true });
    },
  };
}
