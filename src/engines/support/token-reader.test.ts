import { describe, expect, it } from 'vitest';
import { greedySampling } from '../../core/sampling.ts';
import { samplerConfig } from './token-reader.ts';

const config = (sampling: Partial<typeof greedySampling>): ReturnType<typeof samplerConfig> =>
  samplerConfig({
    sampling: { ...greedySampling, ...sampling, seed: sampling.seed ?? 0 },
    prompt: [7, 8],
    maxTokens: 10,
  });

describe('samplerConfig', () => {
  it('leaves out what is not asked for', () => {
    expect(config({})).toEqual({ temperature: 0, seed: 0 });
    expect(config({ temperature: null, topK: 0, topP: 1, minP: 0, presencePenalty: 0, repetitionPenalty: 1 })).toEqual({
      temperature: 0,
      seed: 0,
    });
  });

  it('passes every parameter on', () => {
    expect(config({ temperature: 0.7, topK: 20, topP: 0.8, minP: 0.05, seed: 2 ** 32 + 5 })).toEqual({
      temperature: 0.7,
      topK: 20,
      topP: 0.8,
      minP: 0.05,
      seed: 5,
    });
  });

  it('lets the presence penalty see the output and the repetition penalty the prompt as well', () => {
    expect(config({ presencePenalty: 1.5 })).toMatchObject({
      repeatPenalty: 1,
      repeatPenaltyPresencePenalty: 1.5,
      repeatPenaltyTokens: Uint32Array.of(),
      repeatPenaltyMaxTokens: 10,
    });
    expect(config({ repetitionPenalty: 1.05 })).toMatchObject({
      repeatPenalty: 1.05,
      repeatPenaltyPresencePenalty: 0,
      repeatPenaltyTokens: Uint32Array.of(7, 8),
      repeatPenaltyMaxTokens: 12,
    });
  });
});
