import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { runDocument, sampleRecord, taskPlan, writeRun } from '../../../test/support/recorded-run.ts';
import { estimateOf, unmeasured } from '../../../test/support/system-report.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import type { ResultDocument } from '../../core/result-document.ts';
import type { LoadedRun } from '../loaded-run.ts';
import { runGate, type GateRules } from './run-gate.ts';

const folder = temporaryFolder('gate');
afterAll(() => rmSync(folder, { recursive: true }));

const rules: GateRules = {
  min: [],
  tasks: null,
  maxErrorRate: 0.02,
  maxTruncationRate: null,
  maxMinutes: null,
  maxOutputTokens: null,
  maxPrice: null,
  failOn: 'never',
  delta: 0.02,
  allowDifferent: [],
};

let runs = 0;

/** A run over tasks of 100 samples each, of which so many are wrong. */
function run(
  wrong: Readonly<Record<string, number>>,
  change: (result: ResultDocument) => ResultDocument = (same) => same,
) {
  const plans = Object.keys(wrong).map((task) => taskPlan(task));
  const records = Object.entries(wrong).flatMap(([task, count]) =>
    Array.from({ length: 100 }, (_, index) =>
      sampleRecord(task, `${index}`, index < count ? { score: 0, code: 'answer.wrong' } : {}),
    ),
  );
  const written = writeRun(folder, runDocument(`run-${runs++}`, plans), records);
  return { ...written, result: change(written.result) };
}

const outcomes = (loaded: LoadedRun, given: Partial<GateRules>, baseline: LoadedRun | null = null) =>
  runGate(loaded, baseline, { ...rules, ...given }).checks.map(({ id, passed, explanation }) => [
    id,
    passed,
    explanation,
  ]);

