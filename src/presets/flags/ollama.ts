import type { Deployment, DeploymentInput, FlagTable } from './flag-table.ts';
import { serverScale, slotSettings } from './slot-engine.ts';

function resolve(input: DeploymentInput): Deployment {
  const { preset } = input;
  const { slots, context, kvCacheType, remarks } = slotSettings(input, serverScale);
  return {
    flags: {},
    environment: {
      OLLAMA_NUM_PARALLEL: String(slots),
      OLLAMA_CONTEXT_LENGTH: String(context.tokens),
      OLLAMA_MAX_LOADED_MODELS: '1',
      ...(kvCacheType === 'f16' ? {} : { OLLAMA_FLASH_ATTENTION: '1', OLLAMA_KV_CACHE_TYPE: kvCacheType }),
    },
    settings: {},
    values: {
      gpuMemoryFraction: null,
      sequences: slots,
      contextLength: context.tokens,
      prefixCaching: null,
      kvCacheType,
    },
    sequences: slots,
    notes: context.notes,
    remarks: [
      ...remarks,
      'Ollama takes these from the environment of `ollama serve`, which qwen-eval does not start: set them there',
      ...(preset.prefixCaching ? [] : ['Ollama cannot switch its prompt cache off']),
    ],
  };
}

/** How Ollama takes presets: by the environment its server is started with. */
export const ollamaFlags: FlagTable = {
  engine: 'ollama',
  reviewed: { version: null, date: '2026-11-26' },
  versions: [],
  rows: [],
  start: null,
  resolve,
};
