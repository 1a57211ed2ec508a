import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';
import { promptVariants } from './prompt-variant.ts';

const nullableNumber = z.number().nullable();

export const samplingSchema = z.strictObject({
  temperature: nullableNumber,
  topP: nullableNumber,
  topK: nullableNumber,
  minP: nullableNumber,
  presencePenalty: nullableNumber,
  repetitionPenalty: nullableNumber,
  seed: z.int().nullable(),
});

/** A preset as it was resolved for one engine. */
export const resolvedPresetSchema = z.strictObject({
  requested: z.string(),
  /** Values before resolution: memory fraction, sequences, batch, context … */
  values: jsonObjectSchema,
  /** What the engine is started with: flags of a server, settings of the embedded engine. */
  resolved: jsonObjectSchema,
  /** Starting concurrency of the limiter. */
  startConcurrency: z.int().positive(),
  /** Ceiling of the limiter. */
  maxConcurrency: z.int().positive(),
  /** Preset name seen on an adopted server; null when not knowable. */
  observed: z.string().nullable(),
  confirmed: z.enum(['yes', 'no', 'unknown']),
  /** Notes a user must see, e.g. that two presets resolve to the same flags. */
  notes: z.array(z.string()).readonly(),
  /** What the engine’s kind makes of the preset: fewer sequences, a shorter context. Recorded, not shown with every result. */
  remarks: z.array(z.string()).readonly().default([]),
});

/** What is averaged for a headline that is no plain mean over samples: categories of equal weight, or items of several samples that count when all are right. */
const headlinePartsSchema = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('category') }),
  z.strictObject({ unit: z.literal('item'), samples: z.int().positive() }),
]);

export type HeadlineParts = z.infer<typeof headlinePartsSchema>;

/** Who rates the answers of a judged task, and how it is asked: part of the identity of a rating. */
const judgePlanSchema = z.strictObject({
  /** Name requests carry. */
  model: z.string(),
  /** Of the weights; null for a judge elsewhere. */
  sha256: z.string().nullable(),
  family: z.string().nullable(),
  /** Kind of endpoint: the engine's id. */
  engine: z.string(),
  engineVersion: z.string().nullable(),
  mode: z.enum(['thinking', 'non-thinking', 'unspecified']),
  sampling: samplingSchema,
  maxTokens: z.int().positive(),
  prompts: z.strictObject({ source: z.string(), sha256: z.string() }),
  /** True when judge and judged model are of one family. */
  isSameFamily: z.boolean(),
});

/** What stands around a task's question: its wording, and what follows the answer. */
const workflowSchema = z.strictObject({
  promptVariant: z.enum(promptVariants),
  selfCheck: z.boolean(),
  answerRetries: z.int().nonnegative(),
});

const taskPlanSchema = z.strictObject({
  task: z.string(),
  taskVersion: z.int().positive(),
  scorer: z.string(),
  scorerVersion: z.int().positive(),
  headline: z.string(),
  /** Absent where the headline is the mean over samples. */
  headlineParts: headlinePartsSchema.exactOptional(),
  settings: z.strictObject({
    fewShot: z.int().nonnegative(),
    choiceMode: z.enum(['generative', 'loglikelihood', 'first_token']).nullable(),
    maxTokens: z.int().positive(),
    toolFormat: z.enum(['native', 'hermes', 'xml']).nullable(),
    seed: z.int(),
    split: z.string(),
    size: z.int().positive(),
    extra: jsonObjectSchema,
  }),
  sampling: samplingSchema,
  epochs: z.int().positive(),
  datasets: z.array(z.strictObject({ name: z.string(), sha256: z.string(), verified: z.boolean() })).readonly(),
  samples: z.strictObject({
    /** Distinct samples. */
    count: z.int().nonnegative(),
    /** sha256 over the sample ids in plan order. */
    digest: z.string(),
    limit: z.int().positive().nullable(),
    sampleSeed: z.int().nullable(),
    /** Only these, where the user named them. */
    ids: z.array(z.string()).readonly().exactOptional(),
  }),
  /** The run this one is compared with while it goes, and ends when that is decided; absent where all samples are asked. */
  untilDecided: z
    .strictObject({
      baseline: z.string(),
      /** Differences within ±delta are a tie; share of the score's range. */
      delta: z.number(),
      /** Tasks that share the error of the verdicts. */
      tasks: z.int().positive(),
    })
    .exactOptional(),
  /** Absent where the task is asked as it is. */
  workflow: workflowSchema.exactOptional(),
  /** Who rates the answers; absent for tasks without a judge, and for judged ones while there is none. */
  judge: judgePlanSchema.exactOptional(),
  /** Set when the task cannot run: it stands in the result as refused. */
  refused: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
  warnings: z.array(z.string()).readonly(),
});

/** Everything that decides what a run does. Its hash (canonical JSON, sha256) names the run. */
export const runPlanSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.strictObject({
    /** What the user typed, resolved: registry id, hub id, path or served name. */
    requested: z.string().nullable(),
    /** Name requests carry and results show. */
    name: z.string(),
    registryId: z.string().nullable(),
    sha256: z.string().nullable(),
    family: z.string().nullable(),
    facts: jsonObjectSchema,
  }),
  engine: z.strictObject({
    id: z.string(),
    version: z.string().nullable(),
    settings: jsonObjectSchema,
    contextLength: z.int().positive().nullable(),
    templateSha256: z.string().nullable(),
  }),
  preset: resolvedPresetSchema,
  mode: z.enum(['thinking', 'non-thinking', 'unspecified']),
  /** How the mode is asked for. */
  thinking: z.strictObject({
    /** Chat-template arguments of every request. */
    templateArguments: jsonObjectSchema,
    /** Top-level fields of every request. */
    requestFields: jsonObjectSchema,
    /** True when the history keeps earlier thinking. */
    keepsThinking: z.boolean(),
  }),
  tasks: z.array(taskPlanSchema).readonly(),
  seed: z.int(),
  /** What a user must know of the whole run: doubts about the model's identity, settings its family advises against. */
  warnings: z.array(z.string()).readonly(),
  responseRules: z.strictObject({ allowUnverifiedData: z.boolean(), allowUncertified: z.boolean() }),
});

export type RunPlan = z.infer<typeof runPlanSchema>;
export type TaskPlan = z.infer<typeof taskPlanSchema>;
export type Workflow = z.infer<typeof workflowSchema>;
export type JudgePlan = z.infer<typeof judgePlanSchema>;
export type ResolvedPreset = z.infer<typeof resolvedPresetSchema>;
