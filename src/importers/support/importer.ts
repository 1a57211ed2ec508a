import type { Options } from '../../config/options.ts';
import type { RunRuntime } from '../../runner/run.ts';
import type { Finding } from '../../tracker/finding.ts';

/** What is to be imported, and where to. */
export interface ImportRequest {
  /** Files the importer recognised, or that were given for its kind, in order. */
  readonly files: readonly string[];
  readonly options: Options;
  readonly runtime: RunRuntime;
}

/** What an import left. */
export interface ImportOutcome {
  /** Ids of the run directories that now hold what was imported, those that did so before included. */
  readonly runs: readonly string[];
  /** Records in them. */
  readonly records: number;
  readonly findings: readonly Finding[];
  /** Further members of the command's document. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What a reader sees. */
  readonly text: string;
}

/** The beginning of a file, by which its kind is told. */
export interface FileHead {
  readonly path: string;
  /** First 64 KiB as text; bytes that are no UTF-8 are replaced. */
  readonly head: string;
}

/** Something that `import` reads. Importing the same files again changes nothing. */
export interface Importer {
  /** Equals the file name; what users type as the kind. */
  readonly id: string;
  /** What it reads, as a noun phrase. */
  readonly title: string;
  /** Whether a file is one to import, not one that belongs to such a file. */
  recognises(file: FileHead): boolean;
  run(request: ImportRequest): Promise<ImportOutcome>;
}

/** Declares an importer; the default export of a file in src/importers/. */
export const defineImporter = (importer: Importer): Importer => importer;
