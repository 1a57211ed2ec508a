import type { ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import { loadResultDocument, loadRunDocument, type RunDirectory } from '../store/run-directory.ts';

/** A run directory with its documents. */
export interface LoadedRun {
  readonly directory: RunDirectory;
  readonly document: RunDocument;
  /** Null while the run has no result.json. */
  readonly result: ResultDocument | null;
}

/** Reads run.json and result.json of a run directory. */
export const loadRun = (directory: RunDirectory): LoadedRun => ({
  directory,
  document: loadRunDocument(directory),
  result: loadResultDocument(directory),
});
