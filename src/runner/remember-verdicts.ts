import type { Sandbox, SandboxProgram, SandboxVerdict } from '../core/ports/sandbox.ts';

/** Runs that were asked for, and programs that were run for them. */
export interface ProgramCounts {
  readonly asked: number;
  readonly run: number;
}

/** A sandbox that tells how many programs it did not have to run again. */
export interface RememberingSandbox extends Sandbox {
  counts(): ProgramCounts;
}

const parseLimitMs = 10_000;

/** Two programs of one syntax tree differ in layout and comments alone: in nothing that runs. */
const treeSource = `import ast
import hashlib


def tree_of(source):
    return hashlib.sha256(ast.dump(ast.parse(source)).encode('utf-8', 'surrogatepass')).hexdigest()
`;

/** Hash of the syntax tree of a program, made by the interpreter that would run it; null where it is no Python. */
async function treeOf(program: SandboxProgram, sandbox: Sandbox, signal: AbortSignal | undefined) {
  const evaluation = {
    id: `${program.id} tree`,
    candidate: treeSource,
    entryPoint: 'tree_of',
    inputs: [[program.candidate]],
    timeLimitMs: parseLimitMs,
  };
  const [call] = (await sandbox.evaluate(evaluation, signal)).calls;
  return call?.kind === 'returned' && typeof call.value === 'string' ? call.value : null;
}

/**
 * A sandbox that runs each candidate of a problem once, for many renderings of one program: program ids must name the problem, whose tests
 * do not change. A candidate is the same when it is so to the byte, and of the problems in `slow` when it differs in layout alone.
 */
export function rememberVerdicts(sandbox: Sandbox, slow: ReadonlySet<string> = new Set()): RememberingSandbox {
  const known = new Map<string, Promise<SandboxVerdict>>();
  let asked = 0;
  return {
    counts: () => ({ asked, run: known.size }),
    describe: () => sandbox.describe(),
    run: async (program, signal) => {
      asked++;
      const tree = slow.has(program.id) ? await treeOf(program, sandbox, signal) : null;
      const key = `${program.id}\u0000${tree === null ? 'text' : 'tree'}\u0000${tree ?? program.candidate}`;
      const going = known.get(key) ?? sandbox.run(program, signal);
      known.set(key, going);
      return going;
    },
    evaluate: (evaluation, signal) => sandbox.evaluate(evaluation, signal),
    setTimeFactor: (factor) => sandbox.setTimeFactor(factor),
    close: () => sandbox.close(),
  };
}
