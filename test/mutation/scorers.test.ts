import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scorer } from '../../src/core/ports/scorer.ts';
import choice from '../../src/scorers/choice.ts';
import exactMatch from '../../src/scorers/exact-match.ts';
import numericAnswer from '../../src/scorers/numeric-answer.ts';
import { mutants, type Mutant } from './mutants.ts';
import { misjudged } from './scorer-cases.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const place = join(root, '.vitest', 'mutants');
const folders = ['core', 'stats', 'text', 'scorers'];

const textOf = (file: string): string => readFileSync(join(root, 'src', file), 'utf8');

/** Copies the pure sources with one change and imports the scorers from there. */
async function scorersOf({ file, find, replace }: Mutant, index: number) {
  const home = join(place, String(index), 'src');
  mkdirSync(home, { recursive: true });
  for (const folder of folders) {
    const isCode = (path: string): boolean => !path.endsWith('.test.ts');
    cpSync(join(root, 'src', folder), join(home, folder), { recursive: true, filter: isCode });
  }
  writeFileSync(
    join(home, file),
    textOf(file).replace(find, () => replace),
  );
  const load = async (name: string): Promise<Scorer> => {
    const module = (await import(pathToFileURL(join(home, 'scorers', `${name}.ts`)).href)) as { default: Scorer };
    return module.default;
  };
  return {
    'numeric-answer': await load('numeric-answer'),
    choice: await load('choice'),
    'exact-match': await load('exact-match'),
  };
}

describe('certificates notice a changed rule', () => {
  beforeAll(() => rmSync(place, { recursive: true, force: true }));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('the unchanged scorers judge every rendering rightly', async () => {
    expect(await misjudged({ 'numeric-answer': numericAnswer, choice, 'exact-match': exactMatch })).toEqual([]);
  });

  it.each(mutants.map((mutant, index) => ({ ...mutant, index })))('$name', async ({ index, ...mutant }) => {
    expect(textOf(mutant.file).split(mutant.find)).toHaveLength(2);
    const wrong = await misjudged(await scorersOf(mutant, index));
    expect(wrong.length).toBeGreaterThan(0);
  });
});
