import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickestSandbox } from '../../test/support/open-sandboxes.ts';
import type { Sandbox } from '../core/ports/sandbox.ts';
import { rememberVerdicts } from './remember-verdicts.ts';

const program = (id: string, candidate: string) => ({
  id,
  candidate,
  setup: '',
  tests: 'assert double(2) == 4',
  entryPoint: 'double',
  timeLimitMs: 5000,
});

const right = 'def double(x):\n    if x:\n        return 2 * x\n    return 0\n';

describe('a sandbox that remembers the verdicts of slow problems', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await quickestSandbox.open('strict');
  });
  afterAll(() => sandbox.close());

  const kindsOf = async (id: string, candidates: readonly string[]) => {
    const remembering = rememberVerdicts(sandbox, new Set(['slow']));
    const kinds: string[] = [];
    for (const candidate of candidates) kinds.push((await remembering.run(program(id, candidate))).kind);
    return { kinds, counts: remembering.counts() };
  };

  const layouts = [right, right.replaceAll('    ', '\t'), `# so\n${right.replaceAll('    ', '  ')}\n\n`];

  it('runs programs that differ in layout alone once', async () => {
    expect(await kindsOf('slow', layouts)).toEqual({
      kinds: ['passed', 'passed', 'passed'],
      counts: { asked: 3, run: 1 },
    });
    expect((await kindsOf('quick', layouts)).counts).toEqual({ asked: 3, run: 3 });
  });

  it('tells apart what runs otherwise or does not run at all', async () => {
    const others = [
      right,
      right.replace('    return 0', '        return 0'),
      right.replace('2 * x', '2 * x + 1'),
      right.replace('    return 0', '   return 0'),
      right.replace('2 *', '2.0 *'),
      '',
    ];
    const { kinds, counts } = await kindsOf('slow', others);
    expect(kinds).toEqual(['passed', 'passed', 'failed', 'syntax', 'passed', 'wrong_entry_point']);
    expect(counts).toEqual({ asked: 6, run: 6 });
  });
});
