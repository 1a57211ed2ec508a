import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRandomModel } from '../../tools/random-model/random-model.mjs';

let written: string | null = null;

/** Path of a small model with random weights, written once: it talks nonsense without end, which tests of the engine alone want. */
export function randomModel(): string {
  if (written === null) {
    const folder = mkdtempSync(join(tmpdir(), 'random-model-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    written = join(folder, 'random-model.gguf');
    writeFileSync(written, makeRandomModel());
  }
  return written;
}
