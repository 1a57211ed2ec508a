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

const imported = /^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gm;

/** Files below src/ that some of them need, themselves among them. */
function neededFiles(files: readonly string[]): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (needed.has(file)) continue;
    needed.add(file);
    for (const [, path = ''] of sourceOf(file).matchAll(imported)) open.push(join(dirname(file), path));
  }
  return needed;
}

/** Copies files below src/, and what they import, with one change to a folder of its own, and gives what loads the default export of one from there. */
export function mutatedFiles(
  { file, find, replace }: Mutant,
  folder: string,
  files: readonly string[],
): <Plugin>(file: string) => Promise<Plugin> {
  const home = join(folder, 'src');
  for (const needed of neededFiles(files)) {
    const source = sourceOf(needed);
    mkdirSync(dirname(join(home, needed)), { recursive: true });
    writeFileSync(join(home, needed), needed === file ? source.replace(find, () => replace) : source);
  }
  return async <Plugin>(path: string) => {
    const module = (await import(pathToFileURL(join(home, path)).href)) as { default: Plugin };
    return module.default;
  };
}

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
