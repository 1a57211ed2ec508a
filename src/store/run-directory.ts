import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import { resultDocumentSchema, type ResultDocument } from '../core/result-document.ts';
import { runDocumentSchema, type RunDocument } from '../core/run-document.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { outputError } from './journal.ts';
import { replaceFile } from './replace-file.ts';

/** Files of one run. */
export interface RunDirectory {
  readonly runId: string;
  /** Absolute. */
  readonly path: string;
  readonly runFile: string;
  readonly samplesFile: string;
  /** Answers whose scoring failed for a cause that may pass. */
  readonly unscoredFile: string;
  readonly telemetryFile: string;
  readonly logFile: string;
  readonly resultFile: string;
  readonly parquetFile: string;
  /** What a server that was started for the run wrote. */
  readonly engineLogFile: string;
}

/** The files of a run directory, which need not exist yet. */
export function runDirectoryAt(path: string): RunDirectory {
  const absolute = resolve(path);
  return {
    runId: absolute.split(/[\\/]/).at(-1) ?? '',
    path: absolute,
    runFile: join(absolute, 'run.json'),
    samplesFile: join(absolute, 'samples.jsonl'),
    unscoredFile: join(absolute, 'unscored.jsonl'),
    telemetryFile: join(absolute, 'telemetry.jsonl'),
    logFile: join(absolute, 'log.ndjson'),
    resultFile: join(absolute, 'result.json'),
    parquetFile: join(absolute, 'samples.parquet'),
    engineLogFile: join(absolute, 'engine.log'),
  };
}

/** Makes the directory of a new run under `out` and writes its run.json. Throws E_OUTPUT_UNWRITABLE or E_DISK_FULL. */
export function createRunDirectory(out: string, document: RunDocument): RunDirectory {
  const directory = runDirectoryAt(join(out, document.runId));
  try {
    mkdirSync(directory.path, { recursive: true });
  } catch (cause) {
    throw outputError(directory.path, cause);
  }
  writeRunDocument(directory, document);
  return directory;
}

/** Replaces run.json atomically. */
export const writeRunDocument = (directory: RunDirectory, document: RunDocument): void =>
  writeAtomically(directory.runFile, document);

/** Replaces result.json atomically. */
export const writeResultDocument = (directory: RunDirectory, document: ResultDocument): void =>
  writeAtomically(directory.resultFile, document);

/** Replaces samples.jsonl atomically, one line a record: what re-scoring does. */
export const writeJournal = (directory: RunDirectory, records: readonly SampleRecord[]): void =>
  replaceFile(directory.samplesFile, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

const writeAtomically = (path: string, document: unknown): void =>
  replaceFile(path, `${JSON.stringify(document, null, 2)}\n`);

function readDocument<T>(path: string, schema: z.ZodType<T>): T {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new QwenEvalError('E_INPUT_INVALID', `${path} is not JSON`, {
      hint: 'the file was changed by hand or is damaged',
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new QwenEvalError(
    'E_INPUT_INVALID',
    `${path} does not have the shape of this version: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      hint: 'it was written by another version of qwen-eval or changed by hand',
    },
  );
}

/** Reads and checks run.json. */
export const loadRunDocument = (directory: RunDirectory): RunDocument =>
  readDocument(directory.runFile, runDocumentSchema);

/** Reads and checks result.json; null when the run has none yet. */
export const loadResultDocument = (directory: RunDirectory): ResultDocument | null =>
  existsSync(directory.resultFile) ? readDocument(directory.resultFile, resultDocumentSchema) : null;

/** All run directories under `out` in order of their ids (oldest first); a folder without run.json is no run. */
export function listRunDirectories(out: string): readonly RunDirectory[] {
  if (!existsSync(out)) return [];
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => runDirectoryAt(join(out, entry.name)))
    .filter((directory) => existsSync(directory.runFile))
    .toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
}

/** Finds a run by id, unique prefix, path of its directory, or `latest`. Throws E_RUN_NOT_FOUND listing what there is. */
export function findRunDirectory(out: string, reference: string): RunDirectory {
  if (/[\\/]/.test(reference) || reference === '.') {
    if (existsSync(join(reference, 'run.json')) && statSync(reference).isDirectory()) return runDirectoryAt(reference);
    throw new QwenEvalError('E_RUN_NOT_FOUND', `${reference} is not a run directory`, {
      hint: 'see `qwen-eval list runs`',
    });
  }
  const all = listRunDirectories(out);
  if (reference === 'latest') {
    const latest = all.at(-1);
    if (latest) return latest;
    throw new QwenEvalError('E_RUN_NOT_FOUND', `there is no run under ${out}`, {
      hint: 'make one with `qwen-eval run`',
    });
  }
  const matches = all.filter((directory) => directory.runId === reference || directory.runId.startsWith(reference));
  const exact = matches.find((directory) => directory.runId === reference);
  if (exact) return exact;
  if (matches.length === 1 && matches[0]) return matches[0];
  if (matches.length > 1) {
    throw new QwenEvalError(
      'E_RUN_NOT_FOUND',
      `${reference} fits ${matches.length} runs: ${matches.map((run) => run.runId).join(', ')}`,
      {
        hint: 'give more of the id',
      },
    );
  }
  throw new QwenEvalError('E_RUN_NOT_FOUND', `no run ${reference} under ${out}`, {
    hint: 'see `qwen-eval list runs`, or give --out',
  });
}
