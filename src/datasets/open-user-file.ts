import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { openDatasetReader } from './open-dataset-reader.ts';

/** Reads a file of the user's in the place of an artefact, whatever its hash. Rejects with E_FILE_UNREADABLE. */
export async function openUserFile(path: string, artefact: string): Promise<DatasetReader> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'check the path',
      cause,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = { name: artefact, path, sha256, sizeBytes: bytes.length, verified: false, origin: 'user' };
  return openDatasetReader(new Map([[artefact, file]]));
}
