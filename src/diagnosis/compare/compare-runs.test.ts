import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunPlan, TaskPlan } from '../../core/run-plan.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { runDocument, sampleRecord, taskPlan, writeRun } from '../../../test/support/recorded-run.ts';
import { compareRuns } from './compare-runs.ts';

const out = temporaryFolder('compare');
afterAll(() => rmSync(out, { recursive: true, force: true }));

const options = { tasks: null, delta: 0.02, allowDifferent: [] };

/** Records of one task whose n-th sample is right where the n-th character is `1`, wrong for `0`, unscored for `-`. */
const records = (task: string, outcomes: string, changes: Partial<SampleRecord> = {}): SampleRecord[] =>
  Array.from(outcomes, (outcome, index) =>
    sampleRecord(task, `test/${index}`, {
      category: index % 2 === 0 ? 'even' : 'odd',
      ...(outcome === '1' ? {} : { score: 0, code: 'answer.wrong' }),
      ...(outcome === '-' ? { score: null, unscored: 'no answer', code: 'infra.timeout' } : {}),
      ...changes,
    }),
  );

let runs = 0;
const run = (
  outcomes: Readonly<Record<string, string>>,
  change: { readonly plan?: Partial<RunPlan>; readonly task?: Partial<TaskPlan> } = {},
) => {
  const plans = Object.keys(outcomes).map((task) => taskPlan(task, change.task));
  const all = Object.entries(outcomes).flatMap(([task, text]) => records(task, text));
  return writeRun(out, runDocument(`run-${runs++}`, plans, change.plan), all);
};

