import { isQwenEvalError } from '../core/errors.ts';
import { listRunDirectories, loadResultDocument, loadRunDocument } from '../store/run-directory.ts';
import { byAge, type TrackedRun, type UnreadableRun } from './tracked-run.ts';

/** Reads run.json and result.json of every run directory under `out`, oldest first. A run that cannot be read is named with the reason and hides no other. */
export function readTrackedRuns(out: string): {
  readonly runs: readonly TrackedRun[];
  readonly unreadable: readonly UnreadableRun[];
} {
  const runs: TrackedRun[] = [];
  const unreadable: UnreadableRun[] = [];
  for (const directory of listRunDirectories(out)) {
    try {
      runs.push({ document: loadRunDocument(directory), result: loadResultDocument(directory) });
    } catch (error) {
      if (!isQwenEvalError(error)) throw error;
      const file = error.message.startsWith(directory.resultFile) ? 'result.json' : 'run.json';
      unreadable.push({ runId: directory.runId, reason: error.message.replace(/^.*?\.json/, file) });
    }
  }
  return { runs: runs.toSorted(byAge), unreadable };
}
