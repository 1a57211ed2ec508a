import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  scoreOf,
  syntheticSamples,
  syntheticSettings,
  tally,
  unexpected,
  type Tally,
} from '../../test/support/dialogue-oracles.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { isEstimated } from '../core/estimate.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { canonicalAnswer } from '../text/answer-form.ts';
import task from './agent-reasoning.ts';
import { civilFromDays, daysFromCivil, daysInMonth } from './reasoning/civil-date.ts';

const families = [
  'arithmetic_chain',
  'seating_puzzle',
  'calendar',
  'graph_path',
  'state_tracking',
  'entailment',
  'tiny_program',
  'plan_order',
];

/** The code each kind of wrong answer must get; kinds that are near misses get `answer.wrong.<kind>`. */
const codes: Readonly<Record<string, string>> = {
  empty: 'gen.empty',
  null: 'gen.empty',
  ok: 'extract.no_answer',
  refusal: 'gen.refused',
  echo: 'extract.no_answer',
  placeholder: 'extract.no_answer',
  'no-answer-line': 'extract.no_answer',
  'two-answers': 'extract.ambiguous',
  hedge: 'extract.no_answer',
  'answer-only-in-thought': 'gen.empty_after_think',
  'unfinished-thought': 'gen.truncated.in_think',
  'cut-before-answer': 'extract.no_answer',
  'empty-after-thought': 'gen.empty_after_think',
};

