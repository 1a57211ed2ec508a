import { describe, expect, it } from 'vitest';
import { checkDisplayName, parseModelName } from './check-display-name.ts';

describe('checkDisplayName', () => {
  it('finds both contradictions of the known case', () => {
    expect(checkDisplayName('Qwen-3 8B Instruct', 'Qwen/Qwen2.5-7B-Instruct')).toEqual([
      '"Qwen-3 8B Instruct" says generation 3, but Qwen/Qwen2.5-7B-Instruct is 2.5',
      '"Qwen-3 8B Instruct" says size 8b, but Qwen/Qwen2.5-7B-Instruct is 7b',
    ]);
    expect(checkDisplayName('Qwen-3 14B Instruct', 'Qwen/Qwen2.5-14B-Instruct')).toEqual([
      '"Qwen-3 14B Instruct" says generation 3, but Qwen/Qwen2.5-14B-Instruct is 2.5',
    ]);
  });

  it('finds a speciality the model has not', () => {
    expect(checkDisplayName('Qwen2.5 Coder 7B', 'Qwen/Qwen2.5-7B')).toHaveLength(1);
  });

  it.each([
    ['Qwen3 8B', 'Qwen/Qwen3-8B'],
    ['qwen3-8b', 'Qwen/Qwen3-8B-AWQ'],
    ['Qwen3 30B', 'Qwen/Qwen3-30B-A3B'],
    ['Qwen3.5-35B-A3B', 'Qwen/Qwen3.5-35B-A3B-FP8'],
    ['the big one', 'Qwen/Qwen2.5-72B-Instruct'],
    ['qwen3_0_6b', 'Qwen/Qwen3-0.6B'],
    ['qwen2_5_7b_instruct', 'Qwen/Qwen2.5-7B-Instruct'],
    ['QwQ-32B', 'Qwen/QwQ-32B'],
    ['Qwen-7B', 'Qwen/Qwen2.5-7B'],
  ])('lets %s stand for %s', (name, hubId) => {
    expect(checkDisplayName(name, hubId)).toEqual([]);
  });
});

describe('parseModelName', () => {
  it.each([
    ['Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF', { generation: '2.5', size: '0.5b', speciality: 'coder' }],
    ['Qwen3.8-2.4T-A95B', { generation: '3.8', size: '2.4t-a95b', speciality: null }],
    ['Qwen_Qwen3-8B-Q4_K_M.gguf', { generation: '3', size: '8b', speciality: null }],
    ['llama-3', { generation: null, size: null, speciality: null }],
  ])('reads %s', (name, expected) => {
    expect(parseModelName(name)).toEqual(expected);
  });
});
