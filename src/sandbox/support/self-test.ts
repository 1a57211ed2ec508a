import { QwenEvalError } from '../../core/errors.ts';
import type { Sandbox, SandboxProgram, SandboxVerdictKind } from '../../core/ports/sandbox.ts';

const entryPoint = 'attempt';

/** A program whose candidate tries something forbidden and tells whether it was held back. */
const escape = (id: string, body: readonly string[]): SandboxProgram => ({
  id,
  candidate: [
    `def ${entryPoint}():`,
    '    try:',
    ...body.map((line) => `        ${line}`),
    '    except BaseException:',
    "        return 'held'",
    "    return 'escaped'",
  ].join('\n'),
  setup: '',
  tests: `assert ${entryPoint}() == 'held'`,
  entryPoint,
  timeLimitMs: 5000,
});

/** Attempts that must be held back: a host file, a process, a connection, a file outside the scratch folder, JavaScript. */
const escapes: readonly SandboxProgram[] = [
  escape('read a host file', ["open('/etc/passwd').read(1)"]),
  escape('start a process', ['import subprocess', "subprocess.run(['/bin/true'], check=True)"]),
  escape('run a shell', ['import os', "if os.system('exit 0') != 0:", '    raise OSError()']),
  escape('open a socket', ['import socket', "socket.socket().connect(('127.0.0.1', 9))"]),
  escape('write elsewhere', ['import sys, os', "open(os.path.dirname(os.__file__) + '/qe-self-test', 'w').write('x')"]),
  escape('reach JavaScript', ['import js', 'js.process.pid']),
];

const forgery: SandboxProgram = {
  ...escape('forge equality', []),
  candidate: `class Same:\n    def __eq__(self, other):\n        return True\n\ndef ${entryPoint}():\n    return Same()\n`,
  tests: `assert ${entryPoint}() == 5`,
};

const control = (id: string, tests: string): SandboxProgram => ({
  id,
  candidate: `def ${entryPoint}(numbers):\n    import math\n    return math.fsum(sorted(numbers))\n`,
  setup: '',
  tests,
  entryPoint,
  timeLimitMs: 5000,
});

const rightControl = control('right program', `assert ${entryPoint}([3, 1, 2.5]) == 6.5`);
const wrongControl = control('wrong program', `assert ${entryPoint}([3, 1, 2.5]) == 7`);

/**
 * Runs attempts to get out and programs whose verdict is known. Throws E_SANDBOX_FAILED naming the first that did not end as it must:
 * a sandbox that fails this is never used.
 */
export async function selfTest(sandbox: Sandbox): Promise<void> {
  const { mode, backend } = await sandbox.describe();
  const expect = async (program: SandboxProgram, allowed: readonly SandboxVerdictKind[]): Promise<void> => {
    const verdict = await sandbox.run(program);
    if (allowed.includes(verdict.kind)) return;
    throw new QwenEvalError(
      'E_SANDBOX_FAILED',
      `the ${backend} sandbox failed its self-test "${program.id}": ${verdict.kind} ${verdict.error ?? ''} ${verdict.detail ?? ''}`,
      { hint: 'generated code is not run with it; see `qwen-eval doctor`, or choose the other --sandbox' },
    );
  };
  await expect(rightControl, ['passed']);
  await Promise.all([
    expect(wrongControl, ['failed']),
    ...escapes.map((program) => expect(program, ['passed', 'denied', 'runtime'])),
    mode === 'strict' ? expect(forgery, ['failed']) : Promise.resolve(),
  ]);
  await expect(rightControl, ['passed']);
}
