import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { outputError } from './journal.ts';

/** Replaces a text file atomically: a reader sees the old text or the new one, also after a crash. Throws E_OUTPUT_UNWRITABLE or E_DISK_FULL. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      const bytes = Buffer.from(text);
      for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (cause) {
    throw outputError(path, cause);
  }
}
