import { describe, expect, it } from 'vitest';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../../test/support/recorded-run.ts';
import { fixtureCatalogue } from '../../../test/support/tracker-fixture.ts';
import { buildCells } from '../build-cells.ts';
import { categoryMatrix, matrixEntryText } from '../recommend/category-matrix.ts';
import type { TrackedRun } from '../tracked-run.ts';
import { buildComparisons } from './build-comparisons.ts';

const samples = 60;

const math = fixtureCatalogue.tasks.get('gsm8k');
if (math === undefined) throw new Error('no task');
const catalogue = {
  ...fixtureCatalogue,
  tasks: new Map([
    ...fixtureCatalogue.tasks,
    ['synthetic_arithmetic', { ...math, id: 'synthetic_arithmetic' }] as const,
  ]),
};

/** A run of one task of which the first `right` of sixty samples are right. */
function run(preset: string, task: string, right: number): TrackedRun & { readonly right: number } {
  const records = Array.from({ length: samples }, (_, index) =>
    sampleRecord(task, `test/${index}`, { score: index < right ? 1 : 0 }),
  );
  const plan = taskPlan(task, {
    datasets: [],
    samples: { count: samples, digest: 'cd'.repeat(32), limit: null, sampleSeed: null },
  });
  const base = runDocument(`${preset}-${task}`, [plan], { mode: 'non-thinking' });
  const document = {
    ...base,
    plan: {
      ...base.plan,
      model: { ...base.plan.model, registryId: 'qwen3_8b' },
      preset: { ...base.plan.preset, requested: preset },
    },
  };
  return { document, result: { ...resultDocument(document, records), status: 'complete' }, right };
}

function derived(runs: readonly ReturnType<typeof run>[]) {
  const cells = buildCells({ ...catalogue, runs, reported: [] });
  const comparisons = buildComparisons({
    ...catalogue,
    cells,
    runs,
    readScores: ({ document }) => {
      const right = runs.find((one) => one.document === document)?.right ?? 0;
      const scores = Array.from({ length: samples }, (_, index) => {
        const score = index < right ? 1 : 0;
        return [
          `test/${index}`,
          { score, category: null, cluster: null, code: null, epochs: 1, right: score },
        ] as const;
      });
      return new Map(document.plan.tasks.map(({ task }) => [task, new Map(scores)]));
    },
  });
  return { comparisons, matrix: categoryMatrix(cells, { ...catalogue, comparisons }) };
}

const pairsOf = ({ comparisons }: ReturnType<typeof derived>) =>
  comparisons.map(({ a, b, tasks }) => [a.preset, b.preset, tasks.map(({ task }) => task)]);

describe('presets', () => {
  it('are compared with the base, and with one another on what the base was not asked', () => {
    const found = derived([
      run('balanced', 'gsm8k', 50),
      run('performance', 'gsm8k', 50),
      run('performance', 'humaneval', 40),
      run('memory_optimized', 'humaneval', 20),
      run('memory_optimized', 'arc_challenge', 20),
    ]);
    expect(pairsOf(found)).toEqual([
      ['performance', 'balanced', ['gsm8k']],
      ['memory_optimized', 'performance', ['humaneval']],
    ]);
    expect(found.comparisons[1]?.tasks).toMatchObject([{ verdict: 'b', pairs: samples }]);
    const code = found.matrix.find(({ category }) => category === 'code');
    expect(code?.verdict).toMatchObject({
      kind: 'best',
      preset: 'performance',
      reason: 'better than memory_optimized',
    });
  });

  it('are judged in a category only where all were asked the same', () => {
    const found = derived([
      run('balanced', 'gsm8k', 10),
      run('performance', 'synthetic_arithmetic', 50),
      run('memory_optimized', 'synthetic_arithmetic', 30),
    ]);
    expect(pairsOf(found)).toEqual([['memory_optimized', 'performance', ['synthetic_arithmetic']]]);
    const [row] = found.matrix;
    expect(row?.verdict).toEqual({
      kind: 'not enough data',
      preset: null,
      reason: 'balanced not asked the same samples; of the others: performance, better than memory_optimized',
    });
    expect(row && ['performance', 'balanced', 'other'].map((preset) => matrixEntryText(row, preset))).toEqual([
      '83.3 % [72.0, 90.7] (synthetic_arithmetic)',
      '16.7 % [9.3, 28.0] (gsm8k)',
      'not tested',
    ]);
  });
});