describe('compareRuns', () => {
  it('pairs by sample and counts only those scored in both', () => {
    const a = run({ gsm8k: '1110-' });
    const b = run({ gsm8k: '10011' });
    const [comparison] = compareRuns(a, b, options).comparisons;
    expect(comparison).toMatchObject({
      task: 'gsm8k',
      metric: 'accuracy',
      pairs: 4,
      unpaired: { a: 0, b: 1 },
      verdict: 'undecided',
      flips: {
        gained: 2,
        lost: 1,
        samples: [
          { sampleId: 'test/1', category: 'odd', a: 1, b: 0, code: 'answer.wrong' },
          { sampleId: 'test/2', category: 'even', a: 1, b: 0, code: 'answer.wrong' },
          { sampleId: 'test/3', category: 'odd', a: 0, b: 1, code: 'answer.wrong' },
        ],
      },
    });
    expect(comparison?.categories.map(({ category, pairs }) => [category, pairs])).toEqual([
      ['even', 2],
      ['odd', 2],
    ]);
  });

  it('does not depend on the order in which samples finished', () => {
    const plan = taskPlan('gsm8k');
    const forward = records('gsm8k', '1101001110');
    const a = writeRun(out, runDocument('forward', [plan]), forward);
    const shuffled = writeRun(out, runDocument('backward', [plan]), forward.toReversed());
    const b = run({ gsm8k: '1111001000' });
    const [first, second] = [compareRuns(a, b, options), compareRuns(shuffled, b, options)];
    expect(second.comparisons).toEqual(first.comparisons);
  });

  it('names the better run, a tie, and how many samples would decide', () => {
    const right = '1'.repeat(300);
    const verdict = (a: string, b: string) => compareRuns(run({ gsm8k: a }), run({ gsm8k: b }), options).comparisons[0];
    expect(verdict(right, `${'0'.repeat(30)}${'1'.repeat(270)}`)?.verdict).toBe('a');
    expect(verdict(`${'0'.repeat(30)}${'1'.repeat(270)}`, right)?.verdict).toBe('b');
    expect(verdict(right, right)?.verdict).toBe('tied');
    const open = verdict(
      `${'1'.repeat(170)}${'0'.repeat(130)}`,
      `${'0'.repeat(20)}${'1'.repeat(160)}${'0'.repeat(120)}`,
    );
    expect(open?.verdict).toBe('undecided');
    expect(open?.pairsToDecide).toBeGreaterThan(300);
  });

  it('corrects for the number of tasks in the call', () => {
    const weak = { a: `${'1'.repeat(21)}${'0'.repeat(79)}`, b: `${'1'.repeat(14)}${'0'.repeat(86)}` };
    const alone = compareRuns(run({ one: weak.a }), run({ one: weak.b }), options);
    expect(alone.comparisons[0]?.verdict).toBe('a');
    const same = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`same_${index}`, '10'.repeat(50)]));
    const among = compareRuns(run({ one: weak.a, ...same }), run({ one: weak.b, ...same }), options);
    expect(among.comparisons[0]?.verdict).toBe('undecided');
  });

  it('averages epochs before pairing and keeps clusters together', () => {
    const plan = taskPlan('gsm8k', {
      epochs: 2,
      samples: { count: 2, digest: 'cd'.repeat(32), limit: 2, sampleSeed: null },
    });
    const epochs = (...scores: readonly number[]) =>
      scores.map((score, index) =>
        sampleRecord('gsm8k', `test/${Math.floor(index / 2)}`, { epoch: index % 2, score, cluster: 'passage' }),
      );
    const a = writeRun(out, runDocument('epochs-a', [plan]), epochs(1, 0, 1, 1));
    const b = writeRun(out, runDocument('epochs-b', [plan]), epochs(0, 0, 1, 1));
    const [comparison] = compareRuns(a, b, options).comparisons;
    expect(comparison).toMatchObject({ pairs: 2, flips: { samples: [{ sampleId: 'test/0', a: 0.5, b: 0 }] } });
    expect(comparison?.difference).toEqual({ unavailable: 'all 2 pairs belong to one cluster' });
  });

  it('compares ratings in their own range', () => {
    const rated = (rating: number, index: number) =>
      sampleRecord('mt_bench', `${index}`, { score: (rating - 1) / 9, measures: { rating } });
    const plan = taskPlan('mt_bench', { headline: 'rating' });
    const a = writeRun(out, runDocument('rated-a', [plan]), [8, 9, 7.5, 6, 9].map(rated));
    const b = writeRun(out, runDocument('rated-b', [plan]), [7, 9, 6.5, 6, 8].map(rated));
    const [comparison] = compareRuns(a, b, options).comparisons;
    expect(comparison).toMatchObject({ metric: 'rating', a: { value: 7.9 }, b: { value: 7.3 }, delta: 0.18 });
  });

  describe('identity', () => {
    const shots = { ...taskPlan('x').settings, fewShot: 4 };
    it.each([
      ['dataset-test', { datasets: [{ name: 'test', sha256: '12'.repeat(32), verified: true }] }],
      ['samples', { samples: { count: 100, digest: '34'.repeat(32), limit: 50, sampleSeed: null } }],
      ['task-version', { taskVersion: 2 }],
      ['scorer-version', { scorerVersion: 2 }],
      ['choice-mode', { settings: { ...taskPlan('x').settings, choiceMode: 'loglikelihood' as const } }],
    ])('refuses runs that differ in %s unless it is allowed', (name, task) => {
      const [a, b] = [run({ gsm8k: '1100' }), run({ gsm8k: '1010' }, { task })];
      expect(() => compareRuns(a, b, options)).toThrowError(
        expect.objectContaining({ code: 'E_NOT_COMPARABLE', message: expect.stringContaining('gsm8k') }),
      );
      const allowed = compareRuns(a, b, { ...options, allowDifferent: [name] });
      expect(allowed.comparable).toBe(false);
      expect(allowed.differingIdentity[0]).toMatchObject({ mustBeEqual: true, tasks: ['gsm8k'] });
    });

    it('names every part that is in the way, and takes a kind for its parts', () => {
      const task = { settings: shots, datasets: [{ name: 'test', sha256: '12'.repeat(32), verified: true }] };
      const [a, b] = [run({ gsm8k: '1100' }), run({ gsm8k: '1010' }, { task })];
      expect(() => compareRuns(a, b, { ...options, allowDifferent: ['shots'] })).toThrowError(
        /dataset test .*sha256 abab/,
      );
      expect(() => compareRuns(a, b, { ...options, allowDifferent: ['Dataset', 'shots'] })).not.toThrow();
    });

    it('refuses a name that is no part of an identity, whether or not the runs differ', () => {
      const one = run({ gsm8k: '1100' });
      expect(() => compareRuns(one, one, { ...options, allowDifferent: ['shot'] })).toThrowError(
        expect.objectContaining({ code: 'E_OPTION_INVALID', hint: expect.stringContaining('shots') as string }),
      );
    });

    it('lists what may differ', () => {
      const plan = {
        model: { ...runDocument('x', []).plan.model, registryId: 'qwen3_1_7b' },
        mode: 'thinking' as const,
        preset: { ...runDocument('x', []).plan.preset, requested: 'performance' },
      };
      const compared = compareRuns(run({ gsm8k: '10' }), run({ gsm8k: '10' }, { plan }), options);
      expect(compared.comparable).toBe(true);
      expect(compared.differingIdentity.map(({ identity, a, b }) => [identity, a, b])).toEqual([
        ['model', 'qwen3_0_6b', 'qwen3_1_7b'],
        ['preset', 'balanced', 'performance'],
        ['mode', 'unspecified', 'thinking'],
      ]);
    });

    it('refuses runs without a common task and tasks that one run lacks', () => {
      const [a, b] = [run({ gsm8k: '10' }), run({ mmlu: '10' })];
      expect(() => compareRuns(a, b, options)).toThrowError(/no task in common/);
      expect(() => compareRuns(a, a, { ...options, tasks: ['gsm8k', 'mmlu'] })).toThrowError(/not in both runs: mmlu/);
      const both = run({ gsm8k: '10', mmlu: '11' });
      expect(compareRuns(a, both, options).onlyIn).toEqual({ a: [], b: ['mmlu'] });
    });
  });

  it('shows what each run cost beside its quality', () => {
    const compared = compareRuns(run({ gsm8k: '1100' }), run({ gsm8k: '1100' }), options);
    expect(compared.system.a).toMatchObject({ outputTokensPerSecond: 1000, tokensPerAnswer: 50 });
  });
});

