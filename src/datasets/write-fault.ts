import { QwenEvalError } from '../core/errors.ts';

/** The E_DISK_FULL of a file that does not fit. */
export const diskFull = (path: string, reason: string, cause?: unknown): QwenEvalError =>
  new QwenEvalError('E_DISK_FULL', `no room on the disk for ${path}: ${reason}`, {
    hint: 'free some space or set QE_CACHE_DIR to another disk, and run the command again: it goes on where it stopped',
    details: { path },
    cause,
  });

/** The E_DISK_FULL or E_OUTPUT_UNWRITABLE of a file in the cache that could not be written. */
export function writeFault(path: string, cause: unknown): QwenEvalError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, reason, cause);
  return new QwenEvalError('E_OUTPUT_UNWRITABLE', `${path} cannot be written: ${reason}`, {
    hint: 'set QE_CACHE_DIR to a directory that can be written to',
    details: { path },
    cause,
  });
}
