import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('early-reader');
afterAll(() => rmSync(folder, { recursive: true }));

describe('a reader that leaves early', () => {
  it.each([
    { args: ['help', 'run'], exit: 0 },
    { args: ['list', 'models'], exit: 0 },
    { args: ['plan', '--model', 'qwen3_8b'], exit: 0 },
    { args: ['no-such-command'], exit: 2 },
  ])('is no fault of $args', async ({ args, exit }) => {
    const { code, stderr } = await runCli(args, { cwd: folder, onStart: ({ stdout }) => stdout?.destroy() });
    expect(code).toBe(exit);
    expect(stderr).not.toMatch(/EPIPE|^ {4}at /m);
  });

  it('does not end a run', { timeout: 120_000 }, async () => {
    const flags = ['--tasks', 'synthetic_arithmetic', '--limit', '4', '--threads', '1', '--tracker', 'none'];
    const { code } = await runCli(['run', '--offline', '--mode', 'non-thinking', ...flags, '--out', 'runs'], {
      cwd: folder,
      onStart: ({ stdout, stderr }) => [stdout, stderr].forEach((stream) => stream?.destroy()),
    });
    expect(code).toBe(0);
    const [run = ''] = readdirSync(join(folder, 'runs')).filter((name) => /^\d{8}T/.test(name));
    const result = JSON.parse(readFileSync(join(folder, 'runs', run, 'result.json'), 'utf8')) as { status: string };
    expect(result.status).toBe('complete');
  });
});
