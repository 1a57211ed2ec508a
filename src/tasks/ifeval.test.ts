import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scoreOf, tally, unexpected, type Tally } from '../../test/support/dialogue-oracles.ts';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { sharedData } from '../../test/support/shared-data.ts';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { instructionIds } from '../scorers/ifeval/check-instruction.ts';
import { composeResponse } from '../scorers/ifeval/compose-response.ts';
import { textResponse } from '../text/assistant-turn.ts';
import task from './ifeval.ts';

const settings = settingsOf(task);
const documented = readFileSync(new URL('../../docs/ifeval.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

describe.skipIf(sharedData === null)(
  'ifeval on the benchmark’s own file (skipped where the data folder is not at hand)',
  () => {
    it('has 541 prompts with 834 instructions of 25 types', async () => {
      const samples = await loadTaskSamples(task, settings);
      const used = samples.flatMap(({ input }) => input.instructions.map(({ id }) => id));
      expect(samples).toHaveLength(541);
      expect(used).toHaveLength(834);
      expect(new Set(used)).toEqual(new Set(instructionIds));
      expect(samples[0]).toMatchObject({ id: '1000', category: '3_instructions' });
    });

    it('names exactly the prompts for which no answer can be built', async () => {
      const samples = await loadTaskSamples(task, settings);
      const impossible = samples
        .filter(({ input }) => composeResponse(input.instructions) === null)
        .map(({ id }) => id);
      expect(impossible.toSorted()).toEqual(['1627', '3369', '3371', '3718', '374']);
      expect(
        samples
          .filter(({ fault }) => fault !== undefined)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(impossible.toSorted());
    });

    it('passes a built answer to every other prompt in both modes, and none with one instruction broken', async () => {
      const gold = new Map<string, Tally>();
      const wrong = new Map<string, Tally>();
      const miscoded = new Set<string>();
      for (const sample of await loadTaskSamples(task, settings)) {
        if (sample.fault !== undefined) continue;
        for (const { kind, response } of task.scorer.gold(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          tally(gold, kind, { scored, example: `${sample.id} ${scored.explanation}` });
          expect(scored.measures).toMatchObject({
            prompt_strict: 1,
            prompt_loose: 1,
            corrected_prompt_strict: 1,
            corrected_prompt_loose: 1,
          });
        }
        for (const { kind, response } of task.scorer.wrong(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          tally(wrong, kind, { scored, example: `${sample.id} ${response.text}` });
          const expected = kind.startsWith('break-') ? `if.${kind.slice(6)}` : 'gen.';
          if (!scored.codes.some((code) => code.startsWith(expected))) miscoded.add(`${kind}: ${scored.codes.join()}`);
        }
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect([...miscoded]).toEqual([]);
      expect([...wrong.keys()].filter((kind) => kind.startsWith('break-'))).toHaveLength(25);
      expect(gold.size).toBeGreaterThanOrEqual(12);
      expect(gold.get('plain')).toMatchObject({ right: 536, total: 536 });
    });

    it('gives no credit for an empty answer and little for a filler', async () => {
      const samples = (await loadTaskSamples(task, settings)).filter(({ fault }) => fault === undefined);
      const share = (text: string): number =>
        samples.reduce(
          (sum, sample) => sum + scoreOf(task, { sample, settings, response: textResponse(text) }).score,
          0,
        ) / samples.length;
      expect(share('')).toBe(0);
      // "OK" keeps every prompt that only forbids something: the benchmark's own weakness, stated here.
      expect(share('OK')).toBeGreaterThan(0.02);
      expect(share('OK')).toBeLessThan(0.15);
    });
  },
);

describe('ifeval metrics', () => {
  it('put the upstream figure beside the one over prompts that can be followed', () => {
    const rows = Array.from({ length: 536 }, (_, index): MetricRow => ({
      sampleId: String(index),
      epoch: 0,
      category: null,
      cluster: null,
      score: index < 268 ? 1 : 0,
      measures: { prompt_strict: index < 268 ? 1 : 0 },
    }));
    const value = (id: string): number => {
      const estimate = task.metrics.find((metric) => metric.id === id)?.estimate(rows);
      return estimate && isEstimated(estimate) ? estimate.value : Number.NaN;
    };
    expect(value('accuracy')).toBe(0.5);
    expect(value('prompt_strict_upstream')).toBeCloseTo(268 / 541, 12);
    expect(task.metrics.find(({ id }) => id === 'prompt_strict_upstream')?.estimate([])).toHaveProperty('unavailable');
    expect(documented).toContain(
      `\`prompt_strict_upstream\` 268 / 541 = ${value('prompt_strict_upstream').toFixed(4)}.`,
    );
  });

  it('are documented', () => {
    for (const { id } of task.metrics) if (!id.startsWith('type.')) expect(documented).toContain(`\`${id}\``);
  });
});
