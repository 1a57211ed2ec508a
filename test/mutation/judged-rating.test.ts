import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scorer } from '../../src/core/ports/scorer.ts';
import type { Task } from '../../src/core/ports/task.ts';
import { certifyTask } from '../../src/runner/certify.ts';
import judgedRating, { type JudgedInput, type JudgedTarget } from '../../src/scorers/judged-rating.ts';
import mtBench from '../../src/tasks/mt-bench.ts';
import { ownJudgePrompts } from '../../src/tasks/support/mt-bench/judge-prompts.ts';
import { defaultSettings } from '../support/task-settings.ts';
import { mutantFolder, mutatedScorers, sourceOf } from './mutated-scorers.ts';

const rating = 'text/rating.ts';
const scorer = 'scorers/judged-rating.ts';

const mutants = [
  ['no double brackets', rating, 'const brackets = bracketCandidates(text);', 'const brackets: Candidate[] = [];'],
  ['no names', rating, '[...brackets, ...labels.filter((candidate) => candidate.isNamed)]', '[...brackets]'],
  ['no weak names', rating, '...labels.filter((candidate) => !candidate.isNamed),', ''],
  ['no fractions', rating, "...candidatesOf(text, { method: 'fraction', pattern: fraction, group: 1 }),", ''],
  ['no sentences', rating, "...candidatesOf(text, { method: 'given', pattern: given, group: 1 }),", ''],
  ['no number alone', rating, 'aloneCandidate(text),\n', '[],\n'],
  ['the first rating counts', rating, 'ordered.findLast(isOnScale)', 'ordered.find(isOnScale)'],
  ['any number is on the scale', rating, 'value !== null && value >= 1 && value <= 10', 'value !== null'],
  ['nought is on the scale', rating, 'value >= 1 &&', 'value >= 0 &&'],
  ['eleven is on the scale', rating, 'value <= 10;', 'value <= 11;'],
  ['every scale is one to ten', rating, "text === undefined || text === '10'", 'true'],
  ['nothing spoils a number', rating, 'if (scaled) return !isTen(scaled[1]);', 'if (true) return false;'],
  ['ranges are ratings', rating, '\\s*(?:-|to\\b)\\s*\\d|', ''],
  ['percentages are ratings', rating, '(?:\\s*%|', '(?:'],
  ['denied ratings count', rating, '!negation.test(text.slice(Math.max(0, start - 60), start))', 'true'],
  ['a verdict off the scale leaves the one before it', rating, 'if (isOff) break;', ''],
  ['full-width letters are not read', rating, '/[！-～]/g', '/[！-！]/g'],
  ['no second question', scorer, 'if (second.rating !== null) return { ...second, rating: second.rating };', ''],
  ['ratings are tenths', scorer, 'score: (rating - 1) / 9,', 'score: rating / 10,'],
  [
    'only the first turn counts',
    scorer,
    'ratings.reduce((sum, one) => sum + one, 0) / ratings.length',
    '(ratings[0] ?? 1)',
  ],
  [
    'unreadable turns are left out',
    scorer,
    "if ('kind' in outcome) return { ...outcome, judgements };",
    "if ('kind' in outcome) continue;",
  ],
].map(([name = '', file = '', find = '', replace = ''], index) => ({ name, file, find, replace, index }));

const samples = Array.from({ length: 10 }, (_, index) => ({
  id: String(index),
  category: null,
  cluster: null,
  input: { turns: ['first?', 'second?'] } satisfies JudgedInput,
  target: { references: null, prompts: ownJudgePrompts } satisfies JudgedTarget,
}));

const certify = (changed: Scorer) =>
  certifyTask(
    { ...(mtBench as Task), scorer: changed },
    { samples, settings: defaultSettings, services: { sandbox: null, judge: null }, datasets: [] },
    { scope: 'full' },
  );

const place = mutantFolder('judged-rating');

describe('the certificate over judge texts notices a changed rule', () => {
  beforeAll(() => rmSync(place, { recursive: true, force: true }));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('the unchanged scorer passes', async () => {
    expect(await certify(judgedRating as Scorer)).toMatchObject({ passed: true, failures: [] });
  });

  it.each(mutants)('$name', async ({ index, ...mutant }) => {
    expect(sourceOf(mutant.file).split(mutant.find)).toHaveLength(2);
    const load = mutatedScorers(mutant, join(place, String(index)));
    expect((await certify(await load('judged-rating'))).passed).toBe(false);
  });
});
