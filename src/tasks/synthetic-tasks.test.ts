import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import type { ChoiceMode, Task, TaskSettings } from '../core/ports/task.ts';
import { certifyTask } from '../runner/certify.ts';
import { seededRng } from '../stats/rng.ts';
import syntheticArithmetic from './synthetic-arithmetic.ts';
import syntheticChoice from './synthetic-choice.ts';
import syntheticCode from './synthetic-code.ts';
import { choiceTemplates } from './synthetic/choice-templates.ts';
import { problemTemplates } from './synthetic/problem-templates.ts';
import { samplePlaces } from './synthetic/synthetic-samples.ts';
import { makeTinyFunction } from './synthetic/tiny-function.ts';
import { makeWordProblem } from './synthetic/word-problem.ts';

const certify = async <Input, Target>(task: Task<Input, Target>, settings: TaskSettings) => {
  const samples = await loadTaskSamples(task, settings);
  const services = { sandbox: null, judge: null };
  return certifyTask(task, { samples, settings, services, datasets: [] }, { scope: 'full' });
};

describe('synthetic_arithmetic', () => {
  it('certifies', async () => {
    const certificate = await certify(syntheticArithmetic, settingsOf(syntheticArithmetic, { size: 256 }));
    expect(certificate).toMatchObject({ passed: true, failures: [] });
  });

  it('gives the same samples for the same seed and others for another', async () => {
    const load = (changes: Partial<TaskSettings>) =>
      loadTaskSamples(syntheticArithmetic, settingsOf(syntheticArithmetic, changes));
    const [first, again, longer, other] = [
      await load({ size: 40 }),
      await load({ size: 40 }),
      await load({ size: 80 }),
      await load({ size: 40, seed: 1 }),
    ];
    expect(again).toEqual(first);
    expect(longer.slice(0, 40)).toEqual(first);
    expect(other.filter((sample, index) => sample.input.question === first[index]?.input.question)).toEqual([]);
    expect(first.map(({ id }) => id).slice(0, 3)).toEqual(['pinned/0/0', 'pinned/0/1', 'pinned/0/2']);
  });

  it('asks every level equally often from the start', async () => {
    const samples = await loadTaskSamples(syntheticArithmetic, settingsOf(syntheticArithmetic, { size: 16 }));
    const levels = samples.map(({ category }) => category);
    expect(levels.filter((level) => level === 'level-0')).toHaveLength(4);
    expect(levels.filter((level) => level === 'level-3')).toHaveLength(4);
  });

  it('never has its answer in the question, and its solution leads to it', () => {
    expect(Object.keys(problemTemplates).length).toBeGreaterThanOrEqual(12);
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(...Object.keys(problemTemplates)),
        fc.integer({ min: 0, max: 3 }),
        (seed, template, level) => {
          const { question, solution, answer } = makeWordProblem(seededRng(seed), { template, level });
          const told = (question.match(/\d+/g) ?? []).map(Number);
          expect(told).not.toContain(answer);
          const steps = solution.split('\n').map((line) => /^(\d+) ([-+*/]) (\d+) = (\d+)$/.exec(line));
          for (const step of steps) {
            const [, left, operator, right, result] = step ?? [];
            const [a, b] = [Number(left), Number(right)];
            const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator ?? ''];
            expect(value).toBe(Number(result));
          }
          expect(Number(steps.at(-1)?.[4])).toBe(answer);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('draws examples that no sample is', async () => {
    const samples = await loadTaskSamples(
      syntheticArithmetic,
      settingsOf(syntheticArithmetic, { fewShot: 4, size: 300 }),
    );
    const shots = samples[0]?.input.shots ?? [];
    expect(shots).toHaveLength(4);
    expect(samples.every(({ input }) => input.shots === shots)).toBe(true);
    const asked = new Set(samples.map(({ input }) => input.question));
    expect(shots.filter(({ question }) => asked.has(question))).toEqual([]);
  });
});

describe('synthetic_choice', () => {
  it.each<ChoiceMode>(['generative', 'loglikelihood', 'first_token'])('certifies, %s', async (choiceMode) => {
    const certificate = await certify(syntheticChoice, settingsOf(syntheticChoice, { size: 256, choiceMode }));
    expect(certificate).toMatchObject({ passed: true, failures: [] });
  });

  it('has four different options, the right one anywhere with equal chance', async () => {
    expect(Object.keys(choiceTemplates).length).toBeGreaterThanOrEqual(12);
    const samples = await loadTaskSamples(syntheticChoice, settingsOf(syntheticChoice, { size: 4000 }));
    const counts = new Map<string, number>();
    for (const { input, target } of samples) {
      expect(new Set(input.options.map(({ text }) => text)).size).toBe(4);
      counts.set(target.label, (counts.get(target.label) ?? 0) + 1);
    }
    // Chi-square with 3 degrees of freedom: 16.27 is its 0.999 quantile; the seed is fixed.
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(4);
    expect(statistic).toBeLessThan(16.27);
  });

  it('is not solved by the longest, the shortest or the middle option', async () => {
    const samples = await loadTaskSamples(syntheticChoice, settingsOf(syntheticChoice, { size: 4000 }));
    const pick = (choose: (texts: readonly string[]) => number): number =>
      samples.filter(({ input, target }) => {
        const index = choose(input.options.map(({ text }) => text));
        return input.options[index]?.label === target.label;
      }).length / samples.length;
    const byLength = (texts: readonly string[]) => texts.map((text) => text.length);
    const longest = pick((texts) => byLength(texts).indexOf(Math.max(...byLength(texts))));
    const shortest = pick((texts) => byLength(texts).indexOf(Math.min(...byLength(texts))));
    const alphabetical = pick((texts) => texts.indexOf(texts.toSorted()[0] ?? ''));
    for (const rate of [longest, shortest, alphabetical]) expect(rate).toBeLessThan(0.36);
  });
});

describe('synthetic_code', () => {
  const load = (changes: Partial<TaskSettings>) => loadTaskSamples(syntheticCode, settingsOf(syntheticCode, changes));

  it('takes the levels in turn and gives the same samples for the same seed', async () => {
    const [first, longer] = [await load({ size: 10 }), await load({ size: 64 })];
    expect(first.map(({ category }) => category).slice(0, 4)).toEqual(['level-0', 'level-1', 'level-2', 'level-0']);
    expect(first.map(({ id }) => id).slice(0, 2)).toEqual(['pinned/0/0', 'pinned/0/1']);
    expect(longer.slice(0, 10)).toEqual(first);
    const only = await load({ size: 12, extra: { levels: [2] } });
    expect(only).toHaveLength(12);
    expect(new Set(only.map(({ category }) => category))).toEqual(new Set(['level-2']));
  });

  it('asks in levels 0 and 1 nothing that version 1 did not ask: the built-in model was not trained on that', async () => {
    const layout = { task: 'synthetic_code', version: 1, families: ['code'], variants: 1, levels: [0, 1] };
    const earlier = Array.from(
      samplePlaces(layout, settingsOf(syntheticCode, { size: 400 })),
      ({ rng, level }) => makeTinyFunction(rng, level).instruction,
    );
    const asked = (await load({ size: 60 })).filter(({ category }) => category !== 'level-2');
    expect(asked.map(({ input }) => input.ask)).toEqual(earlier.slice(0, 40));
  });
});
