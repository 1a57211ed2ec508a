import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const candidates = [
  process.env['QE_TEST_DATA'],
  join(root, '..', 'shared', 'data'),
  join(root, '..', '..', 'shared', 'data'),
];

/** Directory of the real benchmark files, or null where they are not available. */
export const sharedData: string | null = candidates.find((path) => path !== undefined && existsSync(path)) ?? null;

/** Path of a real benchmark file; only inside `describeWithData`. */
export const sharedDataPath = (...parts: readonly string[]): string => join(sharedData ?? 'missing', ...parts);

/** A `describe` that needs the real benchmark files and says so in its title when it is skipped. */
export const describeWithData = (title: string, suite: () => void): void => {
  if (sharedData === null)
    describe.skip(`${title} [skipped: no benchmark files; set QE_TEST_DATA to their directory]`, suite);
  else describe(title, suite);
};

const referenceFolders = candidates.map((path) => (path === undefined ? undefined : join(path, '..', 'reference')));

const referencePath = (name: string): string | null =>
  referenceFolders
    .flatMap((folder) => (folder === undefined ? [] : [join(folder, name)]))
    .find((path) => existsSync(path)) ?? null;

/** Rows of a reference table that lies beside the benchmark files; only inside `describeWithReference`. */
export const referenceTable = (name: string): readonly unknown[] => {
  const path = referencePath(name);
  return path === null ? [] : (JSON.parse(readFileSync(path, 'utf8')) as readonly unknown[]);
};

/** A `describe` that needs a reference table and says so in its title when it is skipped. */
export const describeWithReference = (title: string, name: string, suite: () => void): void => {
  if (referencePath(name) === null)
    describe.skip(`${title} [skipped: no ${name} beside the benchmark files]`, () => undefined);
  else describe(title, suite);
};
