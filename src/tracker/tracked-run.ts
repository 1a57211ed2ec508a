import type { ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';

/** One run directory as the tracker sees it. */
export interface TrackedRun {
  readonly document: RunDocument;
  /** Null while the run has no result.json. */
  readonly result: ResultDocument | null;
}

/** A directory that holds a run the tracker cannot read, and why. */
export interface UnreadableRun {
  readonly runId: string;
  readonly reason: string;
}

/** Oldest first: by the time a run was made, then by its id. */
export const byAge = (a: TrackedRun, b: TrackedRun): number =>
  compareText(a.document.createdAt, b.document.createdAt) || compareText(a.document.runId, b.document.runId);

/** Code-unit order, the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
