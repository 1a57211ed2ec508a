import { describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { ggufFiles, parseHubFile } from './gguf-location.ts';

const files = (id: string, quantization: string | null = null) => {
  const { match } = findModel(id);
  if (!match) throw new Error(`no model ${id}`);
  const found = ggufFiles(match.model, quantization);
  return [found.quantization, found.files[0].repository, found.files.map((file) => file.path)];
};

describe('ggufFiles', () => {
  it('names the official file in the repository’s default quantisation', () => {
    expect(files('qwen3_0_6b')).toEqual(['q8_0', 'Qwen/Qwen3-0.6B-GGUF', ['Qwen3-0.6B-Q8_0.gguf']]);
    expect(files('qwen3_8b')).toEqual(['q4_k_m', 'Qwen/Qwen3-8B-GGUF', ['Qwen3-8B-Q4_K_M.gguf']]);
    expect(files('qwen2_5_coder_0_5b_instruct', 'Q4_K_M')).toEqual([
      'q4_k_m',
      'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF',
      ['qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'],
    ]);
  });

  it('names every part of a split file', () => {
    expect(files('qwen2_5_7b_instruct')[2]).toEqual([
      'qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf',
      'qwen2.5-7b-instruct-q4_k_m-00002-of-00002.gguf',
    ]);
    expect(files('qwen2_5_72b_instruct')[2]).toHaveLength(12);
  });

  it('says what there is instead', () => {
    expect(() => files('qwen3_0_6b', 'q4_k_m')).toThrow('Qwen/Qwen3-0.6B-GGUF is not known to have q4_k_m');
    expect(() => files('qwen3_next_80b_a3b_instruct')).toThrow('no GGUF repository of qwen3_next_80b_a3b_instruct');
  });
});

describe('parseHubFile', () => {
  it('reads owner/repository/file.gguf and nothing else', () => {
    expect(parseHubFile('unsloth/Qwen3.5-2B-GGUF/Qwen3.5-2B-Q4_K_M.gguf')).toEqual({
      kind: 'model',
      repository: 'unsloth/Qwen3.5-2B-GGUF',
      revision: 'main',
      path: 'Qwen3.5-2B-Q4_K_M.gguf',
    });
    expect(parseHubFile('Qwen/Qwen3-235B-A22B-GGUF/Q4_K_M/a-00001-of-00005.gguf')?.path).toBe(
      'Q4_K_M/a-00001-of-00005.gguf',
    );
    for (const text of ['model.gguf', '/models/a/b.gguf', './a/b/c.gguf', 'a/b', 'Qwen/Qwen3-8B'])
      expect(parseHubFile(text)).toBeNull();
  });
});
