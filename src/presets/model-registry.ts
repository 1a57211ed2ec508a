import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import { architectureSchema, totalParameters } from './architecture.ts';
import { checkDisplayName } from './check-display-name.ts';

const reviewed = z.iso.date();
const sources = z.array(z.string().min(1)).min(1).readonly();
/** Why a field is null, by the field's path. */
const unknown = z.record(z.string(), z.string().min(1)).default({});
const month = z.string().regex(/^\d{4}-\d{2}$/);
const mode = z.enum(['thinking', 'non-thinking']);
const text = z.string().min(1);
const number = z.number().nullable().default(null);

const samplingAdviceSchema = z.strictObject({
  mode,
  /** Kind of task the row is for; `general` is for all that have no row of their own. */
  use: z.enum(['general', 'coding', 'reasoning']),
  temperature: z.number(),
  topP: number,
  topK: number,
  minP: number,
  presencePenalty: number,
  repetitionPenalty: number,
  /** Output tokens the guidance allows a request. */
  maxOutputTokens: z.int().positive(),
  source: text,
  note: z.string().optional(),
});

const familySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]+$/),
  title: text,
  released: month,
  modes: z.array(mode).min(1).readonly(),
  defaultMode: mode,
  /** Chat-template argument that switches thinking; null where nothing does. */
  switch: text.nullable().default(null),
  /** Words in a message that switch thinking. */
  softSwitches: z.array(text).readonly().default([]),
  /** What of the thinking tags the answer holds: `close-only` when the template opens the block. */
  thinkingTags: z.enum(['none', 'paired', 'close-only']),
  /** Response fields that servers put the thinking into. */
  reasoningFields: z.array(text).readonly().default([]),
  effort: z
    .strictObject({ argument: text, levels: z.array(text).min(1).readonly(), default: text })
    .nullable()
    .default(null),
  /** Whether the history keeps earlier thinking: never, when asked to by preserve_thinking, or unless asked not to. */
  keepsThinking: z.enum(['no', 'opt-in', 'default']),
  /** Switches that DashScope-style services take at the top level of a request. */
  topLevelSwitches: z.array(text).readonly().default([]),
  sampling: z.array(samplingAdviceSchema).min(1).readonly(),
  toolFormat: z.enum(['hermes', 'xml']).nullable().default(null),
  /** Tool call parser by engine. */
  toolParsers: z.record(z.string(), text).default({}),
  reasoningParsers: z.record(z.string(), text).default({}),
  /** First engine version that serves the family. */
  minimumVersions: z.record(z.string(), text).default({}),
  /** Rope scaling that takes a model to its extended context, without the factor; null where no flags do. */
  ropeScaling: z
    .strictObject({
      /** True when the parameters belong under `text_config`. */
      nested: z.boolean(),
      parameters: z.record(z.string(), z.json()),
      source: text,
    })
    .nullable()
    .default(null),
  /** System prompt of the template when the request has none; null when it adds none. */
  defaultSystemPrompt: text.nullable().default(null),
  note: z.string().nullable().default(null),
  sources,
  reviewed,
});

const repositorySchema = z.strictObject({
  quantization: text,
  hubId: text,
  /** `literal`: the id stands in a source; `pattern`: formed like its siblings. */
  evidence: z.enum(['literal', 'pattern']),
});

const ggufSchema = z.strictObject({
  hubId: text,
  /** File name; `{quantization}` stands for the key of `quantizations`. */
  file: z.string().includes('{quantization}'),
  /** Number of files by quantisation, spelled as in the file name. */
  quantizations: z.record(z.string(), z.int().positive()),
  default: text,
  evidence: z.enum(['literal', 'pattern']),
});

const modelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]+$/),
  /** Display name. */
  name: text,
  hubId: text,
  family: text,
  variant: z.enum(['base', 'instruct', 'thinking']),
  architecture: text,
  /** Tokens of context without rope scaling. */
  contextLength: z.int().positive().nullable(),
  /** Tokens of context with the published scaling; null when none is published. */
  extendedContextLength: z.int().positive().nullable(),
  licence: text.nullable(),
  priority: z.enum(['high', 'medium', 'low']),
  /** Overrides the family's default mode. */
  defaultMode: mode.nullable().default(null),
  repositories: z.array(repositorySchema).readonly().default([]),
  gguf: ggufSchema.nullable().default(null),
  sources,
  reviewed,
  unknown,
  note: z.string().nullable().default(null),
  /** What is missing from the row; null when it is complete. */
  incomplete: z.string().nullable().default(null),
});

const architectureRowSchema = architectureSchema.extend({ id: text, sources, reviewed, unknown });

const registrySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    families: z.array(familySchema).readonly(),
    architectures: z.array(architectureRowSchema).readonly(),
    models: z.array(modelSchema).readonly(),
  })
  .superRefine((registry, context) => {
    for (const message of registryFaults(registry)) context.addIssue({ code: 'custom', message });
  });

export type ModelFamily = z.infer<typeof familySchema>;
export type SamplingAdvice = z.infer<typeof samplingAdviceSchema>;
export type ArchitectureRow = z.infer<typeof architectureRowSchema>;
type RegistryRow = z.infer<typeof modelSchema>;

