import type { SandboxCall, SandboxEvaluation, SandboxProgram, SandboxVerdict } from '../../core/ports/sandbox.ts';

/** One piece of work for an interpreter: the candidate apart from what only the tester may see. */
export interface Job {
  readonly kind: 'judge' | 'evaluate';
  readonly candidate: string;
  /** JSON for the tester's side (src/sandbox/python/judge.py). */
  readonly task: string;
  /** Wall-clock limit in milliseconds, calibration applied. */
  readonly limitMs: number;
}

/** What came of a job; `calls` is empty for a judged program. */
export interface JobResult {
  readonly verdict: SandboxVerdict;
  readonly calls: readonly SandboxCall[];
}

/** The job of judging a program. */
export const judgeJob = (program: SandboxProgram, timeFactor: number): Job => ({
  kind: 'judge',
  candidate: program.candidate,
  task: JSON.stringify({
    setup: program.setup,
    tests: program.tests,
    entry: program.entryPoint,
    values: program.values ?? {},
  }),
  limitMs: Math.ceil(program.timeLimitMs * timeFactor),
});

/** The job of calling a function with given arguments. */
export const evaluateJob = (evaluation: SandboxEvaluation, timeFactor: number): Job => ({
  kind: 'evaluate',
  candidate: evaluation.candidate,
  task: JSON.stringify({ entry: evaluation.entryPoint, inputs: evaluation.inputs }),
  limitMs: Math.ceil(evaluation.timeLimitMs * timeFactor),
});
