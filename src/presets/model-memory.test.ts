import { describe, expect, it } from 'vitest';
import { modelMemory } from './model-memory.ts';
import { modelRegistry } from './model-registry.ts';

const memoryOf = (id: string) => {
  const model = modelRegistry().find((row) => row.id === id);
  if (!model) throw new Error(`no model ${id}`);
  return modelMemory(model);
};

describe('modelMemory', () => {
  it('tells weights by quantisation, cache and state', () => {
    const dense = memoryOf('qwen3_8b');
    expect(dense).toMatchObject({ kvKibPerToken: 144, stateMibPerSequence: 0, gibAt32768Tokens: 19.76 });
    expect(dense.weightsGib).toMatchObject({ bf16: 15.26, fp8: 8.79 });
    expect(memoryOf('qwen3_5_9b')).toMatchObject({ kvKibPerToken: 32, stateMibPerSequence: 49.1 });
  });

  it('leaves out what is not known', () => {
    const unknown = modelRegistry().filter(({ architecture }) => architecture.parameters === null);
    expect(unknown.length).toBeGreaterThan(0);
    for (const model of unknown) expect(modelMemory(model)).toMatchObject({ weightsGib: {}, gibAt32768Tokens: null });
  });
});
