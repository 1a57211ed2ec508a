import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireFileLock } from './file-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qe-lock-'));
  path = join(folder, 'sub', 'x.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const quick = { pollMs: 5 };
const held = (pid: number, host: string): void => {
  writeFileSync(path, JSON.stringify({ pid, host, id: 'x' }));
};

it('lets one in at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    const lock = await acquireFileLock(path, quick);
    inside++;
    most = Math.max(most, inside);
    await sleep(3);
    inside--;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(most).toBe(1);
  expect(readdirSync(join(folder, 'sub'))).toEqual([]);
});

it('takes over from a process that is gone, at once', async () => {
  const first = await acquireFileLock(path, quick);
  held(2 ** 30, hostname());
  const second = await acquireFileLock(path, quick);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await first.release();
  expect(existsSync(path)).toBe(true);
  await second.release();
  expect(existsSync(path)).toBe(false);
});

it.each([
  ['a process that lives', process.pid, hostname()],
  ['another machine', 2 ** 30, 'elsewhere'],
])('waits for %s until it gives no sign of life', async (_title, pid, host) => {
  await (await acquireFileLock(path, quick)).release();
  held(pid, host);
  await expect(acquireFileLock(path, { ...quick, signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(path, longAgo, longAgo);
  await (await acquireFileLock(path, quick)).release();
});

it('takes over a lock whose content was never written, once it is old', async () => {
  await (await acquireFileLock(path, quick)).release();
  writeFileSync(path, '');
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(path, longAgo, longAgo);
  await (await acquireFileLock(path, quick)).release();
});

it('keeps its own lock fresh', async () => {
  const lock = await acquireFileLock(path, { staleMs: 800, pollMs: 5 });
  await sleep(1000);
  const waiter = acquireFileLock(path, { staleMs: 800, pollMs: 5, signal: AbortSignal.timeout(100) });
  await expect(waiter).rejects.toThrow(/timeout/);
  await lock.release();
});
