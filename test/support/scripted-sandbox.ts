import type {
  Sandbox,
  SandboxCall,
  SandboxEvaluation,
  SandboxProgram,
  SandboxVerdict,
} from '../../src/core/ports/sandbox.ts';

/** A verdict of a sandbox, after a millisecond. */
export const sandboxVerdict = (
  kind: SandboxVerdict['kind'],
  error: string | null = null,
  detail: string | null = null,
): SandboxVerdict => ({ kind, error, detail, wallMs: 1 });

/** A sandbox that says what it is told to and keeps what it was asked. */
export function scriptedSandbox(
  verdicts: readonly SandboxVerdict[],
  calls: readonly SandboxCall[] = [],
  ended = sandboxVerdict('passed'),
) {
  const programs: SandboxProgram[] = [];
  const evaluations: SandboxEvaluation[] = [];
  const sandbox: Sandbox = {
    describe: () => Promise.reject(new Error('not asked')),
    run: (program) => {
      programs.push(program);
      return Promise.resolve(verdicts[programs.length - 1] ?? sandboxVerdict('fault', 'NotScripted'));
    },
    evaluate: (evaluation) => {
      evaluations.push(evaluation);
      return Promise.resolve({ verdict: ended, calls });
    },
    setTimeFactor: () => undefined,
    close: () => Promise.resolve(),
  };
  return { sandbox, programs, evaluations };
}
