import { describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProgram } from '../core/ports/sandbox.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import accuracy from '../metrics/accuracy.ts';
import { right } from '../scorers/support/scored.ts';
import { calibratedSandbox } from './calibrated-sandbox.ts';
import { rememberVerdicts } from './remember-verdicts.ts';

const program = (id: string): SandboxProgram => ({
  id,
  candidate: `solution of ${id}`,
  setup: '',
  tests: '',
  entryPoint: null,
  timeLimitMs: 1000,
});

/** A sandbox in which every program takes so long, and that keeps what it was asked to run. */
function slowSandbox(wallMs: number) {
  const ran: string[] = [];
  let timeFactor = 1;
  const sandbox: Sandbox = {
    describe: async () => ({
      backend: 'slow',
      mode: 'strict',
      version: '1',
      pythonVersion: '3',
      workers: 1,
      limits: {},
      timeFactor,
    }),
    run: async ({ id }) => {
      ran.push(id);
      return { kind: 'passed', error: null, detail: null, wallMs };
    },
    evaluate: async () => ({ verdict: { kind: 'passed', error: null, detail: null, wallMs }, calls: [] }),
    setTimeFactor: (factor) => {
      timeFactor = factor;
    },
    close: async () => undefined,
  };
  return { sandbox, ran };
}

const sample = (id: string, rest: Partial<Sample> = {}): Sample => ({
  id,
  category: null,
  cluster: null,
  input: null,
  target: null,
  ...rest,
});

const taskOf = (solution?: (id: string) => Promise<SandboxProgram>) =>
  defineTask({
    id: 'coded',
    title: 'coded',
    version: 1,
    kind: 'code',
    category: 'code',
    licence: 'MIT',
    artefacts: [],
    needs: ['sandbox'],
    sampleCount: null,
    chanceLevel: null,
    sorted: false,
    choiceModes: [],
    defaults: { fewShot: 0, maxTokens: 1 },
    dialogueBudget: null,
    references: [],
    scorer: defineScorer({
      id: 'coded',
      version: 1,
      score: () => right(null),
      gold: () => [],
      wrong: () => [],
      ...(solution ? { solution: ({ sample: { id } }: { readonly sample: Sample }) => solution(id) } : {}),
    }),
    metrics: [accuracy],
    loadSamples: async () => [],
    render: () => ({ kind: 'chat', messages: [] }),
  });

const samples = [
  sample('broken', { fault: 'no right answer' }),
  sample('slow', { isSlow: true }),
  ...Array.from({ length: 20 }, (_, index) => sample(String(index))),
];

describe('a sandbox that calibrates itself', () => {
  it('measures solutions before the first program and never again', async () => {
    const { sandbox, ran } = slowSandbox(2000);
    const task = taskOf(async (id) => program(id));
    const calibrated = calibratedSandbox(sandbox, [{ task, loadGold: async () => samples }]);
    expect((await calibrated.describe()).timeFactor).toBe(1);
    await Promise.all([calibrated.run(program('first')), calibrated.run(program('second'))]);
    expect((await calibrated.describe()).timeFactor).toBe(4);
    expect(ran.slice(-2)).toEqual(['first', 'second']);
    expect(ran).toHaveLength(14);
    expect(ran).not.toContain('broken');
    expect(ran).not.toContain('slow');
    calibrated.setTimeFactor(7);
    expect((await calibrated.describe()).timeFactor).toBe(7);
    expect(
      (await calibrated.evaluate({ id: 'e', candidate: '', entryPoint: 'f', inputs: [], timeLimitMs: 1 })).calls,
    ).toEqual([]);
    await calibrated.close();
  });

  it('leaves limits as they are where there is nothing to measure', async () => {
    const failing = taskOf(() => Promise.reject(new Error('no solution')));
    for (const entry of [
      { task: taskOf(), loadGold: async () => samples },
      { task: taskOf(async (id) => program(id)), loadGold: null },
      { task: failing, loadGold: async () => samples },
      { task: failing, loadGold: () => Promise.reject(new Error('no data')) },
    ]) {
      const { sandbox, ran } = slowSandbox(2000);
      const calibrated = calibratedSandbox(sandbox, [entry]);
      await calibrated.run(program('only'));
      expect(ran).toEqual(['only']);
      expect((await calibrated.describe()).timeFactor).toBe(1);
    }
  });
});

it('a sandbox that remembers verdicts runs a candidate of a problem once', async () => {
  const { sandbox, ran } = slowSandbox(1);
  const remembering = rememberVerdicts(sandbox);
  await Promise.all([remembering.run(program('a')), remembering.run(program('a')), remembering.run(program('b'))]);
  await remembering.run({ ...program('a'), candidate: 'other' });
  expect(ran).toEqual(['a', 'b', 'a']);
  expect(remembering.counts()).toEqual({ asked: 4, run: 3 });
  expect((await remembering.describe()).backend).toBe('slow');
  remembering.setTimeFactor(3);
  expect((await remembering.describe()).timeFactor).toBe(3);
  expect(
    (await remembering.evaluate({ id: 'e', candidate: '', entryPoint: 'f', inputs: [], timeLimitMs: 1 })).calls,
  ).toEqual([]);
  await remembering.close();
});
