import { describe, expect, it } from 'vitest';
import type { RunPlan, TaskPlan } from '../../core/run-plan.ts';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../../test/support/recorded-run.ts';
import { trackedTask } from '../../../test/support/tracked-task.ts';
import { buildCells } from '../build-cells.ts';
import { unregisteredModel } from '../tracked-model.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import { serverSettings } from '../tracker-preset.ts';
import { buildPlan, type PlanSources } from './build-plan.ts';
import { sumCosts, type EvaluationPlan } from './evaluation-plan.ts';

const task = (id: string, changes: Partial<TrackedTask> = {}): TrackedTask =>
  trackedTask(id, { sampleCount: 10, ...changes });

const sources = (runs: readonly TrackedRun[], changes: Partial<PlanSources> = {}): PlanSources => ({
  runs,
  models: [
    { ...unregisteredModel('small'), priority: 2, hasGguf: true },
    { ...unregisteredModel('large'), priority: 1, hasGguf: false },
    { ...unregisteredModel('base'), variant: 'base', priority: 3, hasGguf: true },
  ],
  presets: ['performance', 'balanced'].map((id) => ({ id, title: id, values: {} })),
  tasks: new Map(
    [task('maths'), task('tools', { kind: 'tools' }), task('needle', { kind: 'long_context' })].map((one) => [
      one.id,
      one,
    ]),
  ),
  suite: ['maths', 'tools'],
  advanced: ['needle'],
  reported: [],
  ...changes,
});

const planOf = (given: PlanSources): EvaluationPlan => buildPlan(given, buildCells(given));

interface RunChanges {
  readonly plan?: Partial<RunPlan>;
  readonly task?: Partial<TaskPlan>;
  readonly options?: Record<string, string | number | readonly string[]>;
  /** Samples that were scored. */
  readonly scored?: number;
  readonly at?: string;
}

function run(id: string, names: readonly string[], changes: RunChanges = {}): TrackedRun {
  const plans = names.map((name) =>
    taskPlan(name, {
      samples: { count: 4, digest: 'd', limit: null, sampleSeed: null },
      datasets: [],
      ...changes.task,
    }),
  );
  const base = runDocument(id, plans, { ...changes.plan, ...(changes.options && { options: changes.options }) });
  const model = { ...base.plan.model, registryId: 'small', ...changes.plan?.model };
  const document = { ...base, createdAt: changes.at ?? base.createdAt, plan: { ...base.plan, model } };
  const records = names.flatMap((name) =>
    Array.from({ length: changes.scored ?? 4 }, (_, index) => sampleRecord(name, String(index))),
  );
  return { document, result: resultDocument(document, records) };
}

const brief = (plan: EvaluationPlan) =>
  plan.phases.map((phase) => phase.items.map(({ model, preset, task: id }) => `${model} ${preset} ${id}`));

