import { describe, expect, it } from 'vitest';
import type { EngineDescription } from '../core/ports/engine.ts';
import { findModel } from '../presets/find-model.ts';
import type { MachineFacts } from '../telemetry/describe-machine.ts';
import { echoTask, preparedRun } from '../../test/support/prepared-run.ts';
import { engineSettings } from '../../test/support/engine-settings.ts';
import { loadEngine } from './load-plugin.ts';
import { memoryNotice } from './memory-notice.ts';
import { planMemory } from './plan-memory.ts';
import type { PreparedRun } from './prepared-run.ts';

const gibibyte = 2 ** 30;
const noCards: MachineFacts = { cards: [], driver: null, cuda: null };
const h100: MachineFacts = {
  ...noCards,
  cards: [
    {
      id: 'GPU-1',
      name: 'NVIDIA H100 80GB HBM3',
      memoryTotalBytes: 80 * gibibyte,
      computeCapability: '9.0',
      isPartitioned: false,
    },
  ],
};

/** A run of a known model on an engine that is described by `fields`. */
async function preparedOf(
  name: string,
  fields: Partial<EngineDescription> & { readonly usesGpu?: boolean; readonly values?: Record<string, number> } = {},
): Promise<PreparedRun> {
  const { usesGpu = true, values = {}, ...description } = fields;
  const plugin = await loadEngine('scripted');
  const engine = await plugin.open(engineSettings({ engineOptions: { rules: [{ echo: true }] } }), {
    nowMs: () => 0,
    random: () => 0.5,
    log: () => undefined,
  });
  const prepared = await preparedRun({ engine, tasks: [echoTask(1)] });
  const model = findModel(name).match?.model;
  const identification = {
    model: model ?? null,
    architecture: model?.architecture ?? null,
    quantization: null,
    explanation: 'named so',
    warnings: [],
  };
  return {
    ...prepared,
    plugin: { ...prepared.plugin, usesGpu },
    description: { ...prepared.description, ...description },
    plan: { ...prepared.plan, preset: { ...prepared.plan.preset, values } },
    model: { identification } as unknown as NonNullable<PreparedRun['model']>,
    header: null,
  };
}

describe('planMemory', () => {
  it('compares a managed server’s need with its share of the card', async () => {
    const prepared = await preparedOf('qwen3_8b', {
      processId: 1,
      parallelRequests: 64,
      contextLength: 32_768,
      values: { gpuMemoryFraction: 0.9 },
    });
    const memory = planMemory(prepared, h100);
    expect(memory.fit).toMatchObject({ fits: true, fullSequences: 12, source: '90 % of NVIDIA H100 80GB HBM3' });
    expect(memory.estimate).toMatchObject({ kvBytes: 64 * 4.5 * gibibyte, overheadBytes: 2 * gibibyte });
    expect(memoryNotice(memory)).toMatchObject({
      level: 'info',
      message: expect.stringContaining('12 of 64 sequences'),
    });
    const large = planMemory(await preparedOf('qwen3_32b', { processId: 1, values: { gpuMemoryFraction: 0.7 } }), h100);
    expect(memoryNotice(large)).toMatchObject({ level: 'warning', message: expect.stringContaining('too much for') });
    expect(planMemory(prepared, noCards).fit).toEqual({
      unavailable: 'no driver says how much memory the card has',
    });
  });

  it('leaves a server that runs already to itself, but takes the bytes it states', async () => {
    const prepared = await preparedOf('qwen3_8b', {
      processId: null,
      model: { name: 'q', root: null, sha256: null, facts: { meta: { size: 5e9 } } },
    });
    const memory = planMemory(prepared, h100);
    expect(memory.estimate).toMatchObject({ weightBytes: 5e9 });
    expect(memory.fit).toMatchObject({ unavailable: expect.stringContaining('runs already') });
    expect(memoryNotice(memory)).toBeNull();
  });

  it('takes the machine’s memory for an engine on the processor, and its batch for overhead', async () => {
    const prepared = await preparedOf('qwen2_5_0_5b_instruct', {
      usesGpu: false,
      contextLength: 4096,
      parallelRequests: 4,
      settings: { kvCacheType: 'q8_0', batchSize: 256 },
    });
    const memory = planMemory(prepared, noCards);
    expect(memory).toMatchObject({ kvType: 'q8_0', sequences: 4, contextTokens: 4096, fit: { fits: true } });
    const estimate = memory.estimate as { readonly overheadBytes: number; readonly kvBytes: number };
    expect(estimate.overheadBytes).toBeGreaterThan(256 * 151_936 * 4);
    expect(estimate.kvBytes).toBeCloseTo((4 * 4096 * 12_288 * 34) / 64, 0);
  });

  it('says what is not known', async () => {
    const unknown = planMemory(await preparedOf('nobody’s model'), h100);
    expect(unknown).toMatchObject({
      architecture: null,
      estimate: { unavailable: 'the model’s dimensions are not known' },
      fit: { unavailable: 'the model’s dimensions are not known' },
    });
    const odd = planMemory(await preparedOf('qwen3_8b', { settings: { kvCacheType: 'odd' } }), h100);
    expect(odd.estimate).toEqual({ unavailable: 'the size of a KV cache of type odd is not known' });
    expect(memoryNotice(undefined)).toBeNull();
  });
});
