import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { scoreOf, syntheticSettings, tally, unexpected, type Tally } from '../../test/support/dialogue-oracles.ts';
import { qwenTokenizer } from '../../test/support/qwen-tokenizer.ts';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { Tokenizer } from '../core/ports/tokenizer.ts';
import type { Sample } from '../core/sample.ts';
import type { LongContextInput, LongContextTarget } from '../scorers/long-context-recall.ts';
import { formatShare } from '../text/format-estimate.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { roughCount } from './long-context/fit-length.ts';
import { promptTokensFor } from './long-context/plan-samples.ts';
import needleGrid from './needle-grid.ts';
import ruler from './ruler.ts';

type LongTask = Task<LongContextInput, LongContextTarget>;
type LongSample = Sample<LongContextInput, LongContextTarget>;
const tasks: readonly LongTask[] = [...ruler, needleGrid];

const documented = readFileSync(new URL('../../docs/long-context.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

interface Asked {
  readonly settings: TaskSettings;
  readonly tokenizer?: Tokenizer | null;
  readonly contextLength?: number | null;
}

async function samplesOf(
  task: LongTask,
  { settings, tokenizer = null, contextLength = null }: Asked,
): Promise<readonly LongSample[]> {
  const data = null as never;
  return [...(await task.loadSamples({ data, settings, tokenizer, contextLength }))];
}

const promptOf = (task: LongTask, sample: LongSample, settings: TaskSettings): string => {
  const rendered = task.render(sample, settings);
  return rendered.kind === 'chat' ? (rendered.messages[0]?.content ?? '') : '';
};

describe('ruler and needle_grid', () => {
  it('are nine tasks', () => {
    expect(tasks.map(({ id }) => id)).toEqual([
      'ruler_single',
      'ruler_multikey',
      'ruler_multivalue',
      'ruler_multiquery',
      'ruler_variable_tracing',
      'ruler_common_words',
      'ruler_frequent_words',
      'ruler_qa',
      'needle_grid',
    ]);
  });

  for (const task of tasks) {
    it(`${task.id}: accepts every list of the right values and no other (1,000 samples)`, async () => {
      const settings = syntheticSettings(task, {
        size: 1_000,
        seed: 4,
        extra: { ...task.defaults.extra, lengths: [256, 512, 1024, 4096] },
      });
      const gold = new Map<string, Tally>();
      const wrong = new Map<string, Tally>();
      for (const sample of await samplesOf(task, { settings })) {
        for (const { kind, response } of task.scorer.gold(sample, settings)) {
          tally(gold, kind, {
            scored: scoreOf(task, { sample, settings, response }),
            example: `${sample.id} ${response.text}`,
          });
        }
        for (const { kind, response } of task.scorer.wrong(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          tally(wrong, kind, { scored, example: `${sample.id} ${response.text}` });
          // Listing candidates wins nothing at all.
          if (kind.startsWith('list-everything') || kind === 'distractor')
            expect(scored.score, `${sample.id} ${response.text}`).toBe(0);
        }
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect(gold.size).toBeGreaterThanOrEqual(12);
      expect(wrong.size).toBeGreaterThanOrEqual(12);
      const codesOf = (kind: string): readonly string[] => [...(wrong.get(kind)?.codes.keys() ?? [])];
      expect(codesOf('distractor')).toEqual(['answer.wrong.distractor']);
      expect(codesOf('empty')).toEqual(['gen.empty']);
      expect(codesOf('refusal')).toEqual(['gen.refused']);
      expect(codesOf('answer-only-in-thought')).toEqual(['gen.empty_after_think']);
      expect(codesOf('unfinished-thought')).toEqual(['gen.truncated.in_think']);
      if (wrong.has('one-missing')) expect(codesOf('one-missing')).toEqual(['answer.wrong.incomplete']);
    });

    it(`${task.id}: the text holds the facts, once, in words of their own`, async () => {
      const settings = syntheticSettings(task, {
        size: 16,
        seed: 2,
        extra: { ...task.defaults.extra, lengths: [256, 1024] },
      });
      for (const sample of await samplesOf(task, { settings })) {
        const words = promptOf(task, sample, settings).match(/[\p{L}\p{N}]+/gu) ?? [];
        for (const value of sample.target.expected) expect(words, sample.id).toContain(value);
        for (const value of sample.target.distractors) expect(words, sample.id).toContain(value);
      }
    });

    it(`${task.id}: the prompt has the planned length within 1 % by Qwen's tokenizer, with few tokenisations`, async () => {
      const tokenizer = qwenTokenizer();
      const settings = syntheticSettings(task, {
        size: 24,
        seed: 1,
        extra: { ...task.defaults.extra, lengths: [1024, 2048, 4096, 8192] },
      });
      const samples = await samplesOf(task, { settings, tokenizer });
      expect(tokenizer.asked()).toBeLessThanOrEqual(4);
      for (const sample of samples) {
        const tokens = await tokenizer.count(promptOf(task, sample, settings));
        const target = sample.input.plannedTokens;
        expect(target).toBe(sample.input.length - Math.min(512, sample.input.length / 8));
        expect(Math.abs(tokens / target - 1), `${sample.id}: ${tokens} of ${target}`).toBeLessThanOrEqual(0.01);
      }
    });
  }

  it('plans 131,072 tokens within 1 %, writes them in well under a second and keeps samples small', async () => {
    const tokenizer = qwenTokenizer();
    for (const task of tasks) {
      const settings = syntheticSettings(task, {
        size: 1,
        seed: 6,
        extra: { ...task.defaults.extra, lengths: [131_072] },
      });
      const [sample] = await samplesOf(task, { settings, tokenizer });
      if (!sample) throw new Error('no sample');
      expect(JSON.stringify(sample).length).toBeLessThan(2_000);
      promptOf(task, sample, settings);
      const start = process.hrtime.bigint();
      const prompt = promptOf(task, sample, settings);
      expect(Number(process.hrtime.bigint() - start) / 1e6, task.id).toBeLessThan(1_000);
      if (task.id !== 'ruler_single' && task.id !== 'ruler_qa' && task.id !== 'ruler_common_words') continue;
      const tokens = await tokenizer.count(prompt);
      expect(Math.abs(tokens / sample.input.plannedTokens - 1), `${task.id}: ${tokens}`).toBeLessThanOrEqual(0.01);
    }
  }, 120_000);

  it('keeps nothing of the prompts it has written', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (const task of tasks) {
      const extra = { ...task.defaults.extra, lengths: [131_072] };
      const samples = await samplesOf(task, { settings: syntheticSettings(task, { size: 24, extra }) });
      const written = (): number =>
        samples.reduce((sum, sample) => sum + promptOf(task, sample, syntheticSettings(task, { extra })).length, 0);
      written();
      collect();
      const before = process.memoryUsage().heapUsed;
      const characters = written();
      collect();
      expect(characters).toBeGreaterThan(8_000_000);
      expect(process.memoryUsage().heapUsed - before, task.id).toBeLessThan(characters / 4);
    }
  }, 120_000);

  it('fits another tokenizer as well: one that cuts every word in two-letter pieces', async () => {
    const count = (text: string): Promise<number> =>
      Promise.resolve(text.match(/\p{L}{1,2}|\d|[^\s\p{L}\d]/gu)?.length ?? 0);
    const tokenizer: Tokenizer = { source: 'pairs', count, encode: () => Promise.reject(new Error('count only')) };
    for (const task of tasks) {
      const settings = syntheticSettings(task, { size: 8, extra: { ...task.defaults.extra, lengths: [2048, 8192] } });
      for (const sample of await samplesOf(task, { settings, tokenizer })) {
        const tokens = await count(promptOf(task, sample, settings));
        // Lists of words of uneven length vary a little more than dealt sentences.
        expect(Math.abs(tokens / sample.input.plannedTokens - 1), `${task.id} ${sample.id}`).toBeLessThan(0.06);
      }
    }
  });

  it('keeps its bytes and does not depend on the tokenizer for what is asked', async () => {
    const hash = createHash('sha256');
    for (const task of tasks) {
      const settings = syntheticSettings(task, { size: 16, extra: { ...task.defaults.extra, lengths: [512, 4096] } });
      const estimated = await samplesOf(task, { settings });
      const counted = await samplesOf(task, { settings, tokenizer: qwenTokenizer() });
      expect(counted.map(({ id, target }) => ({ id, target }))).toEqual(
        estimated.map(({ id, target }) => ({ id, target })),
      );
      for (const sample of estimated) hash.update(promptOf(task, sample, settings));
    }
    expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"8c1db0dd9be7273b"`);
    const [single] = tasks;
    if (!single) throw new Error('no task');
    const settings = syntheticSettings(single, { size: 1, extra: { lengths: [256] } });
    const [sample] = await samplesOf(single, { settings });
    if (!sample) throw new Error('no sample');
    expect(promptOf(single, sample, settings)).toMatchInlineSnapshot(`
      "Read this text. Some codes are hidden in it, and a question about them follows.

      The code of the ivory rabbit is 224. The grey doctor watched the broken picture. That was before the storm. The brave student lost the cheap tree. The old archive holds 235 pages. That was on the hill. The happy sailor cleaned the bright bridge. That was after the dinner. The quiet baker drew the wooden boat. That was with a friend. The small singer described the heavy wheel. That was under the moon. The tall artist closed the long table. That was near the river. The tired guard counted the little tower. That was during the war. The green teacher repaired the round road. The last invoice has the number 942. That was in the winter. The lucky writer moved the yellow door. That was across the field. The gentle nurse painted the wet stone. That was without a word. The clever farmer bought the empty wall. That was at the market.

      What is the code of the ivory rabbit? End with one line: ANSWER: <number>"
    `);
  });

  it('puts facts at the depth that was asked for', async () => {
    const settings = syntheticSettings(needleGrid, {
      size: 44,
      extra: { lengths: [2048, 4096], depths: [0, 0.25, 0.5, 1] },
    });
    const samples = await samplesOf(needleGrid, { settings });
    expect(new Set(samples.slice(0, 8).map(({ input }) => `${input.length}/${input.depth}`)).size).toBe(8);
    for (const sample of samples) {
      const prompt = promptOf(needleGrid, sample, settings);
      const start = prompt.indexOf('\n\n') + 2;
      const text = prompt.slice(start, prompt.lastIndexOf('\n\n'));
      const at = text.indexOf(sample.target.expected[0] ?? '?') / text.length;
      expect(Math.abs(at - (sample.input.depth ?? -1))).toBeLessThan(0.03);
    }
  });

  it('reserves the output inside the window and leaves out what does not fit, ids kept', async () => {
    expect(promptTokensFor(131_072, { maxTokens: 16_384, contextLength: null })).toBe(114_688);
    expect(promptTokensFor(4096, { maxTokens: 16_384, contextLength: 32_768 })).toBe(3584);
    expect(promptTokensFor(32_768, { maxTokens: 16_384, contextLength: 32_768 })).toBeNull();
    expect(promptTokensFor(32_768, { maxTokens: 8_192, contextLength: 32_768 })).toBe(24_512);
    const [single] = tasks;
    if (!single) throw new Error('no task');
    const settings = syntheticSettings(single, { size: 16, extra: { lengths: [1024, 65_536] } });
    const all = await samplesOf(single, { settings });
    const some = await samplesOf(single, { settings, contextLength: 40_960 });
    expect(all).toHaveLength(16);
    expect(some).toEqual(all.filter(({ input }) => input.length === 1024));
    expect(single.leftOut?.({ settings, contextLength: 40_960 })).toBe(
      'left out for want of room: 65536 tokens (context 40960, of which 512 are kept for the answer), so the effective length may be greater',
    );
    expect(single.leftOut?.({ settings, contextLength: null })).toBeNull();
    expect(needleGrid.leftOut?.({ settings, contextLength: 65_536 })).toBeNull();
  });

  it('refuses settings that make no sense', async () => {
    const [single] = tasks;
    if (!single) throw new Error('no task');
    const asked = (extra: TaskSettings['extra']) =>
      samplesOf(single, { settings: syntheticSettings(single, { size: 1, extra }) });
    await expect(asked({ lengths: [0] })).rejects.toMatchObject({ code: 'E_OPTION_INVALID' });
    await expect(asked({ lengths: [] })).rejects.toMatchObject({ code: 'E_OPTION_INVALID' });
    await expect(async () => [
      ...(await needleGrid.loadSamples({
        data: null as never,
        tokenizer: null,
        settings: syntheticSettings(needleGrid, { extra: { depths: [2] } }),
      })),
    ]).rejects.toMatchObject({ code: 'E_OPTION_INVALID' });
  });

  it('does not score a prompt that the server cut', async () => {
    const [single] = tasks;
    if (!single) throw new Error('no task');
    const settings = syntheticSettings(single, { size: 1, extra: { lengths: [8192] } });
    const [sample] = await samplesOf(single, { settings, tokenizer: qwenTokenizer() });
    if (!sample) throw new Error('no sample');
    const usage = { promptTokens: 4096, completionTokens: 5, reasoningTokens: null, cachedPromptTokens: null };
    const outcome = await single.scorer.score(
      { sample, settings, response: textResponse(`ANSWER: ${sample.target.expected[0]}`, { usage }) },
      { sandbox: null, judge: null },
    );
    expect(outcome).toMatchObject({ kind: 'unscored', code: 'ctx.clamped', repeatable: false });
    // A rescore plans without a tokenizer, and the server's count still tells.
    const [again] = await samplesOf(single, { settings });
    if (!again) throw new Error('no sample');
    const rescored = await single.scorer.score(
      {
        sample: again,
        settings,
        response: textResponse(`ANSWER: ${again.target.expected[0]}`, { usage: { ...usage, promptTokens: 7000 } }),
      },
      { sandbox: null, judge: null },
    );
    expect(rescored).toMatchObject({ kind: 'unscored', code: 'ctx.clamped' });
    const whole = await single.scorer.score(
      {
        sample,
        settings,
        response: textResponse(`ANSWER: ${sample.target.expected[0]}`, { usage: { ...usage, promptTokens: 7700 } }),
      },
      { sandbox: null, judge: null },
    );
    expect(whole).toMatchObject({ kind: 'scored', score: 1, measures: { prompt_tokens: 7700, length: 8192 } });
  });

  it('reports the effective length with its interval and the middle against the ends', () => {
    const row = (length: number, index: number, score: number): MetricRow => ({
      sampleId: `${length}/${index}`,
      epoch: 0,
      category: null,
      cluster: null,
      score,
      measures: { length, depth: (index % 11) / 10 },
    });
    const rows = [1024, 2048, 4096, 8192].flatMap((length) =>
      Array.from({ length: 110 }, (_, index) =>
        row(length, index, length < 4096 || (length === 4096 ? index % 8 !== 0 : index % 2 === 0) ? 1 : 0),
      ),
    );
    const metric = (id: string) => {
      const estimate = needleGrid.metrics.find((each) => each.id === id)?.estimate(rows);
      if (!estimate || !isEstimated(estimate)) throw new Error(`no ${id}`);
      return estimate;
    };
    expect(metric('effective_length')).toMatchObject({ value: 4096, low: 2048, high: 4096 });
    expect(metric('accuracy_8192').value).toBeCloseTo(0.5);
    // The examples of docs/long-context.md.
    expect(documented).toContain(
      `with 1,024 at ${formatShare(metric('accuracy_1024'))}, 2,048 at ${formatShare(metric('accuracy_2048'))}, 4,096 at ${formatShare(metric('accuracy_4096'))} and 8,192 at ${formatShare(metric('accuracy_8192'))} it is 4,096 [2,048, 4,096]`,
    );
    const prompt = promptTokensFor(8192, { maxTokens: 512, contextLength: null });
    expect(documented).toContain(`8,192 and 512 tokens for the answer the prompt has ${prompt?.toLocaleString('en')}.`);
    expect(metric('middle_minus_ends').value).toBeCloseTo(0, 1);
    expect(needleGrid.metrics.find(({ id }) => id === 'effective_length')?.estimate([])).toHaveProperty('unavailable');
  });

  it('counts roughly as a large vocabulary does', async () => {
    const text = 'The old farmer sold 4829173 apples to Anna, twice in a week. The road is long.';
    expect(roughCount(text) / (await qwenTokenizer().count(text))).toBeCloseTo(1, 1);
  });
});
