import { describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { chooseMode, defaultGuidanceOptions, modelGuidance, type GuidanceOptions } from './model-guidance.ts';

const model = (id: string) => {
  const { match } = findModel(id);
  if (!match) throw new Error(`no model ${id}`);
  return match.model;
};
const guidance = (id: string, options: Partial<GuidanceOptions> = {}) =>
  modelGuidance({ model: model(id), template: null, options: { ...defaultGuidanceOptions, ...options } });
const values = (id: string, mode: 'thinking' | 'non-thinking', use: 'general' | 'coding' | 'reasoning' = 'general') => {
  const { sampling, maxOutputTokens } = guidance(id).advise(mode, use);
  const { temperature, topP, topK, minP, presencePenalty, repetitionPenalty } = sampling;
  return [temperature, topP, topK, minP, presencePenalty, repetitionPenalty, maxOutputTokens];
};

describe('sampling', () => {
  it.each([
    ['qwen2_5_7b_instruct', 'non-thinking', 'general', [0.7, 0.8, null, null, null, 1.05, 8192]],
    ['qwen2_5_coder_7b_instruct', 'non-thinking', 'coding', [0, null, null, null, null, null, 8192]],
    ['qwen3_8b', 'thinking', 'general', [0.6, 0.95, 20, 0, 0, null, 32_768]],
    ['qwen3_8b', 'thinking', 'reasoning', [0.6, 0.95, 20, 0, 0, null, 38_912]],
    ['qwen3_8b', 'non-thinking', 'reasoning', [0.7, 0.8, 20, 0, 1.5, null, 32_768]],
    ['qwen3_4b_instruct_2507', 'non-thinking', 'general', [0.7, 0.8, 20, 0, 0, null, 16_384]],
    ['qwen3_4b_thinking_2507', 'thinking', 'coding', [0.6, 0.95, 20, 0, 0, null, 81_920]],
    ['qwen3_coder_next', 'non-thinking', 'coding', [0.7, 0.8, 20, null, null, 1.05, 65_536]],
    ['qwen3_5_9b', 'thinking', 'general', [1, 0.95, 20, 0, 1.5, null, 32_768]],
    ['qwen3_5_9b', 'thinking', 'coding', [0.6, 0.95, 20, 0, 0, null, 81_920]],
    ['qwen3_5_9b', 'non-thinking', 'general', [0.7, 0.8, 20, 0, 1.5, null, 32_768]],
    ['qwen3_8_27b', 'thinking', 'general', [1, 0.95, 20, 0, 0, null, 131_072]],
    ['qwen3_8_27b', 'non-thinking', 'general', [0.7, 0.8, 20, 0, 1.5, null, 32_768]],
  ] as const)('of %s, %s, %s is Qwen’s own', (id, mode, use, expected) => {
    expect(values(id, mode, use)).toEqual(expected);
  });

  it('is greedy where there is no guidance, but never in thinking mode', () => {
    const unknown = modelGuidance({ model: null, template: '{% if enable_thinking %}' });
    expect(unknown.defaultMode).toBe('non-thinking');
    expect(unknown.advise('non-thinking', 'general')).toMatchObject({ sampling: { temperature: 0 }, source: null });
    expect(unknown.advise('thinking', 'general').sampling.temperature).toBe(0.6);
  });
});

describe('switches', () => {
  it('are sent as template arguments by default', () => {
    expect(guidance('qwen3_8b').templateArguments('non-thinking')).toEqual({ enable_thinking: false });
    expect(guidance('qwen3_8b').requestFields('non-thinking')).toEqual({});
    expect(guidance('qwen3_4b_instruct_2507').templateArguments('non-thinking')).toEqual({});
    expect(guidance('qwen2_5_7b_instruct').templateArguments('non-thinking')).toEqual({});
  });

  it('go to the top level for services that take them there', () => {
    const qwen38 = guidance('qwen3_8_27b', { switchStyle: 'top-level', preserveThinking: false, effort: 'low' });
    expect(qwen38.templateArguments('thinking')).toEqual({});
    expect(qwen38.requestFields('thinking')).toEqual({
      enable_thinking: true,
      preserve_thinking: false,
      reasoning_effort: 'low',
    });
  });

  it('keep earlier thinking by family', () => {
    expect(guidance('qwen3_8b').keepsThinking).toBe(false);
    expect(guidance('qwen3_6_27b').keepsThinking).toBe(false);
    expect(guidance('qwen3_6_27b', { preserveThinking: true }).keepsThinking).toBe(true);
    expect(guidance('qwen3_6_27b', { preserveThinking: true }).templateArguments('thinking')).toEqual({
      enable_thinking: true,
      preserve_thinking: true,
    });
    expect(guidance('qwen3_8_27b').keepsThinking).toBe(true);
    expect(() => guidance('qwen3_8b', { preserveThinking: true })).toThrow('must not see its earlier thinking');
  });

  it('know effort levels', () => {
    expect(guidance('qwen3_8_27b', { effort: 'medium' }).templateArguments('thinking')).toEqual({
      enable_thinking: true,
      reasoning_effort: 'medium',
    });
    expect(guidance('qwen3_8_27b', { effort: 'medium' }).templateArguments('non-thinking')).toEqual({
      enable_thinking: false,
    });
    expect(() => guidance('qwen3_8_27b', { effort: 'huge' })).toThrow('has no reasoning effort huge');
    expect(() => guidance('qwen3_8b', { effort: 'low' })).toThrow('has no reasoning effort low');
  });
});

describe('chooseMode', () => {
  const choose = (id: string, asked: 'thinking' | 'non-thinking' | null) =>
    chooseMode(asked, { guidance: guidance(id), model: model(id), name: id });

  it('takes the family’s default', () => {
    expect(choose('qwen3_8b', null)).toBe('thinking');
    expect(choose('qwen2_5_7b_instruct', null)).toBe('non-thinking');
    expect(choose('qwen3_5_9b', null)).toBe('thinking');
    expect(choose('qwen3_5_0_8b', null)).toBe('non-thinking');
    expect(choose('qwen3_8b_base', null)).toBe('unspecified');
  });

  it('refuses a mode the model has not, with the reason', () => {
    expect(() => choose('qwen2_5_7b_instruct', 'thinking')).toThrow(
      'qwen2_5_7b_instruct has no thinking mode: Qwen2.5 never thinks',
    );
    expect(() => choose('qwen3_4b_thinking_2507', 'non-thinking')).toThrow('always thinks, nothing switches it off');
    expect(() => choose('qwen3_8b_base', 'thinking')).toThrow('it is a base model');
    expect(choose('qwen3_8b', 'non-thinking')).toBe('non-thinking');
  });

  it('lets a model of which nothing is known be asked for any mode', () => {
    const unknown = modelGuidance({ model: null, template: null });
    expect(chooseMode('thinking', { guidance: unknown, model: null, name: 'm' })).toBe('thinking');
  });
});
