import { expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData } from '../../test/support/shared-data.ts';
import type { ChoiceMode, Task } from '../core/ports/task.ts';
import { certifyTask } from '../runner/certify.ts';
import arcChallenge from './arc-challenge.ts';
import hellaswag from './hellaswag.ts';
import mmlu from './mmlu.ts';
import truthfulqaMc1 from './truthfulqa-mc1.ts';
import winogrande from './winogrande.ts';

const cases: readonly (readonly [task: Task, mode: ChoiceMode, count: number])[] = [
  [arcChallenge, 'generative', 1172],
  [arcChallenge, 'loglikelihood', 1172],
  [arcChallenge, 'first_token', 1172],
  [hellaswag, 'generative', 10042],
  [hellaswag, 'loglikelihood', 10042],
  [mmlu, 'generative', 14042],
  [mmlu, 'loglikelihood', 14042],
  [truthfulqaMc1, 'generative', 817],
  [truthfulqaMc1, 'loglikelihood', 817],
  [winogrande, 'generative', 1267],
  [winogrande, 'loglikelihood', 1267],
];

describeWithData('multiple-choice tasks on the real files', () => {
  it.each(cases.map(([task, mode, count]) => ({ id: task.id, task, mode, count })))(
    '$id certifies on all gold, $mode',
    async ({ task, mode, count }) => {
      const settings = settingsOf(task, { choiceMode: mode });
      const samples = await loadTaskSamples(task, settings);
      expect(samples).toHaveLength(count);
      expect(new Set(samples.map(({ id }) => id)).size).toBe(count);
      const services = { sandbox: null, judge: null };
      const certificate = await certifyTask(task, { samples, settings, services, datasets: [] }, { scope: 'full' });
      expect(certificate).toMatchObject({ passed: true, failures: [], excluded: [] });
      expect(certificate.gold.total).toBeGreaterThanOrEqual(count * 12);
      expect(certificate.wrong.total).toBeGreaterThanOrEqual(count * 12);
    },
    180_000,
  );
});
