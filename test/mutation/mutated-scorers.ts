import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Scorer } from '../../src/core/ports/scorer.ts';
import type { Mutant } from './mutants.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = ['core', 'stats', 'text', 'scorers'];

/** Folder for the sources of a test's mutants; the test removes it. */
export const mutantFolder = (test: string): string => join(root, '.vitest', 'mutants', test);

/** Text of a file below src/. */
export const sourceOf = (file: string): string => readFileSync(join(root, 'src', file), 'utf8');

/** Copies the pure sources with one change to a folder of its own, and gives what loads a scorer from there. */
export function mutatedScorers({ file, find, replace }: Mutant, folder: string): (name: string) => Promise<Scorer> {
  const home = join(folder, 'src');
  mkdirSync(home, { recursive: true });
  for (const pure of folders) {
    const isCode = (path: string): boolean => !path.endsWith('.test.ts');
    cpSync(join(root, 'src', pure), join(home, pure), { recursive: true, filter: isCode });
  }
  writeFileSync(
    join(home, file),
    sourceOf(file).replace(find, () => replace),
  );
  return async (name) => {
    const module = (await import(pathToFileURL(join(home, 'scorers', `${name}.ts`)).href)) as { default: Scorer };
    return module.default;
  };
}
