import { join } from 'node:path';
import { QwenEvalError } from '../core/errors.ts';
import { acquireFileLock, type FileLock } from '../datasets/file-lock.ts';
import { outputError } from '../store/journal.ts';
import type { RunDirectory } from '../store/run-directory.ts';

/** What a process that has just ended may need to let go. */
const patienceMs = 1500;

/** Keeps a run directory to this process while its files are written. Throws E_RUN_BUSY when another process has it. */
export async function holdRun({ path, runId }: RunDirectory): Promise<FileLock> {
  const signal = AbortSignal.timeout(patienceMs);
  try {
    return await acquireFileLock(join(path, '.lock'), { signal, pollMs: 100 });
  } catch (cause) {
    if (!signal.aborted) throw outputError(path, cause);
    throw new QwenEvalError('E_RUN_BUSY', `run ${runId} is being written by another process`, {
      hint: 'wait for it to end, or stop it; after a crash elsewhere it is free within a minute',
      cause,
    });
  }
}
