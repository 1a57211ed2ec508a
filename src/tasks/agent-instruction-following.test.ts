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
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { constraints } from '../scorers/constraints/constraint-table.ts';
import { textResponse } from '../text/assistant-turn.ts';
import task from './agent-instruction-following.ts';

const codes: Readonly<Record<string, string>> = {
  empty: 'gen.empty',
  null: 'gen.empty',
  refusal: 'gen.refused',
  'only-thought': 'gen.empty_after_think',
  'empty-after-thought': 'gen.empty_after_think',
  'unfinished-thought': 'gen.truncated.in_think',
};

describe('agent_instruction_following', () => {
  it('keeps its bytes and does not depend on the size of the set', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 400 }));
    const short = await syntheticSamples(task, syntheticSettings(task, { size: 40 }));
    expect(samples.slice(0, 40)).toEqual(short);
    expect(createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16)).toMatchInlineSnapshot(
      `"cc3645ae7efcdc9a"`,
    );
    expect(samples[1]).toMatchInlineSnapshot(`
      {
        "category": "2_rules",
        "cluster": null,
        "id": "pinned/0/1",
        "input": {
          "constraints": [
            {
              "id": "include_words",
              "parameters": {
                "words": [
                  "mirror",
                  "kettle",
                ],
              },
            },
            {
              "id": "words_exact",
              "parameters": {
                "count": 18,
              },
            },
          ],
          "level": 1,
          "prompt": "Please write about a night under the stars, and keep to these rules:
      - Include all of "mirror", "kettle".
      - Write 18 words, no more and no fewer.
      (A word is a run of letters or digits; a hyphen or apostrophe inside it does not split it.)",
        },
        "target": {
          "text": "Along mirror lamps fill game kettle until old guests. Grey doors night small green dusk at walk vivid.",
        },
      }
    `);
  });

  it('uses every rule, and the easy ones alone at level 0', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 1000 }));
    const used = (level: number): Set<string> =>
      new Set(
        samples
          .filter(({ input }) => input.level === level)
          .flatMap(({ input }) => input.constraints.map(({ id }) => id)),
      );
    expect([...used(3)].toSorted()).toEqual(constraints.map(({ id }) => id).toSorted());
    expect([...used(0)].every((id) => constraints.find((constraint) => constraint.id === id)?.level === 0)).toBe(true);
    expect(new Set(samples.map(({ input }) => input.constraints.length))).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  for (const [seed, size] of [
    [0, 1200],
    [11, 400],
  ] as const) {
    it(`accepts every constructed text and nothing trivial or broken (seed ${seed})`, async () => {
      const settings = syntheticSettings(task, { size, seed });
      const gold = new Map<string, Tally>();
      const wrong = new Map<string, Tally>();
      const miscoded: string[] = [];
      for (const sample of await syntheticSamples(task, settings)) {
        for (const { kind, response } of task.scorer.gold(sample, settings)) {
          tally(gold, kind, { scored: scoreOf(task, { sample, settings, response }), example: sample.id });
        }
        const kinds = new Set<string>();
        for (const { kind, response } of task.scorer.wrong(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          kinds.add(kind);
          tally(wrong, kind, { scored, example: `${sample.id} ${response.text}` });
          const expected = codes[kind] ?? (kind.startsWith('break-') ? `if.${kind.slice(6)}` : 'if.');
          if (!scored.codes.some((code) => code.startsWith(expected)))
            miscoded.push(`${kind}: ${scored.codes.join()} for ${expected}`);
        }
        expect(kinds.size).toBeGreaterThanOrEqual(12);
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect(miscoded).toEqual([]);
      expect(gold.size).toBe(12);
    });
  }

  it('calls an answer with an introduction loosely right', async () => {
    const settings = syntheticSettings(task, { size: 400 });
    let loose = 0;
    for (const sample of await syntheticSamples(task, settings)) {
      const response = textResponse(`Sure, here it is, as you asked for it: 7 LINES!\n${sample.target.text}`);
      const { measures } = scoreOf(task, { sample, settings, response });
      expect(measures['prompt_loose']).toBe(1);
      expect(measures['instructions_loose']).toBe(measures['instructions']);
      if (measures['instructions_strict'] !== measures['instructions']) loose += 1;
    }
    expect(loose).toBeGreaterThan(200);
  });

  it('pools rules over prompts', () => {
    const row = (sampleId: string, instructions: number, strict: number): MetricRow => ({
      sampleId,
      epoch: 0,
      category: null,
      cluster: null,
      score: instructions === strict ? 1 : 0,
      measures: { instructions, instructions_strict: strict },
    });
    const pooled = task.metrics
      .find(({ id }) => id === 'instruction_strict')
      ?.estimate([row('a', 5, 2), row('b', 1, 1), row('c', 2, 2)]);
    expect(pooled && isEstimated(pooled) && pooled).toMatchObject({ value: 5 / 8, n: 3 });
  });
});