describe('agent_reasoning', () => {
  it('makes samples that are a function of their place alone', async () => {
    const settings = syntheticSettings(task, { size: 30 });
    const first = await syntheticSamples(task, settings);
    const again = await syntheticSamples(task, { ...settings, size: 60 });
    expect(again.slice(0, 30)).toEqual(first);
    const other = await syntheticSamples(task, { ...settings, seed: 1 });
    const fresh = await syntheticSamples(task, { ...settings, split: 'fresh' });
    expect(new Set([...first, ...other, ...fresh].map(({ input }) => input.prompt)).size).toBe(90);
    expect(new Set(first.map(({ id }) => id)).size).toBe(30);
    expect(first[4]?.id).toBe('pinned/0/4');
    expect(first.map(({ category }) => category).slice(0, 24)).toEqual(
      families.flatMap((family) => [family, family, family]),
    );
  });

  it('keeps its bytes', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 960 }));
    expect(createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16)).toMatchInlineSnapshot(
      `"bb63b6e1e7a9dcf0"`,
    );
    expect(samples[18]).toMatchInlineSnapshot(`
      {
        "category": "tiny_program",
        "cluster": "pinned/0/item-6",
        "id": "pinned/0/18",
        "input": {
          "level": 0,
          "prompt": "Read this program.

      y = 6
      y = y - 7
      y = y + 3
      print y

      What number does this program print?

      Write each calculation on a line like \`Step 1: 3 + 4 = 7\`. End with one line: ANSWER: <whole number>",
          "variant": "base",
        },
        "target": {
          "answer": "2",
          "form": "integer",
          "nearMisses": [
            {
              "kind": "intermediate_value",
              "value": "-1",
            },
          ],
          "steps": [
            "Step 1: 6 - 7 = -1",
            "Step 2: -1 + 3 = 2",
          ],
        },
      }
    `);
  });

  it('gives every wording of an item the same difficulty and another text', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 480 }));
    for (let item = 0; item < samples.length; item += 3) {
      const wordings = samples.slice(item, item + 3);
      expect(new Set(wordings.map(({ cluster }) => cluster)).size).toBe(1);
      expect(new Set(wordings.map(({ input }) => input.prompt)).size).toBe(3);
      expect(wordings.map(({ input }) => input.variant)).toEqual(['base', 'distractor', 'renamed']);
      expect(new Set(wordings.map(({ input }) => input.level)).size).toBe(1);
    }
    expect(new Set(samples.map(({ input }) => input.level))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('never lets a bare repetition of a number in the question win', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 4800, seed: 5 }));
    const arithmetic = samples.filter(({ category }) => category === 'arithmetic_chain' || category === 'tiny_program');
    const leaks = arithmetic.filter(({ input, target }) => {
      const question = input.prompt.split('\n\nWrite each')[0] ?? '';
      return [...question.matchAll(/\d+/g)].some(([number]) => number === target.answer);
    });
    expect(leaks).toEqual([]);
  });

  for (const [seed, size] of [
    [0, 8_000],
    [7, 960],
  ] as const) {
    it(`accepts every gold rendering and no wrong answer, with the intended code (seed ${seed})`, async () => {
      const settings = syntheticSettings(task, { size, seed });
      const gold = new Map<string, Tally>();
      const wrong = new Map<string, Tally>();
      const miscoded = new Map<string, string>();
      for (const sample of await syntheticSamples(task, settings)) {
        for (const { kind, response } of task.scorer.gold(sample, settings)) {
          tally(gold, kind, { scored: scoreOf(task, { sample, settings, response }), example: sample.id });
        }
        for (const { kind, response } of task.scorer.wrong(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          tally(wrong, kind, { scored, example: sample.id });
          const expected = codes[kind] ?? 'answer.wrong';
          if (!scored.codes[0]?.startsWith(expected))
            miscoded.set(kind, `${scored.codes[0]} for ${expected} at ${sample.id}`);
        }
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect([...miscoded]).toEqual([]);
      expect(gold.size).toBeGreaterThanOrEqual(12);
      expect(wrong.size).toBeGreaterThanOrEqual(12);
    });
  }

  it('gives constant answers next to nothing', async () => {
    const settings = syntheticSettings(task, { size: 9_600, seed: 3 });
    const samples = await syntheticSamples(task, settings);
    for (const answer of [
      '1',
      '10',
      'yes',
      'unknown, unknown',
      'no, unknown',
      'Monday',
      '12:00',
      'red',
      'Ana, Ben, Eva',
    ]) {
      const rows = samples.map((sample): MetricRow => {
        const scored = scoreOf(task, { sample, settings, response: textResponse(`ANSWER: ${answer}`) });
        return {
          sampleId: sample.id,
          epoch: 0,
          category: sample.category,
          cluster: sample.cluster,
          score: scored.score,
          measures: scored.measures,
        };
      });
      const robust = task.metrics[0].estimate(rows);
      if (!isEstimated(robust)) throw new Error('no estimate');
      // One of the eight families has pairs of verdicts as answers, nine of them.
      expect(robust.value, answer).toBeLessThanOrEqual(answer.includes('unknown') ? 1 / (8 * 9) : 0.01);
    }
  });

  it('counts an item only when all its wordings are right', async () => {
    const settings = syntheticSettings(task, { size: 60 });
    const samples = await syntheticSamples(task, settings);
    const rows = samples.map((sample, index): MetricRow => ({
      sampleId: sample.id,
      epoch: 0,
      category: sample.category,
      cluster: sample.cluster,
      score: index % 3 === 1 && index < 30 ? 0 : 1,
      measures: {},
    }));
    const value = (index: number): number => {
      const estimate = task.metrics[index]?.estimate(rows) ?? { unavailable: '' };
      return isEstimated(estimate) ? estimate.value : Number.NaN;
    };
    expect(value(0)).toBe(0.5);
    expect(value(1)).toBeCloseTo(50 / 60);
    // An item with a wording that was not scored says nothing about robustness.
    const partial = task.metrics[0].estimate(rows.slice(1));
    expect(isEstimated(partial) && partial.n).toBe(19);
  });

  it('writes answers that its own reading accepts', async () => {
    for (const { target } of await syntheticSamples(task, syntheticSettings(task, { size: 960 }))) {
      expect(canonicalAnswer(target.answer, target.form)).not.toBeNull();
      expect(target.nearMisses.length).toBeGreaterThan(0);
    }
  });

  it('computes dates as the calendar has them', () => {
    expect(daysFromCivil({ year: 1970, month: 1, day: 1 })).toBe(0);
    expect(civilFromDays(11016)).toEqual({ year: 2000, month: 2, day: 29 });
    for (let days = -40_000; days < 60_000; days += 13) {
      const date = civilFromDays(days);
      expect(daysFromCivil(date)).toBe(days);
      expect(date).toEqual({
        year: new Date(days * 86_400_000).getUTCFullYear(),
        month: new Date(days * 86_400_000).getUTCMonth() + 1,
        day: new Date(days * 86_400_000).getUTCDate(),
      });
      expect(date.day).toBeLessThanOrEqual(daysInMonth(date.year, date.month));
    }
  });
});
