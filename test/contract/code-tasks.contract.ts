import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/core/ports/sandbox.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import { certifyTask } from '../../src/runner/certify.ts';
import { calibratedSandbox } from '../../src/runner/calibrated-sandbox.ts';
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
  /** True when solutions that work for minutes are left out. */
  readonly leavesSlow?: boolean;
}

const all = { extra: { split: 'all' } };

const codeTasks: readonly CodeTask[] = [
  { task: humaneval, settings: settingsOf(humaneval), sound: 164 },
  { task: humanevalPlus, settings: settingsOf(humanevalPlus), sound: 163 },
  { task: mbpp, settings: settingsOf(mbpp, all), sound: 974 },
  { task: mbppSanitized, settings: settingsOf(mbppSanitized, all), sound: 427 },
  { task: mbppPlus, settings: settingsOf(mbppPlus), sound: 386, leavesSlow: true },
  { task: syntheticCode, settings: settingsOf(syntheticCode, { size: 200 }), sound: 200 },
];

const minutes = (count: number): number => count * 60_000;

/** What every code task keeps to in a sandbox: its own solutions pass, and its scorer is certified over a part of them. */
export function codeTasksContract(title: string, open: () => Promise<Sandbox>): void {
  describeWithData(`code tasks in ${title}`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      const tasks = codeTasks.map(({ task, settings }) => ({ task, loadGold: () => loadTaskSamples(task, settings) }));
      sandbox = calibratedSandbox(await open(), tasks);
    }, minutes(5));
    afterAll(() => sandbox.close());

    const failuresOf = async (task: Task, samples: readonly Sample[]): Promise<readonly string[]> => {
      const verdicts = await Promise.all(
        samples.map(async (sample) => {
          const program = await task.scorer.solution?.({ sample, sandbox });
          if (program === undefined) throw new Error(`${task.id} has no solutions`);
          const { kind, error, detail } = await sandbox.run(program);
          return kind === 'passed' ? [] : [`${sample.id}: ${kind} ${error} ${detail}`];
        }),
      );
      return verdicts.flat();
    };

    it.each(codeTasks)(
      '$task.id: all $sound solutions pass',
      async ({ task, settings, sound, leavesSlow }) => {
        const samples = (await loadTaskSamples(task, settings)).filter(
          (sample) => sample.fault === undefined && !(leavesSlow && sample.isSlow),
        );
        expect(samples).toHaveLength(sound);
        expect(await failuresOf(task, samples)).toEqual([]);
      },
      minutes(40),
    );

    it.each(codeTasks)(
      '$task.id: every rendering passes and every mistake fails on a part of the problems',
      async ({ task, settings }) => {
        const services = { sandbox, judge: null };
        const samples = await loadTaskSamples(task, settings);
        const input = { samples, settings, services, datasets: [] };
        const certificate = await certifyTask(task, input, { scope: 'sample', sampleSize: 4, seed: 1 });
        expect(certificate.failures).toEqual([]);
        expect(certificate.passed).toBe(true);
        expect(certificate.gold.total).toBeGreaterThanOrEqual(4 * 12);
        expect(certificate.wrong.total).toBeGreaterThanOrEqual(4 * 12);
      },
      minutes(10),
    );
  });
}
