import { statSync } from 'node:fs';
import { sep } from 'node:path';
import { QwenEvalError } from '../core/errors.ts';
import type { Artefact, DatasetFile } from '../core/ports/dataset.ts';
import type { HashIndex } from './hash-index.ts';

/** A file that may turn out to be an artefact. */
export interface CandidateFile {
  readonly path: string;
  /** `data-dir` or `cache`. */
  readonly origin: string;
  /** True for a file at the artefact's own place in a cache, whose name says nothing. */
  readonly expected?: boolean;
}

/** A candidate with its hash. */
export interface HashedFile extends CandidateFile {
  readonly sha256: string;
}

/** What a search came to: the file, or the files that have its name but other content. */
export interface ArtefactSearch {
  readonly file: DatasetFile | null;
  readonly impostors: readonly HashedFile[];
}

/** Files over this size are only looked at when they have the artefact's name: model weights may lie among data. */
const maxUnnamedBytes = 512 * 1024 * 1024;

/** The DatasetFile of a hashed candidate. */
export const datasetFileOf = (artefact: Artefact, found: HashedFile): DatasetFile => ({
  name: artefact.name,
  path: found.path,
  sha256: found.sha256,
  sizeBytes: statSync(found.path).size,
  verified: artefact.sha256.includes(found.sha256),
  origin: found.origin,
});

function hasName(candidate: CandidateFile, fileName: string): boolean {
  return candidate.expected === true || `${sep}${candidate.path}`.endsWith(`${sep}${fileName.replaceAll('/', sep)}`);
}

async function hashNamed(candidate: CandidateFile, index: HashIndex): Promise<HashedFile> {
  try {
    return { ...candidate, sha256: await index.sha256(candidate.path) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QwenEvalError('E_FILE_UNREADABLE', `${candidate.path} cannot be read: ${reason}`, {
      hint: 'check the permissions of the file',
      cause,
    });
  }
}

/** A file that cannot be read is not the one that was asked for by name, so it is passed over. */
async function hashUnnamed(candidate: CandidateFile, index: HashIndex): Promise<HashedFile | null> {
  try {
    if (statSync(candidate.path).size > maxUnnamedBytes) return null;
    return { ...candidate, sha256: await index.sha256(candidate.path) };
  } catch {
    return null;
  }
}

/** The candidate whose hash stands first in the artefact's list; the earlier candidate among equals. */
function preferred(artefact: Artefact, files: readonly HashedFile[]): HashedFile | null {
  for (const sha256 of artefact.sha256) {
    const found = files.find((file) => file.sha256 === sha256);
    if (found) return found;
  }
  return null;
}

/**
 * Finds an artefact among files by sha256, whatever their names. Files that have its name are hashed first, so that the usual case
 * reads no other file; all others are hashed only when those do not hold the preferred content. Rejects with E_FILE_UNREADABLE when a
 * file of that name cannot be read.
 */
export async function findArtefact(
  artefact: Artefact,
  candidates: readonly CandidateFile[],
  index: HashIndex,
): Promise<ArtefactSearch> {
  const named: HashedFile[] = [];
  for (const candidate of candidates)
    if (hasName(candidate, artefact.fileName)) named.push(await hashNamed(candidate, index));
  let found = preferred(artefact, named);
  if (found?.sha256 !== artefact.sha256[0] || found === null) {
    const others: HashedFile[] = [];
    for (const candidate of candidates) {
      if (hasName(candidate, artefact.fileName)) continue;
      const hashed = await hashUnnamed(candidate, index);
      if (hashed) others.push(hashed);
    }
    found = preferred(artefact, [...named, ...others]);
  }
  return {
    file: found && datasetFileOf(artefact, found),
    impostors: named.filter(({ sha256 }) => !artefact.sha256.includes(sha256)),
  };
}
