import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runDocument, sampleRecord, taskPlan, writeRun } from '../../test/support/recorded-run.ts';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { diagnoseLoaded } from './diagnose-loaded.ts';
import { loadEarlierRuns, modelName } from './earlier-runs.ts';

const folder = temporaryFolder('diagnose-loaded');
afterAll(() => rmSync(folder, { recursive: true }));

const all = { tasks: null, examples: 1 };
const plan = (task: string) => taskPlan(task, { samples: { count: 5, digest: 'cd', limit: null, sampleSeed: null } });
const records = (task: string) =>
  ['a', 'b', 'c', 'd', 'e'].map((id) =>
    sampleRecord(task, id, { score: 0, code: 'extract.no_answer', explanation: 'No number was found.' }),
  );

describe('diagnoseLoaded', () => {
  const document = runDocument('20261101T000000Z-efefefef-bbbb', [plan('gsm8k'), plan('mmlu')]);
  const run = writeRun(folder, document, [...records('gsm8k'), ...records('mmlu')]);

  it('reads verdicts and failures off the directory', () => {
    const diagnosis = diagnoseLoaded(run, all);
    expect(diagnosis.runId).toBe(document.runId);
    expect(diagnosis.verdicts.map(({ id, evidence }) => [id, evidence['task']])).toEqual([
      ['zero', 'gsm8k'],
      ['zero', 'mmlu'],
    ]);
    expect(diagnosis.failures.map(({ task, count }) => [task, count])).toEqual([
      ['gsm8k', 5],
      ['mmlu', 5],
    ]);
  });

  it('looks at some tasks only', () => {
    const diagnosis = diagnoseLoaded(run, { tasks: ['mmlu'], examples: 1 });
    expect(diagnosis.verdicts.map(({ evidence }) => evidence['task'])).toEqual(['mmlu']);
    expect(diagnosis.failures.map(({ task }) => task)).toEqual(['mmlu']);
  });

  it('refuses a task the run does not have, and a run without a result', () => {
    expect(() => diagnoseLoaded(run, { tasks: ['arc'], examples: 1 })).toThrow(
      expect.objectContaining({ code: 'E_TASK_UNKNOWN', hint: 'it has gsm8k, mmlu' }),
    );
    expect(() => diagnoseLoaded({ ...run, result: null }, all)).toThrow(
      expect.objectContaining({ code: 'E_RUN_INCOMPLETE' }),
    );
  });
});

describe('loadEarlierRuns', () => {
  it('calls a model of no registry by its own name', () => {
    const out = join(folder, 'unregistered');
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const make = (runId: string) => writeRun(out, runDocument(runId, [plan('gsm8k')], { model }), records('gsm8k'));
    make('20260101T000000Z-a');
    const own = make('20260102T000000Z-b');
    expect(modelName(own.document)).toBe('mine');
    expect(loadEarlierRuns(own.directory, own.document)).toMatchObject([
      { runId: '20260101T000000Z-a', model: 'mine' },
    ]);
  });

  it('gives older runs that share a task, newest first, and passes over what it cannot read', () => {
    const out = join(folder, 'earlier');
    const make = (runId: string, task: string) => writeRun(out, runDocument(runId, [plan(task)]), records(task));
    make('20260101T000000Z-a', 'gsm8k');
    make('20260102T000000Z-b', 'arc');
    const third = make('20260103T000000Z-c', 'gsm8k');
    rmSync(third.directory.resultFile);
    mkdirSync(join(out, '20260104T000000Z-d'), { recursive: true });
    writeFileSync(join(out, '20260104T000000Z-d', 'run.json'), 'not json');
    const own = make('20260105T000000Z-e', 'gsm8k');
    make('20260106T000000Z-f', 'gsm8k');
    const earlier = loadEarlierRuns(own.directory, own.document);
    expect(earlier.map(({ runId }) => runId)).toEqual(['20260103T000000Z-c', '20260101T000000Z-a']);
    expect(earlier[0]?.tasks[0]).toMatchObject({ task: 'gsm8k', headline: null, datasets: { test: 'ab'.repeat(32) } });
    expect(earlier[1]?.tasks[0]?.headline).toMatchObject({ value: 0, n: 5 });
  });
});
