import type { Preset } from './presets.ts';

/** What the embedded engine is opened with under a preset. */
export interface EmbeddedSettings {
  readonly sequences: number;
  readonly contextLength: number;
  readonly batchSize: number;
  readonly kvCacheType: string;
}

/** Sequences, batch and KV type of the embedded engine by memory share: 8, 4 or 1 sequences; the smallest preset halves the KV cache. */
export function embeddedSettings(preset: Preset, modelContextLength: number | null): EmbeddedSettings {
  const sequences = preset.sequences >= 128 ? 8 : preset.sequences >= 64 ? 4 : 1;
  const cap = preset.sequences >= 128 ? 4096 : preset.sequences >= 64 ? 4096 : 2048;
  const contextLength = Math.min(preset.maxModelLen, modelContextLength ?? preset.maxModelLen, cap);
  return {
    sequences,
    contextLength,
    batchSize: sequences === 1 ? 256 : 512,
    kvCacheType: sequences === 1 ? 'q8_0' : 'f16',
  };
}
