import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';

/** A named set of deployment settings; the flag tables turn it into what an engine is started with. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Share of the accelerator's memory an engine may take, in (0,1]. */
  readonly gpuMemoryFraction: number;
  /** Most sequences decoded together. */
  readonly sequences: number;
  /** The tracker's evaluation batch: requests in flight at the start. Never an engine batch size. */
  readonly evaluationBatch: number;
  readonly prefixCaching: boolean;
  /** Context in tokens, prompt and output together. */
  readonly maxModelLen: number;
  /** Quantisation of the weights; null is the model's own. */
  readonly quantization: string | null;
  /** Temperature of agent tasks, unless the family's guidance for the mode says otherwise. */
  readonly agentTemperature: number;
}

const limits = {
  maxModelLen: 32_768,
  quantization: null,
  agentTemperature: 0.1,
} as const;

/** The tracker's three presets. */
export const presets: readonly Preset[] = [
  {
    id: 'performance',
    title: 'most throughput',
    gpuMemoryFraction: 0.9,
    sequences: 128,
    evaluationBatch: 16,
    prefixCaching: true,
    ...limits,
  },
  {
    id: 'balanced',
    title: 'speed and memory in balance (default)',
    gpuMemoryFraction: 0.85,
    sequences: 64,
    evaluationBatch: 8,
    prefixCaching: true,
    ...limits,
  },
  {
    id: 'memory_optimized',
    title: 'smallest memory footprint',
    gpuMemoryFraction: 0.7,
    sequences: 32,
    evaluationBatch: 4,
    prefixCaching: false,
    ...limits,
  },
];

const count = z.int().positive();

const userPresetSchema = z.strictObject({
  /** Preset whose values it takes over where it names none. */
  extends: z.string().default('balanced'),
  title: z.string().min(1).optional(),
  gpuMemoryFraction: z.number().gt(0).max(1).optional(),
  sequences: count.max(65_536).optional(),
  evaluationBatch: count.max(65_536).optional(),
  prefixCaching: z.boolean().optional(),
  maxModelLen: count.optional(),
  quantization: z.string().min(1).nullable().optional(),
  agentTemperature: z.number().min(0).max(5).optional(),
});

/** The tracker's presets and those of the user, which take over what they do not say from another one. Throws E_CONFIG_INVALID naming preset and member. */
export function allPresets(own: Readonly<Record<string, unknown>> | null): readonly Preset[] {
  const known = [...presets];
  for (const [id, given] of Object.entries(own ?? {})) known.push(userPreset(id, { given, known }));
  return known;
}

function userPreset(id: string, input: { readonly given: unknown; readonly known: readonly Preset[] }): Preset {
  const { given, known } = input;
  const wrong = (problem: string, hint: string): QwenEvalError =>
    new QwenEvalError('E_CONFIG_INVALID', `preset ${id} is wrong: ${problem}`, { hint });
  if (!/^[a-z][a-z0-9_]*$/.test(id)) throw wrong('its name', 'use small letters, digits and underscores');
  if (known.some((preset) => preset.id === id)) throw wrong('there is one of that name', 'choose another name');
  const parsed = userPresetSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.message}`);
    throw wrong(problems.join('; '), `its members: ${Object.keys(userPresetSchema.shape).join(', ')}`);
  }
  const { extends: parentId, title, ...values } = parsed.data;
  const parent = known.find((preset) => preset.id === parentId);
  if (!parent) {
    const ids = known.map((preset) => preset.id).join(', ');
    throw wrong(`it extends ${parentId}, which is no preset before it`, `presets before it: ${ids}`);
  }
  const set = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const merged: Preset = { ...parent, ...set, id, title: title ?? `own preset, from ${parentId}` };
  if (merged.evaluationBatch > merged.sequences)
    throw wrong(
      `its evaluation batch ${merged.evaluationBatch} is above its ${merged.sequences} sequences`,
      'raise sequences or lower evaluationBatch',
    );
  return merged;
}
