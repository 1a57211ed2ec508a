import { expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData } from '../../test/support/shared-data.ts';
import { certifyTask } from '../runner/certify.ts';
import { assistantTurn } from '../text/assistant-turn.ts';
import mtBench from './mt-bench.ts';

describeWithData('mt_bench on the real files', () => {
  it('has ten questions of each of eight categories, two turns each, right answers for 30', async () => {
    const samples = await loadTaskSamples(mtBench, settingsOf(mtBench));
    const names = ['writing', 'roleplay', 'reasoning', 'math', 'coding', 'extraction', 'stem', 'humanities'];
    expect(samples.map(({ category }) => category)).toEqual(names.flatMap((name) => Array(10).fill(name)));
    expect(samples.map(({ id }) => id)).toEqual(Array.from({ length: 80 }, (_, index) => String(81 + index)));
    const referenced = samples.filter(({ target }) => target.references !== null);
    expect([...new Set(referenced.map(({ category }) => category))]).toEqual(['reasoning', 'math', 'coding']);
    expect(referenced).toHaveLength(30);
    expect(referenced.every(({ target }) => target.references?.length === 2)).toBe(true);
  });

  it('takes the original prompts where their file is at hand, own ones when asked', async () => {
    const sourceOf = async (judgePrompts: string) => {
      const extra = { judgePrompts };
      const [first] = await loadTaskSamples(mtBench, settingsOf(mtBench, { extra }));
      return first?.target.prompts;
    };
    const original = await sourceOf('auto');
    const own = await sourceOf('own');
    expect([original?.source, own?.source]).toEqual(['original', 'own']);
    expect(Object.keys(original?.prompts ?? {})).toEqual(Object.keys(own?.prompts ?? {}));
    for (const { prompts } of [original, own].filter((set) => set !== undefined)) {
      expect(prompts['turn_1']?.user).toMatch(/\{question(?:_1)?\}[^]*\{answer(?:_1)?\}/);
      expect(prompts['turn_2']?.user).toMatch(/\{question_1\}[^]*\{answer_1\}[^]*\{question_2\}[^]*\{answer_2\}/);
      expect(prompts['turn_1_reference']?.user).toContain('{ref_answer_1}');
      expect(prompts['turn_2_reference']?.user).toContain('{ref_answer_2}');
      expect(prompts['turn_2']?.user).not.toContain('{ref_answer');
    }
    await expect(sourceOf('none')).rejects.toThrow('judgePrompts');
  });

  it('asks both turns at the temperature of the category', async () => {
    const settings = settingsOf(mtBench);
    const samples = await loadTaskSamples(mtBench, settings);
    const temperatures = samples.map((sample) => {
      const rendered = mtBench.render(sample, settings);
      return rendered.kind === 'chat' ? [sample.category, rendered.temperature] : null;
    });
    expect(Object.fromEntries(temperatures.filter((pair) => pair !== null))).toEqual({
      writing: 0.7,
      roleplay: 0.7,
      reasoning: 0,
      math: 0,
      coding: 0,
      extraction: 0,
      stem: 0.1,
      humanities: 0.1,
    });
    const [first] = samples;
    if (!first) throw new Error('no samples');
    const dialogue = mtBench.openDialogue?.(first, settings);
    const turn = assistantTurn({ text: 'answer' });
    expect(dialogue?.next(turn)).toEqual({
      kind: 'continue',
      messages: [{ role: 'user', content: first.input.turns[1] }],
    });
    expect(dialogue?.next(turn)).toMatchObject({ kind: 'end' });
  });

  it('certifies its scorer over every question', async () => {
    const settings = settingsOf(mtBench);
    const samples = await loadTaskSamples(mtBench, settings);
    const services = { sandbox: null, judge: null };
    const certificate = await certifyTask(mtBench, { samples, settings, services, datasets: [] }, { scope: 'full' });
    expect(certificate).toMatchObject({ passed: true, failures: [], excluded: [] });
    expect(certificate.gold.total).toBe(80 * 35);
    expect(certificate.wrong.total).toBe(80 * 24);
  });
});
