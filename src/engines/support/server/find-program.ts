import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { QwenEvalError } from '../../../core/errors.ts';

/** Where a program is looked for. */
export interface ProgramSearch {
  /** Names it goes by. */
  readonly names: readonly string[];
  /** What the user gave: a program, or a program and its first arguments. */
  readonly command: string | readonly string[] | null;
  /** Folder of a Python virtual environment. */
  readonly virtualEnvironment: string | null;
  readonly path: string;
  /** How it is installed. */
  readonly installHint: string;
}

/** Finds a program: the command given, else in the virtual environment given, else on PATH. Throws E_ENGINE_MISSING with where it was looked for. */
export function findProgram(search: ProgramSearch): readonly string[] {
  const { names, command, virtualEnvironment, path, installHint } = search;
  const missing = (where: string): QwenEvalError =>
    new QwenEvalError('E_ENGINE_MISSING', `${names.join(' or ')} was not found: ${where}`, { hint: installHint });
  if (command !== null) {
    const [program = '', ...first] = typeof command === 'string' ? [command] : command;
    const found = program.includes('/') ? executable(resolve(program)) : onPath(program, path);
    if (found === null) throw missing(`${program} is no program`);
    return [found, ...first];
  }
  if (virtualEnvironment !== null) {
    const folders = ['bin', 'Scripts'].map((folder) => resolve(virtualEnvironment, folder));
    const found = firstOf(folders.flatMap((folder) => names.map((name) => join(folder, name))));
    if (found === null) throw missing(`virtual environment ${resolve(virtualEnvironment)} does not hold it`);
    return [found];
  }
  const found = names.map((name) => onPath(name, path)).find((candidate) => candidate !== null);
  if (!found) throw missing('it is not on PATH');
  return [found];
}

const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];

function executable(file: string): string | null {
  for (const candidate of endings.map((ending) => `${file}${ending}`)) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not this one.
    }
  }
  return null;
}

const firstOf = (files: readonly string[]): string | null =>
  files.map(executable).find((candidate) => candidate !== null) ?? null;

const onPath = (name: string, path: string): string | null =>
  firstOf(
    path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name)),
  );
