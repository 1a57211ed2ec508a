import { openNative } from '../../src/sandbox/native/open-native.ts';
import { describeConfined } from '../support/describe-confined.ts';
import { hostileContract } from './sandbox-hostile.contract.ts';
import { sandboxContract } from './sandbox.contract.ts';

for (const kind of ['bubblewrap', 'landlock'] as const) {
  const title = `native in ${kind}`;
  describeConfined(
    title,
    (found) => {
      sandboxContract(title, (settings) => openNative(settings, found));
      hostileContract(title, (settings) => openNative(settings, found));
    },
    kind,
  );
}
