import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openPyodide } from '../../src/sandbox/pyodide/open-pyodide.ts';
import { hostileContract } from './sandbox-hostile.contract.ts';
import { sandboxContract } from './sandbox.contract.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'qe-snapshot-'));
afterAll(() => rmSync(cacheDir, { recursive: true }));

sandboxContract('pyodide', (settings) => openPyodide({ ...settings, cacheDir }));
hostileContract('pyodide', (settings) => openPyodide({ ...settings, cacheDir }));
