import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { runDirectoryAt } from '../store/run-directory.ts';
import { holdRun } from './hold-run.ts';

const folder = temporaryFolder('hold-run');
afterAll(() => rmSync(folder, { recursive: true }));
const directory = runDirectoryAt(folder);
const file = join(folder, '.lock');

it('lets one at a time write a run, and leaves nothing behind', async () => {
  const hold = await holdRun(directory);
  await expect(holdRun(directory)).rejects.toMatchObject({ code: 'E_RUN_BUSY' });
  await hold.release();
  expect(existsSync(file)).toBe(false);
  await (await holdRun(directory)).release();
});

it('takes over from a process that was killed', async () => {
  // No process has the number: it is above the most that Linux gives.
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'killed' }));
  await (await holdRun(directory)).release();
  expect(existsSync(file)).toBe(false);
});

it('says so where nothing can be written', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  await expect(holdRun(runDirectoryAt(join(folder, 'a-file', 'run')))).rejects.toMatchObject({
    code: 'E_OUTPUT_UNWRITABLE',
  });
});
