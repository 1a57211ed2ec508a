import type { Sandbox, SandboxProgram } from '../../core/ports/sandbox.ts';

/** How slow this machine is, measured with programs that are known to be right. */
export interface TimeCalibration {
  /** Factor for all time limits, 1 to `maximumFactor`. */
  readonly timeFactor: number;
  /** The program that came nearest to its limit; null when none was given. */
  readonly slowest: { readonly id: string; readonly wallMs: number; readonly timeLimitMs: number } | null;
}

/** A right program may take half its limit; more is put down to the machine. */
const headroom = 2;
const maximumFactor = 20;

/**
 * Measures right programs with a limit `maximumFactor` times theirs and gives the factor with which each would need at most half its limit:
 * max(1, 2 · max(wall / limit)), at most 20. A program that does not pass says nothing about the machine and is left out, unless it ran out of time.
 */
export async function calibrateTimeFactor(
  sandbox: Sandbox,
  canonicalPrograms: readonly SandboxProgram[],
  signal?: AbortSignal,
): Promise<TimeCalibration> {
  const { timeFactor: applied } = await sandbox.describe();
  const measured = await Promise.all(
    canonicalPrograms.map(async (program) => {
      const verdict = await sandbox.run(
        { ...program, timeLimitMs: (program.timeLimitMs * maximumFactor) / applied },
        signal,
      );
      const counts = verdict.kind === 'passed' || verdict.kind === 'timeout';
      return { id: program.id, wallMs: counts ? verdict.wallMs : 0, timeLimitMs: program.timeLimitMs };
    }),
  );
  const share = (one: { readonly wallMs: number; readonly timeLimitMs: number }): number =>
    one.wallMs / one.timeLimitMs;
  const slowest = measured.toSorted((a, b) => share(b) - share(a))[0] ?? null;
  const factor = slowest === null ? 1 : Math.ceil(headroom * share(slowest) * 10) / 10;
  return { timeFactor: Math.min(maximumFactor, Math.max(1, factor)), slowest };
}
