import { describe, it } from 'vitest';
import { probeConfinement } from '../../src/sandbox/native/confinement.ts';
import { openNative } from '../../src/sandbox/native/open-native.ts';
import { codeTasksContract } from './code-tasks.contract.ts';
import { sandboxSettings } from './sandbox.contract.ts';

const found = probeConfinement();

if ('reason' in found)
  describe.skip(`code tasks in native [skipped: ${found.reason}]`, () => it('is not possible here', () => {}));
else codeTasksContract('native', () => openNative(sandboxSettings('strict'), found), { leavesSlow: false });
