import type { Sandbox, SandboxProgram } from '../core/ports/sandbox.ts';
import type { Task } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { calibrateTimeFactor } from '../sandbox/support/calibrate-time-factor.ts';
import { seededRng } from '../stats/rng.ts';

/** A task whose answers run in the sandbox, with its problems; null where there is nothing to run. */
export interface CalibratingTask {
  readonly task: Task;
  readonly loadGold: (() => Promise<Iterable<Sample>>) | null;
}

/** Solutions of a task that the machine is measured with. */
const solutionsMeasured = 12;

async function solutionsOf({ task, loadGold }: CalibratingTask, sandbox: Sandbox): Promise<readonly SandboxProgram[]> {
  const { solution } = task.scorer;
  if (solution === undefined || loadGold === null) return [];
  const sound = [...(await loadGold())].filter((sample) => sample.fault === undefined && sample.isSlow !== true);
  const chosen = seededRng(`calibrate/${task.id}`).sample(sound, Math.min(solutionsMeasured, sound.length));
  const programs = await Promise.allSettled(chosen.map((sample) => solution({ sample, sandbox })));
  return programs.flatMap((program) => (program.status === 'fulfilled' ? [program.value] : []));
}

/** Measures the tasks' own solutions and sets the factor for time limits. Data that is not at hand measures nothing. */
async function calibrate(sandbox: Sandbox, tasks: readonly CalibratingTask[]): Promise<void> {
  const loaded = await Promise.allSettled(tasks.map((entry) => solutionsOf(entry, sandbox)));
  const programs = loaded.flatMap((programs) => (programs.status === 'fulfilled' ? programs.value : []));
  const { timeFactor } = await calibrateTimeFactor(sandbox, programs);
  sandbox.setTimeFactor(timeFactor);
}

/**
 * A sandbox whose time limits are calibrated on the tasks' own solutions before the first answer runs, so that a slow machine does not
 * turn right answers into timeouts.
 */
export function calibratedSandbox(sandbox: Sandbox, tasks: readonly CalibratingTask[]): Sandbox {
  let calibrated: Promise<void> | null = null;
  return {
    describe: () => sandbox.describe(),
    run: async (program, signal) => {
      await (calibrated ??= calibrate(sandbox, tasks));
      return sandbox.run(program, signal);
    },
    evaluate: (evaluation, signal) => sandbox.evaluate(evaluation, signal),
    setTimeFactor: (factor) => sandbox.setTimeFactor(factor),
    close: () => sandbox.close(),
  };
}
