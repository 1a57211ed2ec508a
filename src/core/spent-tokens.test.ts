import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../test/support/recorded-run.ts';
import { spentTokens, wasTurnedAway } from './spent-tokens.ts';

const unknown = { promptTokens: null, completionTokens: null, reasoningTokens: null, cachedPromptTokens: null };

describe('spentTokens', () => {
  it('are none where the engine turned the request away', () => {
    const away = sampleRecord('gsm8k', '1', { finishReason: 'error', response: null, usage: unknown });
    expect(wasTurnedAway(away)).toBe(true);
    expect(spentTokens(away)).toEqual({ prompt: 0, completion: 0 });
    expect(spentTokens({ ...away, usage: { ...unknown, promptTokens: 9 } }).prompt).toBe(9);
  });

  it.each([
    ['an answer that nobody counted', { usage: unknown }, { prompt: null, completion: null }],
    [
      'a request that broke off',
      { finishReason: 'error', response: 'Six', usage: unknown },
      { prompt: null, completion: null },
    ],
    [
      'one that was counted',
      { finishReason: 'error', response: null, usage: { ...unknown, promptTokens: 9, completionTokens: 2 } },
      { prompt: 9, completion: 2 },
    ],
  ] as const)('are as told for %s', (_, changes, spent) => {
    const record = sampleRecord('gsm8k', '1', changes);
    expect(wasTurnedAway(record)).toBe(false);
    expect(spentTokens(record)).toEqual(spent);
  });
});
