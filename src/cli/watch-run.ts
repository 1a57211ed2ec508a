import { exitCodes, exitCodeOf, isQwenEvalError, type ExitCode } from '../core/errors.ts';
import type { ResultDocument } from '../core/result-document.ts';
import type { RunEvent } from '../core/run-event.ts';
import { endingError } from '../runner/run-session.ts';
import type { Invocation } from './command.ts';
import { keepTracker } from './keep-tracker.ts';
import { LiveProgress } from './live-progress.ts';

/** How a watched run ended. */
export interface WatchedRun {
  readonly result: ResultDocument;
  readonly directory: string;
  readonly exitCode: ExitCode;
}

/** Shows a run while it goes, keeps the tracker up to date and gives the run's end. An incomplete or interrupted run says how to resume it. */
export async function watchRun(
  events: AsyncIterable<RunEvent>,
  { options, streams }: Pick<Invocation, 'options' | 'streams'>,
): Promise<WatchedRun> {
  const progress = new LiveProgress(streams, () => performance.now());
  let directory: string | null = null;
  let ended: (RunEvent & { kind: 'runEnded' }) | null = null;
  try {
    for await (const event of events) {
      progress.see(event);
      if (event.kind === 'runStarted') directory = event.directory;
      if (event.kind === 'runEnded') ended = event;
    }
  } catch (error) {
    if (directory !== null && isQwenEvalError(error)) {
      streams.err(
        `Everything finished is saved in ${directory}; resume with \`qwen-eval resume ${directory.split(/[\\/]/).at(-1)}\`\n`,
      );
      await keepTracker(options, streams);
    }
    throw error;
  }
  if (!ended) throw new Error('the run ended without saying how');
  await keepTracker(options, streams);
  const problem = endingError(ended);
  if (problem) streams.err(`${problem.message}\n  ${problem.hint}\n`);
  return {
    result: ended.result,
    directory: ended.directory,
    exitCode: problem ? exitCodeOf(problem) : refusedExit(ended.result),
  };
}

const refusedExit = (result: ResultDocument): ExitCode =>
  result.tasks.some((task) => task.refused !== null) ? exitCodes.environment : exitCodes.ok;
