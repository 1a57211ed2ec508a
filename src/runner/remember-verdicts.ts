import type { Sandbox, SandboxVerdict } from '../core/ports/sandbox.ts';

/**
 * A sandbox that runs each candidate of a problem once, for many renderings of one program: program ids must name the problem, whose tests
 * do not change.
 */
export function rememberVerdicts(sandbox: Sandbox): Sandbox {
  const known = new Map<string, Promise<SandboxVerdict>>();
  return {
    describe: () => sandbox.describe(),
    run: (program, signal) => {
      const key = `${program.id}\u0000${program.candidate}`;
      const going = known.get(key) ?? sandbox.run(program, signal);
      known.set(key, going);
      return going;
    },
    evaluate: (evaluation, signal) => sandbox.evaluate(evaluation, signal),
    setTimeFactor: (factor) => sandbox.setTimeFactor(factor),
    close: () => sandbox.close(),
  };
}