describe('buildPlan', () => {
  it('without runs plans every model × preset × task by priority and leaves base models what they can be asked', () => {
    const [again, complete, further, advanced] = brief(planOf(sources([])));
    expect([again, complete, advanced]).toEqual([[], [], []]);
    expect(further).toEqual([
      'small performance maths',
      'small performance tools',
      'small balanced maths',
      'small balanced tools',
      'base performance maths',
      'base balanced maths',
      'large performance maths',
      'large performance tools',
      'large balanced maths',
      'large balanced tools',
    ]);
    const blocked = planOf(sources([])).phases[2]?.items.filter((item) => item.blocked !== null);
    expect(blocked?.map((item) => item.model)).toEqual(Array<string>(4).fill('large'));
    expect(blocked?.[0]?.blocked).toBe('no GGUF file is known: give --engine or --base-url');
  });

  it('takes up what is no longer valid first, a fix before another engine', () => {
    const engine = { id: 'llama-cpp', version: '1', settings: {}, contextLength: null, templateSha256: null };
    const runs = [
      run('1', ['maths', 'tools'], { plan: { engine }, at: '2026-01-01T00:00:00Z' }),
      run('2', ['needle'], { plan: { engine: { ...engine, version: '2' } }, at: '2026-01-02T00:00:00Z' }),
    ];
    const tasks = new Map(sources([]).tasks).set('tools', task('tools', { kind: 'tools', version: 2 }));
    const plan = planOf(sources(runs, { tasks }));
    expect(plan.phases[0]?.items.map((item) => [item.task, item.reason])).toEqual([
      ['tools', 'changed since: engine llama-cpp 1 → llama-cpp 2; task version 1 → 2'],
      ['maths', 'changed since: engine llama-cpp 1 → llama-cpp 2'],
    ]);
    expect(brief(plan)[1]).toEqual(['small performance maths', 'small performance tools']);
    expect(plan.phases[1]?.groups).toEqual([
      { model: 'small', preset: 'performance', done: 0, total: 2, left: ['maths', 'tools'] },
      { model: 'small', preset: 'balanced', done: 0, total: 2, left: ['maths', 'tools'] },
    ]);
    expect(plan.phases[3]).toMatchObject({ items: [], groups: [{ model: 'small', done: 1, total: 1, left: [] }] });
  });

  it('is the same in whatever order the runs come', () => {
    const runs = [
      run('1', ['maths']),
      run('2', ['tools'], { at: '2026-12-01T00:00:00Z' }),
      run('3', ['maths'], { scored: 2 }),
    ];
    expect(planOf(sources(runs.toReversed()))).toEqual(planOf(sources(runs)));
  });

  it('resumes what is incomplete, and repeats a run as it was asked', () => {
    const incomplete = planOf(sources([run('cut', ['maths'], { scored: 2 })])).phases[0]?.items[0];
    expect(incomplete).toMatchObject({ resume: 'cut', command: 'qwen-eval resume cut', cost: { samples: 4 } });
    const tasks = new Map(sources([]).tasks).set('maths', task('maths', { version: 2 }));
    const settings = { ...taskPlan('maths').settings, extra: { levels: [0] } };
    const old = run('old', ['maths', 'tools'], {
      plan: { mode: 'thinking' },
      task: { settings },
      options: {
        model: 'a model.gguf',
        limit: 4,
        preset: 'balanced',
        tasks: ['maths', 'tools'],
        seed: 0,
        out: 'elsewhere',
      },
    });
    expect(planOf(sources([old], { tasks })).phases[0]?.items[0]).toMatchObject({
      options: {
        model: 'a model.gguf',
        preset: 'balanced',
        tasks: ['maths'],
        limit: 4,
        mode: 'thinking',
        taskOptions: { levels: [0] },
      },
      command: `qwen-eval run --model 'a model.gguf' --preset balanced --tasks maths --limit 4 --mode thinking --task-options '{"levels":[0]}'`,
    });
  });

  it('does not repeat what failed or was refused as it was, says what to change, and does once something is changed', () => {
    const failed = run('spent', ['maths'], { options: { limit: 4 } });
    const task = failed.result?.tasks[0];
    if (!failed.result || !task) throw new Error('no result');
    const diagnosis = {
      id: 'prompt_too_long',
      severity: 'error' as const,
      summary: 'prompts do not fit',
      evidence: { task: 'maths' },
      advice: 'qwen-eval run --max-model-len 4096',
    };
    const unscored = {
      ...failed,
      result: {
        ...failed.result,
        status: 'complete' as const,
        diagnosis: [diagnosis],
        tasks: [{ ...task, metrics: { accuracy: { unavailable: 'only 50 % of the samples are scored' } } }],
      },
    };
    const judge = { code: 'E_JUDGE_MISSING', message: 'needs a judge', hint: 'give --judge-model' } as const;
    const refused = run('refused', ['tools'], { task: { refused: judge }, scored: 0 });
    const blocked = (given: Record<string, string | number>) =>
      planOf(sources([unscored, refused], { given })).phases[0]?.items.map((item) => [item.task, item.blocked]);
    const stands = 'the same run would end the same way: qwen-eval run --max-model-len 4096';
    const again = 'it would be refused again as things are: give --judge-model';
    expect(blocked({})).toEqual([
      ['maths', stands],
      ['tools', again],
    ]);
    // What only chooses the cell, or was so before, changes nothing.
    expect(blocked({ model: 'small', out: 'elsewhere' })).toEqual(blocked({}));
    expect(blocked({ maxModelLen: 4096 })?.map(([, reason]) => reason)).toEqual([null, null]);
    const same = planOf(sources([unscored], { given: { limit: 4 } })).phases[0]?.items[0];
    expect(same?.blocked).toBe(stands);
    const undiagnosed = { ...unscored, result: { ...unscored.result, diagnosis: [] } };
    expect(planOf(sources([undiagnosed])).phases[0]?.items[0]?.blocked).toContain('see `qwen-eval diagnose spent`');
  });

  it('counts on thinking where a model thinks unless it is told otherwise', () => {
    const models = [{ ...unregisteredModel('small'), hasGguf: true, defaultMode: 'thinking' as const }];
    const tokens = (given: Record<string, string>) =>
      planOf(sources([], { models, given })).phases[2]?.items[0]?.cost.outputTokens;
    expect(tokens({})).toBe(25_000);
    expect(tokens({ mode: 'non-thinking' })).toBe(2500);
    expect(tokens({ mode: 'both' })).toBe(25_000);
  });

  it('asks a server again where it stood, without its preset', () => {
    const preset = { ...run('x', ['maths']).document.plan.preset, confirmed: 'unknown' } as const;
    const adopted = run('served', ['maths'], { plan: { preset }, options: { baseUrl: ['http://host/v1'], limit: 3 } });
    const { phases } = planOf(sources([adopted]));
    const server = phases[1]?.items.filter((item) => item.preset === serverSettings);
    expect(server?.map((item) => item.command)).toEqual(['qwen-eval run --base-url http://host/v1 --tasks tools']);
    const other = phases[1]?.items.find((item) => item.preset === 'balanced');
    expect(other?.command).toBe('qwen-eval run --model small --preset balanced --tasks maths');
  });

  it('estimates from runs, and else says what it assumed', () => {
    const measured = run('fast', ['maths']);
    const [next] = planOf(sources([measured])).phases[1]?.items ?? [];
    expect(next).toMatchObject({ preset: 'performance', task: 'maths' });
    expect(next?.cost).toEqual({
      samples: 10,
      promptTokens: 1000,
      outputTokens: 500,
      seconds: 0.5,
      basis: { tokens: 'measured in run fast', time: '1000 tokens/s as in run fast' },
    });
    const other = planOf(sources([measured])).phases[2]?.items.find((item) => item.model === 'base');
    expect(other?.cost.basis.tokens).toBe('measured in run fast, another model (small)');
    const unknown = planOf(sources([], { limit: 5 })).phases[2]?.items[0];
    expect(unknown?.cost).toEqual({
      samples: 5,
      promptTokens: 2500,
      outputTokens: 1250,
      seconds: 6.25,
      basis: {
        tokens: 'assumed: 500 prompt and 250 output tokens a sample',
        time: 'assumed: 200 output tokens/s, no run of this model has measured it',
      },
    });
    const alone = planOf(
      sources([measured], { tasks: new Map([['maths', task('maths', { version: 2 })]]), suite: ['maths'] }),
    ).phases[0]?.items[0];
    expect(alone?.cost).toMatchObject({ samples: 4, seconds: 1, basis: { time: 'run fast took 1 s for 4 samples' } });
  });

  it('says what it does not know, and counts it', () => {
    const plan = planOf(sources([], { suite: ['gone'] }));
    const items = plan.phases[2]?.items ?? [];
    expect(items[0]).toMatchObject({
      cost: { samples: null, outputTokens: null, seconds: null },
      blocked: 'task gone is not installed',
    });
    expect(sumCosts(items)).toEqual({ cells: items.length, outputTokens: 0, seconds: 0, unknown: items.length });
  });
});
