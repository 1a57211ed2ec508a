import { describe, it } from 'vitest';
import { probeConfinement, type Confinement } from '../../src/sandbox/native/confinement.ts';
import { openNative } from '../../src/sandbox/native/open-native.ts';
import { hostileContract } from './sandbox-hostile.contract.ts';
import { sandboxContract } from './sandbox.contract.ts';

for (const kind of ['bubblewrap', 'landlock'] as const satisfies readonly Confinement['kind'][]) {
  const found = probeConfinement(kind);
  if ('reason' in found) {
    describe.skip(`native in ${kind} [skipped: ${found.reason}]`, () => it('is not possible here', () => {}));
  } else {
    sandboxContract(`native in ${kind}`, (settings) => openNative(settings, found));
    hostileContract(`native in ${kind}`, (settings) => openNative(settings, found));
  }
}
