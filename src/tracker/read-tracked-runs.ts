import { isQwenEvalError } from '../core/errors.ts';
import type { RunDocument } from '../core/run-document.ts';
import { headlinesOf, readTaskScores, type TaskScores } from '../diagnosis/compare/task-scores.ts';
import { listRunDirectories, loadResultDocument, loadRunDocument } from '../store/run-directory.ts';
import type { ComparisonSources } from './compare/build-comparisons.ts';
import { byAge, type TrackedRun, type UnreadableRun } from './tracked-run.ts';

/** Reads run.json and result.json of every run directory under `out`, oldest first. A run that cannot be read is named with the reason and hides no other. */
export function readTrackedRuns(out: string): {
  readonly runs: readonly TrackedRun[];
  readonly unreadable: readonly UnreadableRun[];
  readonly readScores: ComparisonSources['readScores'];
} {
  const runs: TrackedRun[] = [];
  const unreadable: UnreadableRun[] = [];
  const journals = new Map<string, string>();
  for (const directory of listRunDirectories(out)) {
    try {
      const run = { document: loadRunDocument(directory), result: loadResultDocument(directory) };
      runs.push(run);
      journals.set(run.document.runId, directory.samplesFile);
    } catch (error) {
      if (!isQwenEvalError(error)) throw error;
      const file = error.message.startsWith(directory.resultFile) ? 'result.json' : 'run.json';
      unreadable.push({ runId: directory.runId, reason: error.message.replace(/^.*?\.json/, file) });
    }
  }
  return {
    runs: runs.toSorted(byAge),
    unreadable,
    readScores: ({ document }) => readScores(document, journals.get(document.runId) ?? ''),
  };
}

function readScores({ plan }: RunDocument, journal: string): ReadonlyMap<string, TaskScores> | null {
  try {
    return readTaskScores(journal, headlinesOf(plan));
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    return null;
  }
}
