import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pythonPackages } from './python-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'venv-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('pythonPackages', () => {
  it.skipIf(platform() !== 'linux')('reads the versions in the environment a process runs from', async () => {
    const site = join(folder, 'lib', 'python3.12', 'site-packages');
    for (const name of ['torch-2.8.0', 'vllm-0.10.2', 'flash_attn-2.8.3', 'flashinfer_python-0.3.1', 'numpy-2.0.0'])
      mkdirSync(join(site, `${name}.dist-info`), { recursive: true });
    mkdirSync(join(folder, 'bin'));
    // What looks like the environment's interpreter is this program, which stays alive as an engine does.
    const python = join(folder, 'bin', 'python3');
    symlinkSync(process.execPath, python);
    const child = spawn(python, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    try {
      expect(await pythonPackages([process.pid, child.pid ?? 0])).toEqual({
        torch: '2.8.0',
        vllm: '0.10.2',
        'flash-attn': '2.8.3',
        'flashinfer-python': '0.3.1',
      });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('knows nothing of other programs and of processes that are gone', async () => {
    expect(await pythonPackages([process.pid, 2 ** 22 + 1])).toBeNull();
  });
});
