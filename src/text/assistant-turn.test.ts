import { describe, expect, it } from 'vitest';
import { assistantTurn, continuationResponse, sampleResponse, textResponse } from './assistant-turn.ts';

describe('a response', () => {
  it('has what its last turn has, and all turns', () => {
    const first = assistantTurn({ text: 'one', finishReason: 'tool_calls' });
    const last = assistantTurn({
      text: '<think>hm</think>two',
      usage: { promptTokens: 1, completionTokens: 2, reasoningTokens: null, cachedPromptTokens: null },
    });
    const transcript = [{ role: 'user' as const, content: 'count' }];
    expect(sampleResponse([first, last], transcript)).toEqual({
      ...last,
      answer: 'two',
      reasoning: 'hm',
      finishReason: 'stop',
      turns: [first, last],
      transcript,
      continuations: null,
    });
  });

  it('needs a turn', () => {
    expect(() => sampleResponse([])).toThrow(new RangeError('a response needs at least one turn'));
  });

  it('of text alone has nothing else', () => {
    expect(textResponse('42')).toMatchObject({
      text: '42',
      answer: '42',
      reasoning: null,
      toolCalls: [],
      finishReason: 'stop',
      logProbabilities: null,
      transcript: null,
    });
  });

  it('of continuations has their scores and no text', () => {
    const scores = [{ text: ' A', logProbability: -1, tokenCount: 1, isGreedy: true }];
    expect(continuationResponse(scores)).toMatchObject({ text: null, answer: '', continuations: scores });
  });

  it('opens inside the thinking where the template did', () => {
    expect(assistantTurn({ text: 'hm</think>two', templateOpened: true })).toMatchObject({
      reasoning: 'hm',
      answer: 'two',
    });
  });
});
