import { deploymentContext, type DeploymentContext } from './deployment-context.ts';
import type { DeploymentInput } from './flag-table.ts';
import type { Preset } from '../presets.ts';

/** What a preset is on an engine of llama.cpp's kind, which reserves the whole context of each of its slots. */
export interface SlotSettings {
  readonly slots: number;
  readonly context: DeploymentContext;
  readonly kvCacheType: string;
  readonly remarks: readonly string[];
}

/** True for presets that save memory: they get a KV cache of 8 bits and smaller batches. */
const savesMemory = (preset: Preset): boolean => preset.sequences < 64;

/** Slots, context and KV type of a preset: slots are its evaluation batch unless an engine has fewer, and the KV cache is halved where memory is to be saved. */
export function slotSettings(
  input: DeploymentInput,
  scale: { readonly slots: (preset: Preset) => number; readonly contextTokens: (savesMemory: boolean) => number },
): SlotSettings {
  const { preset } = input;
  const small = savesMemory(preset);
  const slots = scale.slots(preset);
  const context = deploymentContext(input, scale.contextTokens(small));
  return {
    slots,
    context,
    kvCacheType: small ? 'q8_0' : 'f16',
    remarks: [
      ...(slots === preset.sequences
        ? []
        : [`${slots} parallel sequences in place of the preset’s ${preset.sequences}`]),
      ...context.remarks,
      `the preset’s memory share of ${preset.gpuMemoryFraction} has no counterpart: memory is weights and context, no more`,
    ],
  };
}

/** Slots and context that servers of llama.cpp's kind can afford. */
export const serverScale = {
  slots: (preset: Preset): number => preset.evaluationBatch,
  contextTokens: (isSmall: boolean): number => (isSmall ? 4096 : 8192),
};
