import type { Preset } from '../presets.ts';
import type { Deployment, DeploymentInput, FlagTable } from './flag-table.ts';
import { slotSettings } from './slot-engine.ts';

/** 8, 4 or 1: more sequences than that gain nothing on a CPU. */
const sequencesOf = ({ sequences }: Preset): number => (sequences >= 128 ? 8 : sequences >= 64 ? 4 : 1);

function resolve(input: DeploymentInput): Deployment {
  const { slots, context, kvCacheType, remarks } = slotSettings(input, {
    slots: sequencesOf,
    contextTokens: (isSmall) => (isSmall ? 2048 : 4096),
  });
  const scaled =
    context.ropeScaling === null ? [] : ['the embedded engine cannot scale a context: it will refuse this one'];
  return {
    flags: {},
    environment: {},
    settings: {
      sequences: slots,
      contextLength: context.tokens,
      batchSize: kvCacheType === 'f16' ? 512 : 256,
      kvCacheType,
      threads: input.threads ?? 'one a core, or a single one for a tiny model',
    },
    values: {
      gpuMemoryFraction: null,
      sequences: slots,
      contextLength: context.tokens,
      prefixCaching: true,
      kvCacheType,
    },
    sequences: slots,
    notes: [...context.notes, ...scaled],
    remarks: [
      ...remarks,
      ...(input.preset.prefixCaching ? [] : ['the embedded engine always keeps the prompt blocks of a sequence']),
    ],
  };
}

/** How the embedded engine takes presets: parallel sequences, context, batch, KV type and threads. */
export const llamaCppFlags: FlagTable = {
  engine: 'llama-cpp',
  reviewed: { version: null, date: '2026-11-26' },
  versions: [],
  rows: [],
  start: {
    weights: 'gguf',
    hardware: 'cpu',
    command: ({ model, quantization, preset }) => [
      'qwen-eval',
      'run',
      '--model',
      model,
      '--engine',
      'llama-cpp',
      '--preset',
      preset,
      ...(quantization === null ? [] : ['--quantization', quantization]),
    ],
    cardsFlag: null,
  },
  resolve,
};
