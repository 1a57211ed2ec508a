import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { isEstimated } from '../../src/core/estimate.ts';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { realQwen } from '../support/real-qwen.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { sharedData } from '../support/shared-data.ts';

const model = realQwen();
const reason =
  model === undefined
    ? 'no real Qwen file; set QE_REAL_QWEN to its path'
    : sharedData === null
      ? 'no benchmark files'
      : null;
const suite = reason === null ? describe : describe.skip;

const folder = temporaryFolder('real-qwen');
afterAll(() => rmSync(folder, { recursive: true }));

suite(
  `a real Qwen2.5-Coder-0.5B-Instruct on the embedded engine${reason === null ? '' : ` [skipped: ${reason}]`}`,
  () => {
    it('answers GSM8K and ARC-Challenge plausibly', { timeout: 900_000 }, async () => {
      const { code, stdout, stderr } = await runCli(
        [
          'run',
          '--model',
          model ?? '',
          '--tasks',
          'gsm8k,arc_challenge',
          '--limit',
          '8',
          '--max-tokens',
          '400',
          '--data-dir',
          sharedData ?? '',
          '--json',
        ],
        { cwd: folder },
      );
      expect(stderr).not.toContain('E_');
      expect(code).toBe(0);
      const result = JSON.parse(stdout) as ResultDocument;
      expect(result.status).toBe('complete');
      for (const task of result.tasks) {
        const { accuracy } = task.metrics;
        expect(task.counts.scored).toBe(8);
        expect(accuracy !== undefined && isEstimated(accuracy) && accuracy.high > accuracy.value).toBe(true);
      }
      // Eight samples say little, but a broken template or decoder gives garbage that no extraction reads.
      const answered = result.tasks.map((task) => task.counts.scored - (task.counts.byCode['extract.no_answer'] ?? 0));
      expect(Math.min(...answered)).toBeGreaterThanOrEqual(5);
      console.log(
        result.tasks.map((task) => `${task.task} ${JSON.stringify(task.metrics['accuracy'])}`).join('; '),
        `${result.timings.outputTokensPerSecond?.toFixed(1)} tokens/s`,
      );
    });
  },
);
