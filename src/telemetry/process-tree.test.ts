import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { commandRunner, type RunCommand } from './command-runner.ts';
import { parsePs, parseStat, ProcessTree } from './process-tree.ts';

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that spins and has a child that sleeps; resolves when both run. */
async function startFamily(): Promise<number> {
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    child.once('spawn', () => console.log('ready'));
    process.once('exit', () => child.kill('SIGKILL'));
    process.once('SIGTERM', () => process.exit());
    setInterval(() => { const end = Date.now() + 20; while (Date.now() < end); }, 25);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push({ kill: () => parent.kill('SIGTERM') } as ReturnType<typeof spawn>);
  await once(parent.stdout, 'data');
  return parent.pid ?? 0;
}

const nowMs = () => performance.now();

describe('ProcessTree', () => {
  it.each([
    ['by /proc', platform()],
    ['by ps', 'darwin' as const],
  ])('adds up a process and its descendants %s', async (_how, system) => {
    const pid = await startFamily();
    const tree = new ProcessTree(pid, { run: commandRunner(), platform: system });
    expect([...tree.processIds]).toEqual([pid]);
    const first = await tree.read(nowMs);
    expect(first?.processes).toBe(2);
    expect(first?.cpuCores).toBeNull();
    expect(first?.rssBytes).toBeGreaterThan(20 * 2 ** 20);
    expect(tree.processIds.size).toBe(2);
    // `ps` of Linux counts whole seconds: the growth shows only now and then.
    let most = 0;
    for (let round = 0; round < 40 && most === 0; round++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      most = (await tree.read(nowMs))?.cpuCores ?? 0;
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(8);
  });

  it('reads nothing of a process that is gone, nor where ps fails', async () => {
    const gone = new ProcessTree(2 ** 22 + 1, { run: commandRunner(), platform: 'linux' });
    expect(await gone.read(nowMs)).toBeNull();
    const failing: RunCommand = async () => ({ kind: 'failed', reason: 'no' });
    expect(await new ProcessTree(1, { run: failing, platform: 'darwin' }).read(nowMs)).toBeNull();
  });
});

describe('parseStat', () => {
  const tail = '1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 8 0 100 1000000 256 18446744073709551615';

  it('counts fields from the last bracket of the name', () => {
    expect(parseStat(`42 (a (b) c) S ${tail}`, 4096)).toEqual({
      pid: 42,
      parent: 1,
      rssBytes: 256 * 4096,
      cpuSeconds: 2,
    });
  });

  it('leaves out what has ended or is no line of this form', () => {
    expect(parseStat(`42 (gone) Z ${tail}`, 4096)).toBeNull();
    expect(parseStat('nonsense', 4096)).toBeNull();
  });
});

describe('parsePs', () => {
  it('reads sizes in KiB and times of every length', () => {
    expect(parsePs('  1   0  100 0:01.50\n 20 1 200 01:02:03\n 21 1 8 2-00:00:01\n odd line\n')).toEqual([
      { pid: 1, parent: 0, rssBytes: 102_400, cpuSeconds: 1.5 },
      { pid: 20, parent: 1, rssBytes: 204_800, cpuSeconds: 3723 },
      { pid: 21, parent: 1, rssBytes: 8192, cpuSeconds: 172_801 },
    ]);
  });
});
