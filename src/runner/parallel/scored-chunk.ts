import type { QwenEvalError } from '../../core/errors.ts';
import type { Options } from '../../config/options.ts';

/** What a scoring thread is started with; it loads task and samples itself. */
export interface ScoringThreadData {
  readonly task: string;
  readonly options: Options;
  /** Path of the file, for messages. */
  readonly responses: string;
}

/** A part of a file of responses, cut at line ends. */
export interface ResponseChunk {
  readonly bytes: Uint8Array;
  /** Number of its first line in the file, from 1. */
  readonly firstLine: number;
}

/** Verdicts on a chunk in columns, one row a response, so that they cross threads as plain memory. */
export interface ScoredChunk {
  /** Places in the order in which the task gives its samples. */
  readonly samples: Uint32Array;
  readonly lines: Uint32Array;
  /** -1 where the line gives none. */
  readonly epochs: Float64Array;
  /** NaN where there is no score. */
  readonly scores: Float64Array;
  /** Places in `codeNames`, from 1; 0 for a right answer. */
  readonly codes: Uint16Array;
  /** 1 where the answer ended at its limit. */
  readonly truncated: Uint8Array;
  readonly codeNames: readonly string[];
  /** Further measures of the rows that have some. */
  readonly measured: readonly (readonly [row: number, measures: Readonly<Record<string, number | null>>])[];
  /** Why the chunk ends before its last line; null when it does not. */
  readonly error: ThreadError | null;
}

/** A failure as it crosses threads; `code` is null for one that is no coded error. */
export interface ThreadError {
  readonly code: QwenEvalError['code'] | null;
  readonly message: string;
  readonly hint: string | null;
}
