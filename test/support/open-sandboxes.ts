import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox, SandboxSettings } from '../../src/core/ports/sandbox.ts';
import { probeConfinement } from '../../src/sandbox/native/confinement.ts';
import { openNative } from '../../src/sandbox/native/open-native.ts';
import { openPyodide } from '../../src/sandbox/pyodide/open-pyodide.ts';

/** A backend that can run on this machine, with two workers. */
export interface AvailableSandbox {
  readonly backend: string;
  readonly open: (mode: SandboxSettings['mode']) => Promise<Sandbox>;
}

const settingsOf = (mode: SandboxSettings['mode']): SandboxSettings => ({
  mode,
  workers: 2,
  memoryBytes: 256 * 1024 * 1024,
  timeFactor: 1,
});

const found = probeConfinement();

const pyodide: AvailableSandbox = {
  backend: 'pyodide',
  open: async (mode) => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'qe-snapshot-'));
    const sandbox = await openPyodide({ ...settingsOf(mode), cacheDir });
    const close = async (): Promise<void> => {
      await sandbox.close();
      rmSync(cacheDir, { recursive: true, force: true });
    };
    return { ...sandbox, close };
  },
};

/** Every backend that can run here; Pyodide always can. */
export const availableSandboxes: readonly [AvailableSandbox, ...AvailableSandbox[]] =
  'reason' in found ? [pyodide] : [pyodide, { backend: 'native', open: (mode) => openNative(settingsOf(mode), found) }];

/** The quickest backend that can run here. */
export const quickestSandbox: AvailableSandbox = availableSandboxes.at(-1) ?? pyodide;
