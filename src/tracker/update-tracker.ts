import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import { replaceFile } from '../store/replace-file.ts';
import { buildTracker, type TrackerSources } from './build-tracker.ts';
import type { Finding } from './finding.ts';
import { readLegacyFiles } from './legacy/legacy-files.ts';
import { mergeBlocks, type MovedText } from './merge-blocks.ts';
import { readTrackedRuns } from './read-tracked-runs.ts';
import { runLinks } from './run-links.ts';
import { sections } from './sections.ts';
import type { TrackedRun } from './tracked-run.ts';
import type { Tracker } from './tracker.ts';

/** Everything the tracker is derived from that does not stand in run directories. */
export type TrackerCatalogue = Omit<TrackerSources, 'runs' | 'unreadable' | 'readScores' | 'legacy'>;

export interface UpdateRequest {
  /** Tracker document; null derives the tracker and writes nothing. */
  readonly path: string | null;
  /** Folder of the run directories. */
  readonly out: string;
  readonly catalogue: TrackerCatalogue;
}

export interface UpdatedTracker {
  readonly tracker: Tracker;
  /** What it was derived from, oldest first. */
  readonly runs: readonly TrackedRun[];
  /** True when the document was written because it was not current. */
  readonly changed: boolean;
  readonly findings: readonly Finding[];
}

/** Derives the tracker from all run directories and brings the document up to date; a current document is not touched. Throws E_TRACKER_MARKERS, E_FILE_UNREADABLE or E_OUTPUT_UNWRITABLE with the document as it was. */
export function updateTracker({ path, out, catalogue }: UpdateRequest): UpdatedTracker {
  const read = readTrackedRuns(out);
  const { legacy, unreadable } = readLegacyFiles(out);
  const tracker = buildTracker({ ...catalogue, ...read, legacy, unreadable: [...read.unreadable, ...unreadable] });
  const { runs } = read;
  if (path === null) return { tracker, runs, changed: false, findings: tracker.findings };
  const file = realPath(resolve(path));
  const before = readDocument(file);
  const link = runLinks(relative(dirname(file), realPath(resolve(out))).replaceAll('\\', '/'));
  const blocks = sections.map(({ name, heading, lines }) => ({ name, heading, lines: lines(tracker, link) }));
  const { text, moved, ticked } = mergeBlocks(before, blocks);
  const changed = text !== before;
  if (changed) writeDocument(file, text);
  return {
    tracker,
    runs,
    changed,
    findings: [...tracker.findings, ...moved.map(movedFinding), ...ticked.map(tickedFinding)],
  };
}

/** A path without symbolic links, also of what is not there yet: links between documents must not depend on it. */
const realPath = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));

function readDocument(file: string): string | null {
  if (!existsSync(file)) return null;
  if (statSync(file).isDirectory())
    throw new QwenEvalError('E_FILE_UNREADABLE', `tracker ${file} is a folder`, {
      hint: `name a file in it: --tracker ${join(file, 'TRACKER.md')}`,
    });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `tracker ${file} cannot be read: ${(cause as Error).message}`, {
      hint: 'it must be a text file in UTF-8; give another one with --tracker',
      cause,
    });
  }
}

/** A file that is marked read-only stays as it is, although its folder would allow to replace it. */
function writeDocument(file: string, text: string): void {
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    else mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, text);
  } catch (cause) {
    const code = isQwenEvalError(cause) ? cause.code : 'E_OUTPUT_UNWRITABLE';
    throw new QwenEvalError(
      code,
      isQwenEvalError(cause) ? cause.message : `${file} cannot be written: ${(cause as Error).message}`,
      {
        hint: 'give another file with --tracker, or `--tracker none` to leave it alone',
        cause,
      },
    );
  }
}

const movedFinding = ({ block, line, text }: MovedText): Finding => ({
  id: 'tracker.moved_text',
  severity: 'warning',
  quote: text,
  explanation: `line ${line} of the tracker was written by hand inside the generated block ${block}: it was moved below that block`,
});

const tickedFinding = ({ block, line, text }: MovedText): Finding => ({
  id: 'tracker.ticked_box',
  severity: 'info',
  quote: text,
  explanation: `line ${line} of the tracker: a box of the generated block ${block} was changed by hand: boxes follow the runs, it was put back`,
});
