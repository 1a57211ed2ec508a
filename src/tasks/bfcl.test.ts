import { describe, expect, it } from 'vitest';
import type { Task } from '../core/ports/task.ts';
import type { BfclInput, BfclTarget } from '../scorers/bfcl-calls.ts';
import { explainedScore, reportOracles, unexpected } from '../../test/support/agent-oracles.ts';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData } from '../../test/support/shared-data.ts';
import tasks from './bfcl.ts';
import type { MultiTurnTarget } from '../scorers/bfcl-multi-turn.ts';
import { playTruth } from '../scorers/support/bfcl/judge-multi-turn.ts';
import type { MultiTurnInput } from '../scorers/support/bfcl/multi-turn-session.ts';
import { bfclFaults } from './support/bfcl/bfcl-faults.ts';

const single = tasks.filter(({ dialogueBudget }) => dialogueBudget === null) as readonly Task<BfclInput, BfclTarget>[];

const talks = tasks.filter(({ dialogueBudget }) => dialogueBudget !== null) as readonly Task<
  MultiTurnInput,
  MultiTurnTarget
>[];

describeWithData('BFCL with its own files', () => {
  it.each(single.map((task) => [task.id, task] as const))(
    '%s: possible answers pass, wrong ones do not',
    async (_, task) => {
      const settings = settingsOf(task);
      const samples = await loadTaskSamples(task, settings);
      expect(samples).toHaveLength(task.sampleCount ?? 0);
      const sound: Task<BfclInput, BfclTarget> = {
        ...task,
        loadSamples: () => Promise.resolve(samples.filter(({ fault }) => fault === undefined)),
      };
      const formats = samples.length > 500 ? (['hermes'] as const) : (['native', 'hermes', 'xml'] as const);
      for (const toolFormat of formats) {
        const report = await reportOracles(sound, { toolFormat });
        expect(unexpected(report.gold, 1)).toEqual([]);
        expect(unexpected(report.wrong, 0)).toEqual([]);
      }
    },
    300_000,
  );

  it('excludes only samples of which the rules refuse the ground truth', async () => {
    const seen: string[] = [];
    for (const task of single) {
      const settings = settingsOf(task, { toolFormat: 'native' });
      for (const sample of await loadTaskSamples(task, settings)) {
        if (sample.fault === undefined) continue;
        seen.push(sample.id);
        const { fault: _, ...unmarked } = sample;
        for (const { response } of task.scorer.gold(sample, settings)) {
          const { score } = await explainedScore(task, { sample: unmarked, settings, response });
          expect([sample.id, score]).toEqual([sample.id, 0]);
        }
      }
    }
    expect(seen.toSorted()).toEqual(Object.keys(bfclFaults).toSorted());
  });

  it('renders messages and tools, and no empty list of tools', async () => {
    const live = single.find(({ id }) => id === 'bfcl_live_irrelevance');
    if (live === undefined) throw new Error('no such task');
    const settings = settingsOf(live);
    const samples = await loadTaskSamples(live, settings);
    const bare = samples.filter(({ input }) => input.tools.length === 0);
    expect(bare).toHaveLength(4);
    for (const sample of bare) expect(live.render(sample, settings)).not.toHaveProperty('tools');
    const [first] = samples;
    if (first !== undefined)
      expect(live.render(first, settings)).toMatchObject({ messages: first.input.messages, tools: first.input.tools });
  });
});

describeWithData('BFCL conversations with their own files', () => {
  it.each(talks.map((task) => [task.id, task] as const))(
    '%s: the ground truth passes, mutants do not',
    async (_, task) => {
      for (const toolFormat of ['hermes', 'native', 'xml'] as const) {
        const settings = settingsOf(task, { toolFormat });
        const samples = await loadTaskSamples(task, settings);
        expect(samples).toHaveLength(200);
        const chosen = toolFormat === 'hermes' ? samples : samples.filter((_, index) => index % 10 === 0);
        const report = await reportOracles({ ...task, loadSamples: () => Promise.resolve(chosen) }, { toolFormat });
        expect(unexpected(report.gold, 1)).toEqual([]);
        expect(unexpected(report.wrong, 0)).toEqual([]);
      }
    },
    300_000,
  );

  it('no call of the ground truth fails, and the corrected verdict accepts it too', async () => {
    for (const task of talks) {
      const settings = settingsOf(task, { toolFormat: 'hermes' });
      for (const sample of await loadTaskSamples(task, settings)) {
        const turns = playTruth(sample.input, sample.target.truth);
        expect([sample.id, turns.flatMap(({ results }) => results.filter((result) => 'error' in result))]).toEqual([
          sample.id,
          [],
        ]);
        const [gold] = task.scorer.gold(sample, settings);
        if (gold === undefined) throw new Error('no gold');
        const { outcome } = await explainedScore(task, { sample, settings, response: gold.response });
        expect(outcome).toMatchObject({ measures: { corrected: 1, turns_right: 1 } });
      }
    }
  }, 300_000);

  it('begin with the first turn', async () => {
    const [base] = talks;
    if (base === undefined) throw new Error('no task');
    const samples = await loadTaskSamples(base, settingsOf(base));
    const settings = settingsOf(base, { toolFormat: 'hermes' });
    const [sample] = samples;
    if (sample === undefined) throw new Error('no sample');
    expect(base.render(sample, settings)).toMatchObject({ kind: 'chat', messages: sample.input.turns[0] });
    expect(base.openDialogue?.(sample, settings).outcome()).toMatchObject({ turns: [] });
  });
});

describe('BFCL tasks', () => {
  it('are named after the files', () => {
    expect(tasks.map(({ id }) => id)).toEqual([
      'bfcl_simple_python',
      'bfcl_multiple',
      'bfcl_parallel',
      'bfcl_parallel_multiple',
      'bfcl_irrelevance',
      'bfcl_simple_java',
      'bfcl_simple_javascript',
      'bfcl_live_simple',
      'bfcl_live_multiple',
      'bfcl_live_parallel',
      'bfcl_live_parallel_multiple',
      'bfcl_live_irrelevance',
      'bfcl_live_relevance',
      'bfcl_multi_turn_base',
      'bfcl_multi_turn_miss_func',
      'bfcl_multi_turn_miss_param',
    ]);
    for (const { metrics } of tasks)
      expect(metrics.slice(0, 2).map(({ id }) => id)).toEqual(['accuracy', 'accuracy_corrected']);
  });
});