describe('compareRuns on headlines that are no plain mean', () => {
  it('averages the categories where the headline does', () => {
    const task = { headlineParts: { unit: 'category' } } as const;
    const scored = (outcomes: string) =>
      Array.from(outcomes, (outcome, index) =>
        sampleRecord('calls', `test/${index}`, {
          category: index < 30 ? 'many' : 'few',
          ...(outcome === '1' ? {} : { score: 0, code: 'answer.wrong' }),
        }),
      );
    const write = (name: string, outcomes: string) =>
      writeRun(out, runDocument(name, [taskPlan('calls', task)]), scored(outcomes));
    const a = write('macro-a', `${'1'.repeat(15)}${'0'.repeat(15)}${'1'.repeat(10)}`);
    const b = write('macro-b', `${'1'.repeat(24)}${'0'.repeat(6)}${'1'.repeat(5)}${'0'.repeat(5)}`);
    const [comparison] = compareRuns(a, b, options).comparisons;
    expect(comparison).toMatchObject({
      averaged: 'categories',
      a: { value: 0.75 },
      b: { value: 0.65 },
      flips: { gained: 5, lost: 9 },
    });
    expect(comparison?.difference).toMatchObject({ method: 'tango-stratified', n: 40 });
    expect(comparison?.difference).toHaveProperty('value', expect.closeTo(0.1, 12));
    const plain = writeRun(out, runDocument('plain', [taskPlan('calls')]), scored('1'.repeat(40)));
    // A run from before plans said so is read by what the other says.
    expect(compareRuns(plain, b, options).comparisons[0]).toMatchObject({ averaged: 'categories' });
    expect(compareRuns(plain, plain, options).comparisons[0]).toMatchObject({ averaged: 'samples' });
  });

  it('counts items where the headline does, whole ones only, and their epochs', () => {
    const plan = taskPlan('wordings', { epochs: 2, headlineParts: { unit: 'item', samples: 2 } });
    // Items of two samples; one character a sample, a row an epoch.
    const write = (name: string, epochs: readonly string[]) =>
      writeRun(
        out,
        runDocument(name, [plan]),
        epochs.flatMap((outcomes, epoch) =>
          Array.from(outcomes, (outcome, index) =>
            sampleRecord('wordings', `test/${index}`, {
              epoch,
              category: 'puzzles',
              cluster: `item ${Math.floor(index / 2)}`,
              ...(outcome === '0' ? { score: 0, code: 'answer.wrong' } : {}),
              ...(outcome === '-' ? { score: null, unscored: 'no answer', code: 'infra.timeout' } : {}),
            }),
          ),
        ),
      );
    const a = write('items-a', ['11101100', '11011100']);
    const other = write('items-b', ['1111110-', '1111110-']);
    const b = { ...other, document: { ...other.document, planHash: '00'.repeat(32) } };
    const [comparison] = compareRuns(a, b, options).comparisons;
    expect(comparison).toMatchObject({
      averaged: 'items',
      pairs: 3,
      unpaired: { a: 1, b: 0 },
      a: { value: expect.closeTo(2 / 3, 12) as number },
      b: { value: 1 },
      flips: { samples: [{ sampleId: 'item 1', category: 'puzzles', a: 0, b: 1, code: 'answer.wrong' }] },
    });
    expect(comparison?.noiseFloor.a).toMatchObject({ value: 0, n: 4 });
  });
});

