import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../test/support/recorded-run.ts';
import { trackedTask } from '../../test/support/tracked-task.ts';
import { buildCells } from './build-cells.ts';
import { unregisteredModel } from './tracked-model.ts';
import type { TrackedRun } from './tracked-run.ts';
import type { TrackedTask } from './tracked-task.ts';

const hash = 'ab'.repeat(32);
const other = 'cd'.repeat(32);

const installed = (id: string, changes: Partial<TrackedTask> = {}): TrackedTask =>
  trackedTask(id, { files: { test: [hash] }, ...changes });

const { plan } = runDocument('r', []);
const before = {
  model: { ...plan.model, sha256: hash },
  engine: { ...plan.engine, version: '1', templateSha256: hash },
};
const fingerprint = (identity: string) => ({ identity }) as unknown as RunDocument['fingerprint'];

interface Made {
  readonly day: number;
  readonly task?: Partial<TaskPlan>;
  readonly plan?: Partial<RunDocument['plan']>;
  readonly seen?: string;
}

function run(name: string, { day, task = {}, plan: changes = {}, seen = hash }: Made): TrackedRun {
  const datasets = [{ name: 'test', sha256: hash, sizeBytes: 1, verified: true }] as unknown as TaskPlan['datasets'];
  const planned = taskPlan(name, {
    samples: { count: 2, digest: 'd', limit: null, sampleSeed: null },
    scorer: 'numeric-answer',
    datasets,
    ...task,
  });
  const document = {
    ...runDocument(`run-${day}`, [planned], { ...before, ...changes }),
    fingerprint: fingerprint(seen),
    createdAt: `2026-11-0${day}T00:00:00.000Z`,
  };
  return { document, result: resultDocument(document, [sampleRecord(name, '0'), sampleRecord(name, '1')]) };
}

/** Status, reason and comparability of the cell of `maths`, which was run on the first day. */
function mathsAfter(later: readonly TrackedRun[], task: Partial<TrackedTask> = {}) {
  const cells = buildCells({
    runs: [...later, run('maths', { day: 1 })],
    models: [unregisteredModel('qwen3_0_6b')],
    presets: [{ id: 'balanced', title: 'balanced', values: {} }],
    tasks: new Map([installed('maths', task), installed('tools')].map((one) => [one.id, one])),
    suite: ['maths', 'tools'],
    reported: [],
  });
  const cell = cells.find((one) => one.task === 'maths');
  if (!cell) throw new Error('there is no cell of maths');
  return {
    status: cell.status,
    runId: cell.runId,
    drift: cell.drift.map(({ part, comparable }) => `${part}, ${comparable ? 'comparable' : 'not comparable'}`),
  };
}

const tested = { status: 'tested', runId: 'run-1', drift: [] };
const drifted = (...drift: readonly string[]) => ({ status: 're-evaluate', runId: 'run-1', drift });

describe('drift', () => {
  it.each([
    ['model', { plan: { model: { ...before.model, sha256: other } } }],
    ['server', { seen: other }],
    ['template', { plan: { engine: { ...before.engine, templateSha256: other } } }],
    ['engine', { plan: { engine: { ...before.engine, version: '2' } } }],
  ] as const)('is a %s that a later run of another task finds changed', (part, changes) => {
    expect(mathsAfter([run('tools', { day: 2 })])).toEqual(tested);
    expect(mathsAfter([run('tools', { day: 2, ...changes })])).toEqual(drifted(`${part}, comparable`));
  });

  it.each([
    ['task version', { version: 2 }],
    ['scorer version', { scorerVersion: 2 }],
    ['scorer version', { scorer: 'exact-match' }],
    ['dataset test', { files: { test: [other] } }],
  ] as const)('is a %s that is installed now', (part, changes) => {
    expect(mathsAfter([], changes)).toEqual(drifted(`${part}, not comparable`));
  });

  it('is no dataset that a release is known by, of whatever release, nor one that never was', () => {
    expect(mathsAfter([], { files: { test: [other, hash] } })).toEqual(tested);
    expect(mathsAfter([], { files: {} })).toEqual(tested);
  });

  it('is no setting: a run with another one is a result of its own', () => {
    const hotter = { sampling: { ...taskPlan('maths').sampling, temperature: 0.9 } };
    const settings = { ...taskPlan('maths').settings, maxTokens: 9 };
    expect(mathsAfter([run('tools', { day: 2, task: hotter })])).toEqual(tested);
    const again = run('maths', { day: 2, task: { settings } });
    expect(mathsAfter([again])).toEqual({ ...tested, runId: 'run-2' });
    expect(mathsAfter([{ ...again, result: null }])).toEqual(tested);
  });

  it('ends with a run on what there is now', () => {
    const changed = { engine: { ...before.engine, version: '2' } };
    expect(mathsAfter([run('tools', { day: 2, plan: changed }), run('maths', { day: 3, plan: changed })])).toEqual({
      ...tested,
      runId: 'run-3',
    });
  });
});
