import { describe, it } from 'vitest';
import { probeConfinement, type Confinement } from '../../src/sandbox/native/confinement.ts';

/** A suite that needs a confinement of the native sandbox; where this machine has none its title says why and what to install. */
export function describeConfined(title: string, suite: (found: Confinement) => void, kind?: Confinement['kind']): void {
  const found = probeConfinement(kind);
  if ('reason' in found)
    describe.skip(`${title} [skipped: ${found.reason}; ${found.hint}]`, () => it('is not possible here', () => {}));
  else suite(found);
}