/** A known model with its family and its architecture. */
export interface RegistryModel extends Omit<RegistryRow, 'family' | 'architecture'> {
  readonly family: ModelFamily;
  readonly architecture: ArchitectureRow;
}

interface Registry {
  readonly families: readonly ModelFamily[];
  readonly architectures: readonly ArchitectureRow[];
  readonly models: readonly RegistryRow[];
}

function registryFaults({ families, architectures, models }: Registry): readonly string[] {
  return [
    ...repeated('family', families),
    ...repeated('architecture', architectures),
    ...repeated('model', models),
    ...families.flatMap(familyFaults),
    ...architectures.flatMap(architectureFaults),
    ...models.flatMap((model) => modelFaults(model, { families, architectures })),
  ];
}

function repeated(kind: string, rows: readonly { readonly id: string }[]): readonly string[] {
  const ids = rows.map((row) => row.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${kind} ${id} is listed twice`);
}

function familyFaults(family: ModelFamily): readonly string[] {
  const { id, modes, sampling, defaultMode, effort } = family;
  return [
    ...(modes.includes(defaultMode) ? [] : [`family ${id} has not its default mode ${defaultMode}`]),
    ...(effort === null || effort.levels.includes(effort.default) ? [] : [`family ${id} has not its default effort`]),
    ...modes
      .filter((mode) => !sampling.some((row) => row.mode === mode && row.use === 'general'))
      .map((mode) => `family ${id} has no general sampling for ${mode}`),
    ...(modes.length > 1 && family.switch === null ? [`family ${id} has two modes and no switch`] : []),
  ];
}

function architectureFaults(row: ArchitectureRow): readonly string[] {
  const nulls = Object.entries({
    ...row,
    'experts.size': row.experts?.size,
    'experts.sharedSize': row.experts?.sharedSize,
  })
    .filter(([key, value]) => value === null && !mayBeAbsent(key, row))
    .map(([key]) => key);
  const counted = totalParameters(row);
  return [
    ...reasonFaults(row, nulls),
    ...(counted === null || counted === row.parameters
      ? []
      : [`architecture ${row.id} states ${row.parameters} parameters, but its dimensions make ${counted}`]),
  ];
}

const mayBeAbsent = (key: string, { kind, layers, fullAttentionLayers }: ArchitectureRow): boolean =>
  key === 'otherParameters' ||
  (key === 'feedForwardSize' && kind === 'moe') ||
  (key === 'experts' && kind === 'dense') ||
  (key === 'linearAttention' && layers === fullAttentionLayers);

function reasonFaults(
  row: { readonly id: string; readonly unknown: Readonly<Record<string, string>> },
  nulls: readonly string[],
): readonly string[] {
  return [
    ...nulls.filter((key) => !(key in row.unknown)).map((key) => `${row.id} gives no reason why ${key} is unknown`),
    ...Object.keys(row.unknown)
      .filter((key) => !nulls.includes(key))
      .map((key) => `${row.id} gives a reason for ${key}, which is known`),
  ];
}

function modelFaults(model: RegistryRow, others: Pick<Registry, 'families' | 'architectures'>): readonly string[] {
  const nulls = (['contextLength', 'licence'] as const).filter((key) => model[key] === null);
  const family = others.families.find((row) => row.id === model.family);
  const { gguf } = model;
  return [
    ...reasonFaults(model, nulls),
    ...(family ? [] : [`model ${model.id} names family ${model.family}, which is not listed`]),
    ...(family && model.defaultMode !== null && !family.modes.includes(model.defaultMode)
      ? [`model ${model.id} has a default mode its family has not`]
      : []),
    ...(others.architectures.some((row) => row.id === model.architecture)
      ? []
      : [`model ${model.id} names architecture ${model.architecture}, which is not listed`]),
    ...(nulls.length > 0 && model.incomplete === null ? [`model ${model.id} is incomplete and does not say so`] : []),
    ...(gguf && !(gguf.default in gguf.quantizations)
      ? [`model ${model.id} has not its default quantisation ${gguf.default}`]
      : []),
    ...checkDisplayName(model.name, model.hubId).map((reason) => `model ${model.id}: ${reason}`),
  ];
}

/** Parses a registry document. Throws E_CONFIG_INVALID naming every fault: a name that contradicts its id, a null without a reason, a parameter count the dimensions do not make. */
export function parseModelRegistry(document: unknown): readonly RegistryModel[] {
  const parsed = registrySchema.safeParse(document);
  if (!parsed.success) {
    throw new QwenEvalError('E_CONFIG_INVALID', `the model registry is wrong: ${z.prettifyError(parsed.error)}`, {
      hint: 'mend data/models.json',
    });
  }
  const { families, architectures, models } = parsed.data;
  return models.map((model) => ({
    ...model,
    family: find(families, model.family),
    architecture: find(architectures, model.architecture),
  }));
}

const find = <Row extends { readonly id: string }>(rows: readonly Row[], id: string): Row => {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`no row ${id}`);
  return row;
};

let registry: readonly RegistryModel[] | null = null;

/** Every known model, in the order of data/models.json; read once. */
export function modelRegistry(): readonly RegistryModel[] {
  registry ??= parseModelRegistry(
    JSON.parse(readFileSync(new URL('../../data/models.json', import.meta.url), 'utf8')) as unknown,
  );
  return registry;
}
