import { expect, it } from 'vitest';
import type { RunMemory } from '../core/run-memory.ts';
import { findModel } from '../presets/find-model.ts';
import { diagnosedRun } from '../../test/support/diagnosed-run.ts';
import { runDocument, taskPlan } from '../../test/support/recorded-run.ts';
import { unmeasured } from '../../test/support/system-report.ts';
import { physicsFacts } from './physics-facts.ts';

const factsOf = (kvType: string) => {
  const memory: RunMemory = {
    architecture: findModel('qwen2_5_7b_instruct').match?.model.architecture ?? null,
    quantization: null,
    kvType,
    sequences: 1,
    contextTokens: 4096,
    estimate: { unavailable: 'not asked' },
    fit: { unavailable: 'not asked' },
  };
  const run = diagnosedRun({ document: { ...runDocument('r', [taskPlan('gsm8k')]), memory }, records: [] });
  return physicsFacts({ ...run, result: { ...run.result, system: unmeasured } });
};

it.each([
  ['auto', 2],
  ['fp8', 1],
  ['a type of tomorrow', 2],
])('takes an element of the cache of type %s for %d bytes', (kvType, bytes) => {
  expect(factsOf(kvType)?.demand.kvElementBytes).toBe(bytes);
});
