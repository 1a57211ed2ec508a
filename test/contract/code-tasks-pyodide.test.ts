import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openPyodide } from '../../src/sandbox/pyodide/open-pyodide.ts';
import { codeTasksContract } from './code-tasks.contract.ts';
import { sandboxSettings } from './sandbox.contract.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'qe-snapshot-'));
afterAll(() => rmSync(cacheDir, { recursive: true }));

// The slow ones take it three times as long as native: `certify --full` runs them, the tests do not.
codeTasksContract('pyodide', () => openPyodide({ ...sandboxSettings('strict'), cacheDir }), { leavesSlow: true });
