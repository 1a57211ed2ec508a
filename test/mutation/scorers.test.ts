import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import choice from '../../src/scorers/choice.ts';
import exactMatch from '../../src/scorers/exact-match.ts';
import numericAnswer from '../../src/scorers/numeric-answer.ts';
import { mutants } from './mutants.ts';
import { mutantFolder, mutatedScorers, sourceOf } from './mutated-scorers.ts';
import { misjudged } from './scorer-cases.ts';

const place = mutantFolder('scorers');

describe('certificates notice a changed rule', () => {
  beforeAll(() => rmSync(place, { recursive: true, force: true }));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('the unchanged scorers judge every rendering rightly', async () => {
    expect(await misjudged({ 'numeric-answer': numericAnswer, choice, 'exact-match': exactMatch })).toEqual([]);
  });

  it.each(mutants.map((mutant, index) => ({ ...mutant, index })))('$name', async ({ index, ...mutant }) => {
    expect(sourceOf(mutant.file).split(mutant.find)).toHaveLength(2);
    const load = mutatedScorers(mutant, join(place, String(index)));
    const wrong = await misjudged({
      'numeric-answer': await load('numeric-answer'),
      choice: await load('choice'),
      'exact-match': await load('exact-match'),
    });
    expect(wrong.length).toBeGreaterThan(0);
  });
});
