import { isQwenEvalError } from '../core/errors.ts';
import { loadRun, type LoadedRun } from '../diagnosis/loaded-run.ts';
import { findRunDirectory, listRunDirectories } from '../store/run-directory.ts';

/** Finds a run by id, unique prefix, path or `latest`; else the newest complete run whose model, preset, engine or mode has that name. Throws E_RUN_NOT_FOUND. */
export function findRun(out: string, reference: string): LoadedRun {
  try {
    return loadRun(findRunDirectory(out, reference));
  } catch (error) {
    if (!isQwenEvalError(error) || error.code !== 'E_RUN_NOT_FOUND') throw error;
    const named = newestNamed(out, reference);
    if (named === null) throw error;
    return named;
  }
}

function newestNamed(out: string, name: string): LoadedRun | null {
  for (const directory of listRunDirectories(out).toReversed()) {
    const run = loadRun(directory);
    const { model, preset, engine } = run.document.plan;
    const names = [model.registryId, model.name, model.requested, preset.requested, engine.id, run.document.plan.mode];
    if (run.result?.status === 'complete' && names.includes(name)) return run;
  }
  return null;
}

/** Other complete runs of the same plan: what differs between them is noise. */
export const repeatsOf = (out: string, { document }: LoadedRun): readonly LoadedRun[] =>
  listRunDirectories(out)
    // The id of a run carries the beginning of its plan's hash, so that no other run needs to be read.
    .filter(({ runId }) => runId !== document.runId && runId.includes(document.planHash.slice(0, 8)))
    .map((directory) => loadRun(directory))
    .filter((run) => run.document.planHash === document.planHash && run.result?.status === 'complete');
