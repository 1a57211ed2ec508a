import { QwenEvalError } from '../core/errors.ts';
import { defineSandbox } from '../core/ports/sandbox.ts';
import { probeConfinement } from './native/confinement.ts';
import { openNative } from './native/open-native.ts';

/** The system's Python in a fork-server, held by bubblewrap (or Landlock), seccomp and resource limits. Linux only. */
export default defineSandbox({
  id: 'native',
  title: 'Python 3 of this system in namespaces or Landlock, with seccomp and resource limits',
  probe: async () => {
    const found = probeConfinement();
    return 'reason' in found ? { available: false, ...found } : { available: true };
  },
  open: async (settings) => {
    const found = probeConfinement();
    if ('reason' in found)
      throw new QwenEvalError('E_SANDBOX_MISSING', `the native sandbox cannot run: ${found.reason}`, {
        hint: found.hint,
      });
    return openNative(settings, found);
  },
});
