import { describe, expect, it } from 'vitest';
import type { ObservedSettings } from '../core/ports/engine.ts';
import { llamaServerFlags } from './flags/llama-server.ts';
import { sglangFlags } from './flags/sglang.ts';
import { vllmFlags } from './flags/vllm.ts';
import type { FlagTable } from './flags/flag-table.ts';
import { observePreset } from './observe-preset.ts';
import { presets } from './presets.ts';

const candidates = (table: FlagTable) =>
  presets.map((preset) => ({
    id: preset.id,
    values: table.resolve({
      preset,
      version: null,
      knownFlags: null,
      model: null,
      trainedContext: null,
      contextLength: null,
      quantization: null,
      threads: null,
    }).values,
  }));

const seen = (changes: Partial<ObservedSettings>): ObservedSettings => ({
  gpuMemoryFraction: null,
  sequences: null,
  contextLength: null,
  prefixCaching: null,
  kvCacheType: null,
  ...changes,
});

describe('observePreset', () => {
  it('confirms a preset only when all of it was seen', () => {
    const all = seen({ gpuMemoryFraction: 0.85, sequences: 64, contextLength: 32_768, prefixCaching: true });
    expect(observePreset('balanced', candidates(sglangFlags), all)).toEqual({
      preset: 'balanced',
      confirmed: 'yes',
      notes: [],
    });
  });

  it('recognises a preset but does not confirm what it could not see', () => {
    const partial = seen({ gpuMemoryFraction: 0.85, contextLength: 32_768, prefixCaching: true });
    expect(observePreset('balanced', candidates(vllmFlags), partial)).toEqual({
      preset: 'balanced',
      confirmed: 'unknown',
      notes: ['the server does not show its parallel sequences: preset balanced is not confirmed'],
    });
  });

  it('denies a preset that the server contradicts, and names the one it looks like', () => {
    const other = seen({ gpuMemoryFraction: 0.9, contextLength: 32_768, prefixCaching: true });
    expect(observePreset('balanced', candidates(vllmFlags), other)).toEqual({
      preset: 'performance',
      confirmed: 'no',
      notes: ['the server’s memory share is 0.9, preset balanced sets 0.85'],
    });
  });

  it('names none when several fit, or nothing was seen', () => {
    expect(observePreset('balanced', candidates(vllmFlags), seen({ prefixCaching: true })).preset).toBeNull();
    expect(observePreset('balanced', candidates(vllmFlags), seen({}))).toEqual({
      preset: null,
      confirmed: 'unknown',
      notes: [],
    });
  });

  it('tells the presets of a server of slots apart by their number', () => {
    const slots = seen({ sequences: 4, contextLength: 4096 });
    expect(observePreset('balanced', candidates(llamaServerFlags), slots)).toMatchObject({
      preset: 'memory_optimized',
      confirmed: 'no',
    });
  });
});
