import { describe, expect, it } from 'vitest';
import { findModel } from '../presets/find-model.ts';
import { modelGuidance } from '../presets/model-guidance.ts';
import { planSampling, samplingWarnings, type SamplingInput } from './plan-sampling.ts';

const unset = {
  temperature: null,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: 7,
};
const input = (
  id: string,
  mode: SamplingInput['mode'],
  options: Partial<SamplingInput['options']> = {},
): SamplingInput => ({
  options: { ...unset, ...options },
  guidance: modelGuidance({ model: findModel(id).match?.model ?? null, template: null }),
  mode,
  agentTemperature: 0.1,
});
const gsm8k = { id: 'gsm8k', category: 'math' } as const;
const humaneval = { id: 'humaneval', category: 'code' } as const;
const agent = { id: 'agent_json', category: 'json' } as const;
const bfcl = { id: 'bfcl_simple_python', category: 'tools' } as const;

describe('planSampling', () => {
  it('follows the family by mode and kind of task', () => {
    expect(planSampling(gsm8k, input('qwen3_8b', 'thinking'))).toEqual({
      temperature: 0.6,
      topP: 0.95,
      topK: 20,
      minP: 0,
      presencePenalty: 0,
      repetitionPenalty: null,
      seed: 7,
    });
    expect(planSampling(humaneval, input('qwen2_5_coder_7b_instruct', 'non-thinking'))).toMatchObject({
      temperature: 0,
      seed: null,
    });
    expect(planSampling(humaneval, input('qwen3_5_9b', 'thinking')).temperature).toBe(0.6);
    expect(planSampling(agent, input('qwen3_5_9b', 'thinking')).temperature).toBe(1);
  });

  it('lets the user overrule it value by value', () => {
    expect(planSampling(gsm8k, input('qwen3_8b', 'non-thinking', { temperature: 0.2, topP: 0.5 }))).toMatchObject({
      temperature: 0.2,
      topP: 0.5,
      topK: 20,
      presencePenalty: 1.5,
    });
  });

  it('gives agent tasks the preset’s temperature, but not in thinking mode', () => {
    for (const task of [agent, bfcl]) {
      expect(planSampling(task, input('qwen3_8b', 'non-thinking'))).toMatchObject({ temperature: 0.1, topP: 0.8 });
      expect(planSampling(task, input('qwen3_8b', 'thinking')).temperature).toBe(0.6);
      expect(planSampling(task, input('qwen3_8b', 'non-thinking', { temperature: 0 })).temperature).toBe(0);
    }
    expect(planSampling(gsm8k, input('qwen3_8b', 'non-thinking')).temperature).toBe(0.7);
  });
});

describe('samplingWarnings', () => {
  it('says that the family overrules the preset in thinking mode', () => {
    expect(samplingWarnings(agent, input('qwen3_8b', 'thinking'))).toEqual([
      `${agent.id}: the preset’s temperature 0.1 for agent tasks gives way to 0.6, which is advised for thinking`,
    ]);
    expect(samplingWarnings(agent, input('qwen3_8b', 'non-thinking'))).toEqual([]);
  });

  it('warns of greedy decoding in thinking mode', () => {
    expect(samplingWarnings(gsm8k, input('qwen3_8b', 'thinking', { temperature: 0 }))).toEqual([
      expect.stringContaining('greedily in thinking mode'),
    ]);
    expect(samplingWarnings(gsm8k, input('qwen2_5_7b_instruct', 'non-thinking', { temperature: 0 }))).toEqual([]);
  });
});
