import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import type { FileHead, Importer } from './importer.ts';

/** Files to import by the importer that reads them. */
export type Sources = ReadonlyMap<Importer, readonly string[]>;

const headBytes = 64 * 1024;

/**
 * The files that the given files and folders hold for some of the importers; folders are searched to the bottom, and what no importer
 * recognises there is passed over. Throws E_FILE_UNREADABLE for a path that is not there, and E_INPUT_INVALID for a given file that no
 * importer recognises and for a folder without any.
 */
export function findSources(paths: readonly string[], importers: readonly Importer[]): Sources {
  const sources = new Map<Importer, string[]>();
  const kinds = importers.map(({ id, title }) => `${id} (${title})`).join(', ');
  for (const path of paths) {
    const isFolder = kindOf(path) === 'folder';
    const found = (isFolder ? filesIn(path) : [path]).filter((file) => {
      const importer = importers.find((candidate) => candidate.recognises(readHead(file)));
      if (importer === undefined) return false;
      sources.set(importer, [...(sources.get(importer) ?? []), file]);
      return true;
    });
    if (found.length > 0) continue;
    throw new QwenEvalError(
      'E_INPUT_INVALID',
      isFolder ? `${path} holds nothing to import` : `${path} is nothing that can be imported`,
      { hint: `it can be: ${kinds}` },
    );
  }
  return sources;
}

function kindOf(path: string): 'file' | 'folder' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'give a file or a folder that is there',
      cause,
    });
  }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

function readHead(path: string): FileHead {
  const buffer = Buffer.alloc(headBytes);
  try {
    const descriptor = openSync(path, 'r');
    try {
      return { path, head: buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, headBytes, 0)) };
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
