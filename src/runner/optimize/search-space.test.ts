import { describe, expect, it } from 'vitest';
import { taskPlan, runDocument } from '../../../test/support/recorded-run.ts';
import { seededRng } from '../../stats/rng.ts';
import agentJson from '../../tasks/agent-json.ts';
import functionCalling from '../../tasks/function-calling-quick.ts';
import gsm8k from '../../tasks/gsm8k.ts';
import hellaswag from '../../tasks/hellaswag.ts';
import type { Task } from '../../core/ports/task.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import { defaultSearchSpace, describeChanges, drawCandidates, joinChanges, parseSearchSpace } from './search-space.ts';

const spaceOf = (task: Task, changes: Partial<TaskPlan> = {}, takesShots = false) => {
  const plan = taskPlan(task.id, changes);
  const space = defaultSearchSpace({ task, plan: runDocument('r', [plan]).plan, taskPlan: plan, takesShots });
  return Object.fromEntries(space.map(({ dimension, values }) => [dimension, values]));
};
const { settings } = taskPlan('gsm8k');

describe('defaultSearchSpace', () => {
  it('tries what a task leaves room for, but not what is asked anyway', () => {
    expect(spaceOf(gsm8k as Task, {}, true)).toEqual({
      promptVariant: ['step_by_step', 'plan_first', 'careful', 'brief'],
      numFewshot: [2, 5],
      temperature: [0.3, 0.7],
      maxTokens: [256, 1024],
      answerRetries: [1],
      selfCheck: [true],
    });
    const tools = spaceOf(functionCalling, { settings: { ...settings, toolFormat: 'hermes' } });
    expect(tools).toMatchObject({ toolFormat: ['native', 'xml'] });
    expect(tools).not.toHaveProperty('selfCheck');
    expect(spaceOf(agentJson as unknown as Task)).toHaveProperty('selfCheck');
  });

  it('leaves wording and sampling alone where nothing is generated', () => {
    const byLikelihood = { settings: { ...settings, choiceMode: 'loglikelihood' as const } };
    expect(spaceOf(hellaswag as Task, byLikelihood, true)).toEqual({ numFewshot: [2, 5] });
  });

  it('tries the other mode of a model that has one', () => {
    const plan = taskPlan('gsm8k');
    const run = runDocument('r', [plan], { mode: 'thinking' }).plan;
    const space = defaultSearchSpace({ task: gsm8k, plan: run, taskPlan: plan, takesShots: false });
    expect(space).toContainEqual({ dimension: 'mode', values: ['non-thinking'] });
  });

  it('does not try a workflow that is in force', () => {
    const workflow = { promptVariant: 'brief', selfCheck: true, answerRetries: 2 } as const;
    const space = spaceOf(gsm8k, { workflow });
    expect(space['promptVariant']).toEqual(['plain', 'step_by_step', 'plan_first', 'careful']);
    expect(space).not.toHaveProperty('selfCheck');
    expect(space).not.toHaveProperty('answerRetries');
  });
});

describe('parseSearchSpace', () => {
  it('reads values by option', () => {
    expect(parseSearchSpace({ temperature: [0, 1], selfCheck: [true] })).toEqual([
      { dimension: 'temperature', values: [0, 1] },
      { dimension: 'selfCheck', values: [true] },
    ]);
  });

  it.each([
    [{ model: ['a'] }, 'not searched among'],
    [{ temperature: 0 }, 'no list'],
    [{ temperature: [] }, 'no list'],
    [{ temperature: [7] }, '7'],
    [{ promptVariant: ['loud'] }, 'loud'],
  ])('refuses %j', (space, message) => {
    expect(() => parseSearchSpace(space)).toThrow(message);
  });
});

describe('drawCandidates', () => {
  const space = parseSearchSpace({ temperature: [0, 0.5], selfCheck: [true], topK: [1, 5] });
  const draw = (count: number) => drawCandidates(space, { count, rng: seededRng('test') });

  it('takes every single change first, then different combinations, the same for the same seed', () => {
    expect(draw(5)).toEqual([{ temperature: 0 }, { temperature: 0.5 }, { selfCheck: true }, { topK: 1 }, { topK: 5 }]);
    const more = draw(12);
    expect(more).toHaveLength(12);
    expect(new Set(more.map(describeChanges)).size).toBe(12);
    expect(more.slice(5).every((changes) => Object.keys(changes).length >= 2)).toBe(true);
    expect(draw(12)).toEqual(more);
  });

  it('takes a part of the single changes when there are too many, and no more than there are', () => {
    expect(draw(3)).toHaveLength(3);
    // 3 · 2 · 3 − 1 combinations in all.
    expect(draw(100)).toHaveLength(17);
    expect(drawCandidates(parseSearchSpace({ topK: [1] }), { count: 9, rng: seededRng('x') })).toHaveLength(1);
  });
});

describe('joinChanges', () => {
  it('joins what changes different things', () => {
    expect(joinChanges({ selfCheck: true }, { temperature: 0 })).toEqual({ temperature: 0, selfCheck: true });
    expect(joinChanges({ temperature: 1 }, { temperature: 0 })).toBeNull();
  });

  it('is described in words', () => {
    expect(describeChanges({ temperature: 0, selfCheck: true })).toBe('temperature 0, selfCheck true');
    expect(describeChanges({})).toBe('no change');
  });
});
