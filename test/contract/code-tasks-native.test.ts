import { openNative } from '../../src/sandbox/native/open-native.ts';
import { describeConfined } from '../support/describe-confined.ts';
import { codeTasksContract } from './code-tasks.contract.ts';
import { sandboxSettings } from './sandbox.contract.ts';

describeConfined('code tasks in native', (found) =>
  codeTasksContract('native', () => openNative(sandboxSettings('strict'), found), { leavesSlow: false }),
);
