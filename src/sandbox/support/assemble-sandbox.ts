import type { Sandbox, SandboxDescription, SandboxSettings } from '../../core/ports/sandbox.ts';
import { evaluateJob, judgeJob } from './job.ts';
import { Lanes, type Lane } from './lanes.ts';

/** A sandbox out of its lanes and what it says of itself. */
export function assembleSandbox(
  lanes: readonly Lane[],
  settings: SandboxSettings,
  description: Omit<SandboxDescription, 'mode' | 'workers' | 'timeFactor'>,
): Sandbox {
  const queue = new Lanes(lanes);
  let timeFactor = Math.max(1, settings.timeFactor);
  return {
    describe: async () => ({ ...description, mode: settings.mode, workers: lanes.length, timeFactor }),
    run: async (program, signal) => (await queue.execute(judgeJob(program, timeFactor), signal)).verdict,
    evaluate: (evaluation, signal) => queue.execute(evaluateJob(evaluation, timeFactor), signal),
    setTimeFactor: (factor) => {
      timeFactor = Math.max(1, factor);
    },
    close: () => queue.close(),
  };
}
