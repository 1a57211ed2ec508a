import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { engineDependencies } from './engine-dependencies.ts';

it.each([
  ['qwen3_0_6b', 'Qwen/Qwen3-0.6B', true],
  ['Qwen3-0.6B', 'qwen3_0_6b', true],
  // A quantisation that was not asked for is the model all the same; another than was asked for is not.
  ['qwen3_0_6b', 'Qwen/Qwen3-0.6B-FP8', true],
  ['Qwen/Qwen3-0.6B-FP8', 'Qwen/Qwen3-0.6B', false],
  ['qwen3_0_6b', 'Qwen/Qwen3-1.7B', false],
  ['qwen3_0_6b', 'default', false],
  ['my-own-model', 'my-own-model-2', false],
])('takes %s and %s for the same model: %s', (one, other, same) => {
  const { isSameModel } = engineDependencies({
    clock: systemClock,
    random: () => 0,
    log: () => undefined,
    loadData: () => Promise.reject(new Error('not used')),
    fetchModelFile: () => Promise.reject(new Error('not used')),
  });
  expect(isSameModel?.(one, other)).toBe(same);
});
