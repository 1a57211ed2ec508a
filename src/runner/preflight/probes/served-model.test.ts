import { expect, it } from 'vitest';
import type { EngineDescription } from '../../../core/ports/engine.ts';
import type { Asking, QuietAnswers } from '../asking.ts';
import { servedModel } from './served-model.ts';

const verdictOf = async (name: string, parameters: number) => {
  const model = { name, root: null, sha256: null, facts: { meta: { n_params: parameters } } };
  const description = { model } as unknown as EngineDescription;
  const asking = { parts: { description } } as unknown as Asking;
  const { served_model: result } = await servedModel.run(asking, { alone: [] } as unknown as QuietAnswers);
  return result?.verdict;
};

it.each([
  // A real file of a 0.5B model whose head is quantised apart from its tied embedding, as llama-server counts it.
  ['Qwen/Qwen2.5-0.5B-Instruct', 630_167_424, 'yes'],
  ['Qwen/Qwen2.5-0.5B-Instruct', 494_032_768, 'yes'],
  // Without embeddings, as model cards have it.
  ['Qwen/Qwen2.5-0.5B-Instruct', 357_898_112, 'yes'],
  ['Qwen/Qwen2.5-0.5B-Instruct', 1_543_714_304, 'no'],
  // A head of its own is counted already.
  ['Qwen/Qwen3-8B', 8_190_735_360, 'yes'],
  ['Qwen/Qwen3-8B', 7_615_616_512, 'yes'],
  ['Qwen/Qwen3-8B', 4_022_468_096, 'no'],
  ['Qwen/Qwen3-8B', 14_768_307_200, 'no'],
  ['somebody/else', 14_768_307_200, 'yes'],
])('%s with %d parameters: %s', async (name, parameters, verdict) => {
  expect(await verdictOf(name, parameters)).toBe(verdict);
});
