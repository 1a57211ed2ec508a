import { QwenEvalError, isQwenEvalError } from '../core/errors.ts';
import type { Container } from './detect-container.ts';

/** Where bytes came from and how much their content may grow to. */
export interface ContentLimit {
  /** Name of the file in messages. */
  readonly source: string;
  /** Largest decompressed size that is read. */
  readonly maxBytes: number;
}

/** The E_DATASET_INVALID of content over the limit: a decompression bomb or a file that is not a data set. */
export const tooLarge = ({ source, maxBytes }: ContentLimit): QwenEvalError =>
  new QwenEvalError('E_DATASET_INVALID', `${source}: holds more than the ${maxBytes} bytes that a data file may have`, {
    hint: 'check that it is the right file: its content is far larger than any benchmark this program reads',
    details: { source, maxBytes },
  });

/** The E_DATASET_INVALID of a file whose packing cannot be read; an error of this project is returned as it is. */
export function damaged(container: Container, source: string, cause: unknown): QwenEvalError {
  if (isQwenEvalError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new QwenEvalError('E_DATASET_INVALID', `${source}: damaged or cut off ${container} file: ${reason}`, {
    hint: 'fetch the file again',
    details: { source, container },
    cause,
  });
}
