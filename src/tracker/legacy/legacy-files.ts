import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputError } from '../../store/journal.ts';
import { replaceFile } from '../../store/replace-file.ts';
import type { UnreadableRun } from '../tracked-run.ts';
import { legacyTrackerSchema, type LegacyTracker } from './legacy-tracker.ts';

const folderOf = (out: string): string => join(out, 'legacy');

/** Leaves an imported document under `out`, named by its content; a file that is there already and equal is not touched. Throws E_OUTPUT_UNWRITABLE or E_DISK_FULL. */
export function writeLegacy(out: string, legacy: LegacyTracker): { readonly path: string; readonly changed: boolean } {
  const path = join(folderOf(out), `${legacy.source.sha256.slice(0, 8)}.json`);
  const text = `${JSON.stringify(legacy, null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return { path, changed: false };
  try {
    mkdirSync(folderOf(out), { recursive: true });
  } catch (cause) {
    throw outputError(folderOf(out), cause);
  }
  replaceFile(path, text);
  return { path, changed: true };
}

/** Imported documents under `out`, in order of their file names; one that cannot be read is named with the reason. */
export function readLegacyFiles(out: string): {
  readonly legacy: readonly LegacyTracker[];
  readonly unreadable: readonly UnreadableRun[];
} {
  const folder = folderOf(out);
  const legacy: LegacyTracker[] = [];
  const unreadable: UnreadableRun[] = [];
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  for (const name of names.toSorted()) {
    const parsed = legacyTrackerSchema.safeParse(readJson(join(folder, name)));
    if (parsed.success) legacy.push(parsed.data);
    else {
      const [issue] = parsed.error.issues;
      unreadable.push({
        runId: `legacy/${name}`,
        reason: `it does not have the shape of this version: ${issue?.path.join('.')}: ${issue?.message}; import the old document again`,
      });
    }
  }
  return { legacy, unreadable };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
