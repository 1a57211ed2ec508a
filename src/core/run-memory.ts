import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

const bytes = z.number().nonnegative();

/** What a model under a preset is expected to hold in memory, and whether that has room; written before the first request. */
export const runMemorySchema = z.strictObject({
  /** Dimensions of the model, for limits of speed; null when they are not known. */
  architecture: jsonObjectSchema.nullable(),
  quantization: z.string().nullable(),
  kvType: z.string(),
  sequences: z.int().positive(),
  contextTokens: z.int().positive(),
  estimate: z.union([
    z.strictObject({
      weightBytes: bytes,
      kvBytes: bytes,
      stateBytes: bytes,
      overheadBytes: bytes,
      totalBytes: bytes,
      /** True when the weights are counted by an average of their file type. */
      isRough: z.boolean(),
    }),
    z.strictObject({ unavailable: z.string() }),
  ]),
  fit: z.union([
    z.strictObject({
      fits: z.boolean(),
      availableBytes: bytes,
      cacheTokens: bytes,
      fullSequences: z.int().nonnegative(),
      /** Where `availableBytes` comes from. */
      source: z.string(),
    }),
    z.strictObject({ unavailable: z.string() }),
  ]),
});

export type RunMemory = z.infer<typeof runMemorySchema>;
