import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isQwenEvalError } from '../../core/errors.ts';
import { replaceFile } from '../../store/replace-file.ts';
import { listRunDirectories, loadRunDocument, type RunDirectory } from '../../store/run-directory.ts';
import type { ImportedLog } from './imported-log.ts';
import { importReportSchema, type ImportReport } from './import-report.ts';

/** A run directory that holds a log already. */
export interface ImportedRun {
  readonly runId: string;
  /** Null where the import was cut off before its end. */
  readonly report: ImportReport | null;
}

const reportFile = (directory: RunDirectory): string => join(directory.path, 'import.json');

/** Leaves the report on an import in its run directory. */
export const writeReport = (directory: RunDirectory, report: ImportReport): void =>
  replaceFile(reportFile(directory), `${JSON.stringify(report, null, 2)}\n`);

/** The run that was made of the same files, whatever their names; null when there is none. */
export function findImportedRun(out: string, files: ImportedLog['files']): ImportedRun | null {
  const wanted = hashesOf(files);
  for (const directory of listRunDirectories(out)) {
    const imported = importedOf(directory);
    if (imported && hashesOf(imported.files) === wanted)
      return { runId: directory.runId, report: readReport(directory) };
  }
  return null;
}

const hashesOf = (files: ImportedLog['files']): string =>
  files
    .map(({ sha256 }) => sha256)
    .toSorted()
    .join(' ');

// A damaged run is for the commands that read runs to complain of.
function importedOf(directory: RunDirectory) {
  try {
    return loadRunDocument(directory).imported;
  } catch (error) {
    if (isQwenEvalError(error)) return undefined;
    throw error;
  }
}

function readReport(directory: RunDirectory): ImportReport | null {
  if (!existsSync(reportFile(directory)) || !existsSync(directory.resultFile)) return null;
  try {
    return importReportSchema.parse(JSON.parse(readFileSync(reportFile(directory), 'utf8')));
  } catch {
    return null;
  }
}
