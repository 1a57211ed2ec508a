import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { modelRegistry } from './model-registry.ts';

describe('findModel', () => {
  it('finds every model by id, hub id and file name', () => {
    for (const model of modelRegistry()) {
      for (const name of [
        model.id,
        model.hubId,
        model.hubId.toLowerCase(),
        `${model.name}.gguf`,
        `/models/${model.name}-Q4_K_M.gguf`,
        `${model.name.toLowerCase()}-q8_0-00001-of-00003.gguf`,
        ...model.repositories.map((row) => row.hubId),
        ...(model.gguf ? [model.gguf.file.replace('{quantization}', model.gguf.default)] : []),
      ]) {
        const { match } = findModel(name);
        expect([name, match?.model.id, match?.kind]).toEqual([name, model.id, 'exact']);
      }
    }
  });

  it.each([
    ['qwen2.5:7b', 'qwen2_5_7b_instruct', null],
    ['qwen2.5:7b-instruct-q4_K_M', 'qwen2_5_7b_instruct', 'q4_k_m'],
    ['qwen2.5-coder:0.5b', 'qwen2_5_coder_0_5b_instruct', null],
    ['qwen3:8b', 'qwen3_8b', null],
    ['hf.co/Qwen/Qwen3-8B-GGUF:Q8_0', 'qwen3_8b', 'q8_0'],
    ['Qwen3-8B-Instruct', 'qwen3_8b', null],
    ['Qwen_Qwen3-8B-Q4_K_M.gguf', 'qwen3_8b', 'q4_k_m'],
    ['Qwen/Qwen3-8B-AWQ', 'qwen3_8b', 'awq'],
    ['qwen2.5-7b-instruct-gptq-int4', 'qwen2_5_7b_instruct', 'gptq_int4'],
    ['Qwen2.5 Coder 0.5B Instruct AWQ', 'qwen2_5_coder_0_5b_instruct', 'awq'],
    ['Qwen3-30B-A3B-Instruct-2507-FP8', 'qwen3_30b_a3b_instruct_2507', 'fp8'],
    ['qwen3.5-9b-UD-Q4_K_XL.gguf', 'qwen3_5_9b', 'q4_k_xl'],
  ])('reads %s as %s', (name, id, quantization) => {
    expect(findModel(name).match).toMatchObject({ model: { id }, kind: 'exact', quantization });
  });

  it('lends a derived model its architecture only, and says why', () => {
    const { match } = findModel('DeepSeek-R1-0528-Qwen3-8B-Q4_K_M.gguf');
    expect(match).toMatchObject({ model: { id: 'qwen3_8b' }, kind: 'derived', quantization: 'q4_k_m' });
    expect(match?.explanation).toContain('adds "deepseek r1 0528"');
  });

  it('suggests for what is near and gives nothing for what is not', () => {
    expect(findModel('qwen3_8').suggestions).toContain('qwen3_8b');
    expect(findModel('qwen2_5_7b_instrct')).toEqual({
      match: null,
      suggestions: ['qwen2_5_7b_instruct', 'qwen2_5_7b'],
    });
    expect(findModel('llama-3-8b')).toEqual({ match: null, suggestions: [] });
  });

  it('takes any text and searches none that is too long for a name', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void findModel(text)));
    expect(findModel(`qwen3-8b${'-x'.repeat(1000)}`)).toEqual({ match: null, suggestions: [] });
  });
});