describe('runGate', () => {
  it('asks for a complete run with scores, whatever else is asked', () => {
    expect(runGate(run({ gsm8k: 20 }), null, rules)).toEqual({
      passed: true,
      runId: 'run-0',
      baseline: null,
      checks: [
        { id: 'complete', passed: true, bound: null, estimate: null, explanation: 'the task ran to its end' },
        {
          id: 'error-rate:gsm8k',
          passed: true,
          bound: 0.02,
          estimate: expect.objectContaining({ value: 0, n: 100 }) as unknown,
          explanation: 'samples of gsm8k without a score: 0 %, at most 2 % allowed',
        },
      ],
    });
    const incomplete = run({ gsm8k: 20 }, (result) => ({ ...result, status: 'incomplete' }));
    expect(outcomes(incomplete, {})[0]).toEqual([
      'complete',
      false,
      `the run is incomplete: resume it with \`qwen-eval resume ${incomplete.document.runId}\``,
    ]);
    expect(() => runGate({ ...incomplete, result: null }, null, rules)).toThrow(
      expect.objectContaining({ code: 'E_RUN_INCOMPLETE' }),
    );
  });

  it('fails refused tasks', () => {
    const refused = run({ gsm8k: 0 }, (result) => ({
      ...result,
      tasks: result.tasks.map((task) => ({ ...task, refused: { code: 'E_OFFLINE', message: 'no data', hint: null } })),
    }));
    expect(outcomes(refused, { maxTruncationRate: 0.1 })).toEqual([
      ['complete', true, 'the task ran to its end'],
      ['refused:gsm8k', false, 'gsm8k was refused: no data'],
    ]);
  });

  it('holds the lower end of the interval against a threshold', () => {
    const loaded = run({ gsm8k: 20 });
    expect(outcomes(loaded, { min: ['gsm8k=0.71'] })[1]).toEqual([
      'min:gsm8k',
      true,
      'gsm8k is 80.0 % [71.1, 86.7]: the interval does not reach below 71 %',
    ]);
    expect(outcomes(loaded, { min: ['gsm8k = 75%'] })[1]).toEqual([
      'min:gsm8k',
      false,
      'gsm8k is 80.0 % [71.1, 86.7]: the interval reaches below 75 %',
    ]);
  });

  it('knows other metrics, ratings and scores that are missing', () => {
    const rated = run({ mt_bench: 0 }, (result) => ({
      ...result,
      tasks: result.tasks.map((task) => ({
        ...task,
        headline: 'rating',
        metrics: {
          rating: { value: 7.5, low: 7.1, high: 7.9, level: 0.95, method: 't', n: 80 },
          first_turn: { unavailable: 'not rated' },
          effective_length: { value: 8192, low: 4096, high: 8192, level: 0.95, method: 'limits', n: 80 },
        },
      })),
    }));
    expect(
      outcomes(rated, { min: ['mt_bench=7', 'mt_bench.first_turn=0.5', 'mt_bench.effective_length=8192'] }).slice(1, 4),
    ).toEqual([
      ['min:mt_bench', true, 'mt_bench is 7.50 [7.10, 7.90]: the interval does not reach below 7'],
      ['min:mt_bench.first_turn', false, 'mt_bench first_turn has no score: not rated'],
      [
        'min:mt_bench.effective_length',
        false,
        'mt_bench effective_length is 8192 [4096, 8192]: the interval reaches below 8192',
      ],
    ]);
  });

  it.each([
    ['gsm8k', 'E_OPTION_INVALID', 'not of the form'],
    ['gsm8k=much', 'E_OPTION_INVALID', 'not of the form'],
    ['gsm8k=70', 'E_OPTION_INVALID', '70 is more than accuracy can be'],
    ['gsm8k.f1=0.7', 'E_OPTION_INVALID', 'gsm8k has no metric f1'],
    ['mmlu=0.7', 'E_TASK_UNKNOWN', 'has no task mmlu'],
  ])('refuses the threshold %s', (text, code, message) => {
    expect(() => outcomes(run({ gsm8k: 20 }), { min: [text] })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  });

  it('looks at some tasks only, and refuses tasks the run does not have', () => {
    const loaded = run({ gsm8k: 20, mmlu: 20 });
    expect(outcomes(loaded, { tasks: ['mmlu'] }).map(([id]) => id)).toEqual(['complete', 'error-rate:mmlu']);
    expect(() => outcomes(loaded, { tasks: ['arc'] })).toThrow(expect.objectContaining({ code: 'E_TASK_UNKNOWN' }));
  });

  it('bounds errors, truncation and what a run may spend', () => {
    const loaded = run({ gsm8k: 20 }, (result) => ({
      ...result,
      usage: { ...result.usage, completionTokens: 5000 },
      tasks: result.tasks.map((task) => ({
        ...task,
        counts: { ...task.counts, unscored: 5 },
        truncationRate: { value: 0.31, low: 0.23, high: 0.41, level: 0.95, method: 'wilson', n: 100 },
      })),
    }));
    const given = { maxTruncationRate: 0.05, maxMinutes: 0.01, maxOutputTokens: 5000 };
    expect(outcomes(loaded, given)).toEqual([
      ['complete', true, 'the task ran to its end'],
      ['error-rate:gsm8k', false, 'samples of gsm8k without a score: 5 %, at most 2 % allowed'],
      ['truncation-rate:gsm8k', false, 'answers of gsm8k cut off: 31 %, at most 5 % allowed'],
      ['minutes', false, 'minutes: 0, at most 0.01 allowed'],
      ['output-tokens', true, 'output tokens: 5000, at most 5000 allowed'],
    ]);
    const unknown = run({ gsm8k: 20 }, (result) => ({
      ...result,
      timings: { ...result.timings, wallMs: null },
      tasks: result.tasks.map((task) => ({ ...task, truncationRate: { unavailable: 'no sample is finished' } })),
    }));
    expect(outcomes(unknown, { maxTruncationRate: 0.05, maxMinutes: 5 }).slice(2)).toEqual([
      ['truncation-rate:gsm8k', false, 'answers of gsm8k cut off: no sample is finished'],
      ['minutes', false, 'minutes: not known, at most 5 allowed'],
    ]);
  });

  it('bounds the price of 1,000 samples, and does not pass what nobody knows', () => {
    expect(outcomes(run({ gsm8k: 20 }), { maxPrice: 2 }).at(-1)).toEqual([
      'price',
      false,
      'price of 1,000 samples: not known: the run was not measured',
    ]);
    const priced = run({ gsm8k: 20 }, (result) => ({
      ...result,
      system: { ...unmeasured, cost: { ...unmeasured.cost, pricePerThousandSamples: estimateOf(1.9, 0.4) } },
    }));
    expect(outcomes(priced, { maxPrice: 2 }).at(-1)?.slice(0, 2)).toEqual(['price', true]);
    expect(outcomes(priced, { maxPrice: 1.8 }).at(-1)).toEqual([
      'price',
      false,
      expect.stringMatching(/^price of 1,000 samples: 1\.9.*, at most 1\.8 allowed$/),
    ]);
  });

  it('fails on verdicts of a severity, of the tasks it looks at', () => {
    const verdict = { summary: 'it loops', advice: '', evidence: { task: 'gsm8k' } };
    const loaded = run({ gsm8k: 20, mmlu: 20 }, (result) => ({
      ...result,
      diagnosis: [
        { ...verdict, id: 'repetition', severity: 'warning' },
        { ...verdict, id: 'mode_not_honoured', severity: 'error', evidence: {} },
      ],
    }));
    const failing = (given: Partial<GateRules>) =>
      outcomes(loaded, given)
        .filter(([, passed]) => passed === false)
        .map(([id]) => id);
    expect(failing({})).toEqual([]);
    expect(failing({ failOn: 'error' })).toEqual(['verdict:mode_not_honoured']);
    expect(failing({ failOn: 'warning' })).toEqual(['verdict:repetition:gsm8k', 'verdict:mode_not_honoured']);
    expect(failing({ failOn: 'warning', tasks: ['mmlu'] })).toEqual(['verdict:mode_not_honoured']);
  });
});

describe('a gate with a baseline', () => {
  it('rules a loss out only where the paired interval does', () => {
    const [better, worse] = [run({ gsm8k: 10 }), run({ gsm8k: 30 })];
    const [same] = runGate(better, better, { ...rules, delta: 0.05 }).checks.filter(
      ({ id }) => id === 'baseline:gsm8k',
    );
    expect(same).toMatchObject({ passed: true, bound: -0.05, estimate: { value: 0, n: 100 } });
    expect(same?.explanation).toMatch(/^gsm8k less the baseline is 0\.0 % .* a loss of 5\.0 points is ruled out$/);
    expect(outcomes(worse, {}, better)[1]).toEqual([
      'baseline:gsm8k',
      false,
      'gsm8k less the baseline is -20.0 % [-28.9, -13.3]: more than 2.0 points is lost',
    ]);
    expect(outcomes(better, {}, worse)[1]?.slice(0, 2)).toEqual(['baseline:gsm8k', true]);
    // No loss was seen, but 100 samples cannot rule out one of 2 points.
    expect(outcomes(better, {}, better)[1]).toEqual([
      'baseline:gsm8k',
      false,
      'gsm8k less the baseline is 0.0 % [-3.7, 3.7]: a loss of 2.0 points is not ruled out',
    ]);
  });

  it('is not made harder by further tasks', () => {
    const wide = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`task_${index}`, 10]));
    const [one, many] = [{ gsm8k: 10 }, wide].map((wrong) => {
      const loaded = run(wrong);
      return runGate(loaded, loaded, rules).checks.find(({ id }) => id.startsWith('baseline:'))?.estimate;
    });
    expect(one).toEqual(many);
  });

  it('fails tasks that were dropped, unless only others are asked for', () => {
    const [now, before] = [run({ gsm8k: 10 }), run({ gsm8k: 10, mmlu: 10 })];
    expect(outcomes(now, {}, before).filter(([id]) => id === 'baseline:mmlu')).toEqual([
      ['baseline:mmlu', false, 'mmlu is in the baseline and not in this run'],
    ]);
    expect(outcomes(now, { tasks: ['gsm8k'] }, before).map(([id]) => id)).not.toContain('baseline:mmlu');
  });

  it('fails a task without a pair, and speaks of ratings in their unit', () => {
    const plan = taskPlan('mt_bench', {
      headline: 'rating',
      samples: { count: 2, digest: 'cd', limit: null, sampleSeed: null },
    });
    const rated = (runId: string, ratings: readonly (number | null)[]) =>
      writeRun(
        folder,
        runDocument(runId, [plan]),
        ratings.map((rating, index) =>
          sampleRecord(
            'mt_bench',
            `${index}`,
            rating === null ? { score: null } : { score: rating / 10, measures: { rating } },
          ),
        ),
      );
    const [first, second, none] = [rated('rated-1', [8, 7]), rated('rated-2', [8, 7]), rated('rated-3', [null, null])];
    expect(outcomes(first, {}, second)[1]?.[2]).toMatch(/a loss of 0\.18 is not ruled out$/);
    expect(outcomes(none, {}, second)[1]).toEqual([
      'baseline:mt_bench',
      false,
      'mt_bench cannot be compared with the baseline: no sample was scored in both',
    ]);
  });
});
