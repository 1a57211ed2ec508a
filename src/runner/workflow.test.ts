import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import { taskPlan } from '../../test/support/recorded-run.ts';
import type { Task } from '../core/ports/task.ts';
import { wordPrompt } from '../prompt/word-prompt.ts';
import agentMultiTurn from '../tasks/agent-multi-turn.ts';
import functionCalling from '../tasks/function-calling-quick.ts';
import gsm8k from '../tasks/gsm8k.ts';
import hellaswag from '../tasks/hellaswag.ts';
import { assistantTurn } from '../text/assistant-turn.ts';
import { openWorkflow, planWorkflow, wordedPrompt } from './workflow.ts';

const none = { promptVariant: 'plain', selfCheck: false, answerRetries: 0 } as const;
const services = { sandbox: null, judge: null };
const sample = {
  id: 'test/0',
  category: null,
  cluster: null,
  input: { question: 'What is 6 times 7?', shots: [] },
  target: { value: '42' },
};
const open = (workflow: Parameters<typeof openWorkflow>[0]['plan']['workflow']) =>
  openWorkflow({ task: gsm8k, plan: taskPlan('gsm8k', workflow ? { workflow } : {}), sample }, services);
const turn = (text: string) => assistantTurn({ text });
const kindOf = async (step: Promise<{ readonly kind: string }> | undefined) => (await step)?.kind;

describe('planWorkflow', () => {
  const plan = (task: unknown, options: Partial<typeof none> | object, choiceMode: 'loglikelihood' | null = null) =>
    planWorkflow(task as Task, { options: { ...none, ...options }, settings: { ...defaultSettings, choiceMode } });

  it('records what differs from asking as it is', () => {
    expect(plan(gsm8k, {})).toEqual({});
    expect(plan(gsm8k, { answerRetries: 2 })).toEqual({ workflow: { ...none, answerRetries: 2 } });
    expect(plan(agentMultiTurn, { promptVariant: 'careful' })).toEqual({
      workflow: { ...none, promptVariant: 'careful' },
    });
  });

  it('refuses to ask again where a task holds its own conversation or offers tools', () => {
    expect(() => plan(agentMultiTurn, { selfCheck: true })).toThrow('its own conversation');
    expect(() => plan(functionCalling, { answerRetries: 1 })).toThrow('its own conversation');
    expect(() => plan(hellaswag, { promptVariant: 'brief' }, 'loglikelihood')).toThrow('log-probabilities');
  });
});

describe('wordPrompt', () => {
  it('puts the sentence behind the last user message', () => {
    const messages = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'Q1' },
      { role: 'assistant', content: 'A1' },
      { role: 'user', content: 'Q2' },
    ] as const;
    expect(wordPrompt(messages, 'brief').map(({ content }) => content)).toEqual([
      'S',
      'Q1',
      'A1',
      'Q2\n\nBe brief: give what is asked for and nothing else.',
    ]);
    expect(wordPrompt(messages, 'plain')).toBe(messages);
    expect(wordPrompt([{ role: 'system', content: 'S' }], 'brief')).toHaveLength(1);
  });

  it('leaves continuations and plain plans alone', () => {
    const chat = { kind: 'chat', messages: [{ role: 'user', content: 'Q' }] } as const;
    const workflow = { ...none, promptVariant: 'careful' } as const;
    expect(wordedPrompt(chat, taskPlan('gsm8k'))).toBe(chat);
    expect(wordedPrompt(chat, taskPlan('gsm8k', { workflow }))).not.toEqual(chat);
    const continuations = { kind: 'continuations', context: 'c', continuations: ['a'] } as const;
    expect(wordedPrompt(continuations, taskPlan('gsm8k', { workflow }))).toBe(continuations);
  });
});

describe('openWorkflow', () => {
  it('is nothing where nothing follows an answer', () => {
    expect(open(undefined)).toBeNull();
    expect(open({ ...none, promptVariant: 'brief' })).toBeNull();
  });

  it('asks again only for an answer from which nothing can be read', async () => {
    const workflow = open({ ...none, answerRetries: 1 });
    const step = await workflow?.next(turn('I am thinking about it.'));
    expect(step).toMatchObject({ kind: 'continue', messages: [{ role: 'user' }] });
    expect(await kindOf(workflow?.next(turn('Still thinking.')))).toBe('end');
    // A wrong answer is an answer: whether it is right must not be told.
    expect(await kindOf(open({ ...none, answerRetries: 1 })?.next(turn('\\boxed{41}')))).toBe('end');
    expect(await kindOf(open({ ...none, answerRetries: 1 })?.next(turn('\\boxed{42}')))).toBe('end');
  });

  it('asks for one check, whatever the answer was', async () => {
    for (const text of ['\\boxed{42}', '\\boxed{41}', 'I am thinking about it.']) {
      const workflow = open({ ...none, selfCheck: true });
      expect(await kindOf(workflow?.next(turn(text)))).toBe('continue');
      expect(await kindOf(workflow?.next(turn(text)))).toBe('end');
    }
  });

  it('has the check follow a readable answer, and reminds after the check too', async () => {
    const workflow = open({ ...none, selfCheck: true, answerRetries: 2 });
    const said = async (text: string) => {
      const step = await workflow?.next(turn(text));
      return step?.kind === 'continue' ? (step.messages[0]?.content.split(' ')[0] ?? '') : step?.kind;
    };
    expect(await said('I am thinking about it.')).toBe('No');
    expect(await said('\\boxed{42}')).toBe('Check');
    expect(await said('Yes, that is right.')).toBe('No');
    expect(await said('Yes.')).toBe('end');
  });
});
