import { describe, expect, it } from 'vitest';
import { unknownUsage } from '../core/generation.ts';
import { emptyTimings } from './ask-model.ts';
import { dialogueBudget, isSpent } from './dialogue-budget.ts';

const own = { turns: 8, tokens: null, wallMs: null };
const task = { id: 'agent_tool_use', dialogueBudget: own };

describe('dialogueBudget', () => {
  it('is the task’s own, with what the user asks for in its place', () => {
    expect(dialogueBudget(task, {})).toBe(own);
    expect(dialogueBudget(task, { budget: { tokens: 900 } })).toEqual({ turns: 8, tokens: 900, wallMs: null });
    expect(dialogueBudget({ id: 'gsm8k', dialogueBudget: null }, { budget: 3 })).toBeNull();
  });

  it.each([[{ steps: 3 }], [{ turns: 0 }], [{ tokens: 1.5 }], [{ wallMs: '1' }], [7], [[1]]])(
    'refuses %j',
    (budget) => {
      expect(() => dialogueBudget(task, { budget })).toThrow('the budget of agent_tool_use is');
    },
  );
});

describe('isSpent', () => {
  const turns = [40, 60].map((completionTokens) => ({
    usage: { ...unknownUsage, completionTokens },
    timings: { ...emptyTimings(''), latencyMs: 500 },
  }));
  it.each([
    [own, false],
    [{ ...own, turns: 2 }, true],
    [{ ...own, turns: 3 }, false],
    [{ ...own, tokens: 100 }, true],
    [{ ...own, tokens: 101 }, false],
    [{ ...own, wallMs: 1000 }, true],
    [{ ...own, wallMs: 1001 }, false],
  ])('%j after two turns of 100 tokens and a second: %s', (budget, spent) => {
    expect(isSpent(budget, turns)).toBe(spent);
  });

  it('counts nothing where the server says nothing', () => {
    expect(isSpent({ ...own, tokens: 1 }, [{ usage: unknownUsage, timings: emptyTimings('') }])).toBe(false);
  });
});
