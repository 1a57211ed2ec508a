import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The files below a directory and what was left out. */
export interface DataFileListing {
  /** Absolute paths in code-unit order, depth first. */
  readonly paths: readonly string[];
  /** Entries that were not looked at: bounds reached, folders that cannot be read, links that lead out. */
  readonly skipped: readonly string[];
}

/** Bounds of a search: a mistyped `--data-dir /` must not walk the disk. */
export interface ListingBounds {
  readonly maxDepth: number;
  readonly maxFiles: number;
}

const defaultBounds: ListingBounds = { maxDepth: 10, maxFiles: 20_000 };

/** Where a link leads when that is a file below `root`; null otherwise. */
function linkedFile(path: string, root: string): string | null {
  try {
    const target = realpathSync(path);
    return target.startsWith(root + sep) && statSync(target).isFile() ? target : null;
  } catch {
    return null;
  }
}

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Lists the regular files below a directory, hidden entries and `node_modules` left out; links count only when they lead to a file
 * inside it. A directory that is absent or cannot be read gives an empty list and names itself among the skipped.
 */
export function listDataFiles(directory: string, bounds: ListingBounds = defaultBounds): DataFileListing {
  const paths: string[] = [];
  const skipped: string[] = [];
  let root = directory;
  const visit = (folder: string, depth: number): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) {
        if (depth < bounds.maxDepth) tryVisit(path, depth + 1);
        else skipped.push(path);
        continue;
      }
      if (!entry.isFile() && !(entry.isSymbolicLink() && linkedFile(path, root))) {
        if (entry.isSymbolicLink()) skipped.push(path);
        continue;
      }
      if (paths.length >= bounds.maxFiles) {
        skipped.push(path);
        return;
      }
      paths.push(path);
    }
  };
  const tryVisit = (folder: string, depth: number): void => {
    try {
      visit(folder, depth);
    } catch {
      skipped.push(folder);
    }
  };
  try {
    root = realpathSync(directory);
  } catch {
    return { paths, skipped: [directory] };
  }
  tryVisit(root, 0);
  return { paths, skipped };
}
