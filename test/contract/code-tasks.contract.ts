import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/core/ports/sandbox.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import { certifyTask } from '../../src/runner/certify.ts';
import { calibratedSandbox } from '../../src/runner/calibrated-sandbox.ts';
import { rememberEvaluations } from '../../src/sandbox/support/remember-evaluations.ts';
import humaneval from '../../src/tasks/humaneval.ts';
import humanevalPlus from '../../src/tasks/humaneval-plus.ts';
import mbpp from '../../src/tasks/mbpp.ts';
import mbppPlus from '../../src/tasks/mbpp-plus.ts';
import mbppSanitized from '../../src/tasks/mbpp-sanitized.ts';
import syntheticCode from '../../src/tasks/synthetic-code.ts';
import { loadTaskSamples, settingsOf } from '../support/load-task-samples.ts';
import { describeWithData } from '../support/shared-data.ts';

interface CodeTask {
  readonly task: Task;
  readonly settings: TaskSettings;
  /** Problems whose solution is to pass: all of the file that are not known to be broken. */
  readonly sound: number;
  /** Those of them whose solution works for seconds or minutes. */
  readonly slow: number;
}

const all = { extra: { split: 'all' } };

const codeTasks: readonly CodeTask[] = [
  { task: humaneval, settings: settingsOf(humaneval), sound: 164, slow: 0 },
  { task: humanevalPlus, settings: settingsOf(humanevalPlus), sound: 163, slow: 8 },
  { task: mbpp, settings: settingsOf(mbpp, all), sound: 974, slow: 1 },
  { task: mbppSanitized, settings: settingsOf(mbppSanitized, all), sound: 427, slow: 1 },
  { task: mbppPlus, settings: settingsOf(mbppPlus), sound: 397, slow: 12 },
  { task: syntheticCode, settings: settingsOf(syntheticCode, { size: 64 }), sound: 64, slow: 0 },
];

/** Slow problems whose solutions a backend that leaves them out is still to pass, once each. */
const slowSolutions = codeTasks.filter(({ task }) => task === humanevalPlus);

const minutes = (count: number): number => count * 60_000;

/**
 * What every code task keeps to in a sandbox: its scorer is certified in full, on all problems of the data, in every rendering and with every
 * mistake. `leavesSlow` leaves out the slow problems of HumanEval+ and MBPP+, which a backend has no time for.
 */
export function codeTasksContract(
  title: string,
  open: () => Promise<Sandbox>,
  { leavesSlow }: { readonly leavesSlow: boolean },
): void {
  describeWithData(`code tasks in ${title}`, () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'qe-evaluations-'));
    let sandbox: Sandbox;
    beforeAll(async () => {
      const tasks = codeTasks.map(({ task, settings }) => ({ task, loadGold: () => loadTaskSamples(task, settings) }));
      sandbox = calibratedSandbox(rememberEvaluations(await open(), cacheDir), tasks);
    }, minutes(5));
    afterAll(async () => {
      await sandbox.close();
      rmSync(cacheDir, { recursive: true });
    });

    it.runIf(leavesSlow).each(slowSolutions)(
      '$task.id: the solutions of its $slow slow problems pass',
      async ({ task, settings, slow }) => {
        const samples = (await loadTaskSamples(task, settings)).filter(({ isSlow }) => isSlow === true);
        const verdicts = await Promise.all(
          samples.map(async (sample) => {
            const program = await task.scorer.solution?.({ sample, sandbox });
            if (program === undefined) throw new Error(`${task.id} has no solutions`);
            return `${sample.id}: ${(await sandbox.run(program)).kind}`;
          }),
        );
        expect(verdicts).toHaveLength(slow);
        expect(verdicts.filter((verdict) => !verdict.endsWith(': passed'))).toEqual([]);
      },
      minutes(40),
    );

    it.each(codeTasks)(
      `$task.id: every rendering passes and every mistake fails on all problems${leavesSlow ? ' that are not slow' : ''}`,
      async ({ task, settings, sound, slow }) => {
        const loaded = await loadTaskSamples(task, settings);
        const isLeft = (sample: Sample): boolean => leavesSlow && task.id.endsWith('_plus') && sample.isSlow === true;
        const samples = loaded.filter((sample) => !isLeft(sample));
        expect(loaded.filter(({ fault }) => fault === undefined)).toHaveLength(sound);
        expect(loaded.filter(({ isSlow }) => isSlow === true)).toHaveLength(slow);
        const input = { samples, settings, services: { sandbox, judge: null }, datasets: [] };
        const certificate = await certifyTask(task, input, { scope: 'full' });
        expect(certificate.failures).toEqual([]);
        expect(certificate.passed).toBe(true);
        const judged = samples.length - certificate.excluded.length;
        expect(certificate.gold.total).toBeGreaterThanOrEqual(judged * 12);
        expect(certificate.wrong.total).toBeGreaterThanOrEqual(judged * 12);
        // At least the solution itself and a mistake of each kind that is a program of its own.
        expect(certificate.programs?.run).toBeGreaterThanOrEqual(judged * 12);
      },
      minutes(40),
    );
  });
}