describe('compareRuns on repeats and on tasks that ended early', () => {
  it('takes the noise floor from epochs and from runs of the same plan', () => {
    const plan = taskPlan('gsm8k', { epochs: 2 });
    const epochs = [0, 1].flatMap((epoch) => records('gsm8k', epoch === 0 ? '1110' : '1010', { epoch }));
    const a = writeRun(out, runDocument('epochs', [plan]), epochs);
    const b = { ...run({ gsm8k: '1111' }) };
    const other = { ...b, document: { ...b.document, planHash: '00'.repeat(32) } };
    const { noiseFloor } = compareRuns(a, other, options).comparisons[0] ?? {};
    expect(noiseFloor?.a).toMatchObject({ value: 0.25, n: 4 });
    expect(noiseFloor?.b).toEqual({ unavailable: expect.stringContaining('--epochs 2') as string });
    const repeat = run({ gsm8k: '0011' });
    const repeats = { a: [], b: [repeat, other] };
    // The run itself among its repeats counts once.
    expect(compareRuns(a, other, { ...options, repeats }).comparisons[0]?.noiseFloor.b).toMatchObject({
      value: 0.5,
      n: 4,
    });
  });

  it('shows intervals that hold at any time where a task ended early', () => {
    const [a, b] = [run({ gsm8k: '1'.repeat(60) }), run({ gsm8k: '01'.repeat(30) })];
    const decided = {
      ...({ baseline: b.document.runId, verdict: 'a', available: 400, isEarly: true } as const),
      difference: { unavailable: 'not asked here' },
    };
    const early = { ...a, result: { ...a.result, tasks: a.result.tasks.map((task) => ({ ...task, decided })) } };
    const [fixed] = compareRuns(a, b, options).comparisons;
    for (const [one, other, verdict] of [
      [early, b, 'a'],
      [b, early, 'b'],
    ] as const) {
      const [task] = compareRuns(one, other, options).comparisons;
      expect(task).toMatchObject({ verdict, pValue: null, adjustedPValue: null, pairsToDecide: null });
      expect(task?.difference).toMatchObject({ method: 'anytime-betting', level: 0.95, n: 60 });
      expect(task?.equivalence).toMatchObject({ level: 0.9 });
      expect([task?.a, task?.b]).toContainEqual(expect.objectContaining({ value: 1, method: 'anytime-betting' }));
    }
    expect(fixed?.difference).not.toMatchObject({ method: 'anytime-betting' });
  });

  it('gives tasks that ended early their share of the error, and corrects the others beside them', () => {
    const a = run({ early: '1'.repeat(60), fixed: `${'1'.repeat(19)}${'0'.repeat(81)}` });
    const b = run({ early: '01'.repeat(30), fixed: `${'1'.repeat(14)}${'0'.repeat(86)}` });
    const decided = {
      ...({ baseline: b.document.runId, verdict: 'a', available: 400, isEarly: true } as const),
      difference: { unavailable: 'not asked here' },
    };
    const tasks = a.result.tasks.map((task) => (task.task === 'early' ? { ...task, decided } : task));
    const { comparisons } = compareRuns({ ...a, result: { ...a.result, tasks } }, b, options);
    const [early, fixed] = comparisons;
    expect([early?.task, early?.verdict, early?.difference]).toMatchObject(['early', 'a', { level: 0.975 }]);
    // Alone this difference is one; with a second task it is not, however clear that task is by a test that does not apply to it.
    expect(fixed).toMatchObject({ task: 'fixed', verdict: 'undecided', difference: { level: 0.975 } });
    expect(compareRuns(a, b, { ...options, tasks: ['fixed'] }).comparisons[0]?.verdict).toBe('a');
  });

  it('compares runs that have no result yet, of models nobody knows', () => {
    const [a, b] = [run({ gsm8k: '1110' }), run({ gsm8k: '0110' })];
    const unknown = {
      ...a,
      result: null,
      document: { ...a.document, plan: { ...a.document.plan, model: { ...a.document.plan.model, registryId: null } } },
    };
    const compared = compareRuns(unknown, b, options);
    expect(compared.a.model).toBe('Qwen3-0.6B');
    expect(compared.comparisons[0]).toMatchObject({
      pairs: 4,
      flips: { gained: 1, lost: 0 },
      headlines: { a: { unavailable: 'the run has no result' }, b: { unavailable: 'too few samples are scored' } },
    });
    expect(compared.system.a.joulesPerThousandSamples).toEqual({ unavailable: 'the run was not measured' });
  });
});
