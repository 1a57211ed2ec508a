import { z } from 'zod';
import { estimateSchema } from './estimate-schema.ts';
import { jsonObjectSchema } from './json.ts';
import { systemReportSchema } from './system-report.ts';

export { estimateSchema };

const countsSchema = z.strictObject({
  /** All counts are sample × epoch. */
  planned: z.int().nonnegative(),
  scored: z.int().nonnegative(),
  unscored: z.int().nonnegative(),
  truncated: z.int().nonnegative(),
  byCode: z.record(z.string(), z.int().positive()),
});

const rateSchema = z.strictObject({ accepted: z.int().nonnegative(), total: z.int().nonnegative() });

export const certificateSchema = z.strictObject({
  gold: rateSchema,
  wrong: z.strictObject({ rejected: z.int().nonnegative(), total: z.int().nonnegative() }),
  excluded: z.array(z.strictObject({ sampleId: z.string(), reason: z.string() })).readonly(),
  passed: z.boolean(),
  /** First failures, for the message. */
  failures: z.array(z.strictObject({ sampleId: z.string(), kind: z.string(), explanation: z.string() })).readonly(),
  /** Where answers run: programs asked to be run, and those that were; an answer with the program of another has its verdict. */
  programs: z.strictObject({ asked: z.int().positive(), run: z.int().positive() }).exactOptional(),
  /** scorer + extraction + task version + dataset + sandbox identity. */
  key: z.string(),
});

const sandboxSchema = z.strictObject({
  backend: z.string(),
  mode: z.enum(['strict', 'compat']),
  version: z.string(),
  pythonVersion: z.string(),
  workers: z.int().positive(),
  limits: z.record(z.string(), z.union([z.number(), z.string()])),
  timeFactor: z.number().min(1),
});

const verdictSchema = z.strictObject({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  summary: z.string(),
  evidence: jsonObjectSchema,
  /** What to change, as a command or setting. */
  advice: z.string(),
});

const referenceComparisonSchema = z.strictObject({
  task: z.string(),
  /** The official score of the very model in the run's mode, nearest in setting; null where there is none. */
  official: z
    .strictObject({
      /** In the unit of our headline. */
      value: z.number(),
      benchmark: z.string(),
      model: z.string(),
      mode: z.string().nullable(),
      quantization: z.string().nullable(),
      setting: z.string(),
      source: z.string(),
      /** True when the publisher's value was read in a copy of the source. */
      isCopy: z.boolean(),
    })
    .nullable(),
  /** Why there is no official score; null when there is one. */
  reason: z.string().nullable(),
  ours: estimateSchema,
  /** Ours less the official value, with our interval; null without one of them. */
  difference: estimateSchema.nullable(),
  /** Whether our interval holds the official value; null without one of them. */
  contains: z.boolean().nullable(),
  settingDifferences: z.array(z.strictObject({ what: z.string(), official: z.string(), ours: z.string() })).readonly(),
  /** What may explain a difference, the likeliest first; `upTo` is the most it can explain, where that can be counted. */
  causes: z
    .array(z.strictObject({ cause: z.string(), explanation: z.string(), upTo: z.number().nullable() }))
    .readonly(),
});

/** Speed of the samples of one planned prompt length. */
const lengthFiguresSchema = z.strictObject({
  task: z.string(),
  /** Planned prompt tokens. */
  length: z.int().positive(),
  /** As the engine counted them. */
  promptTokens: estimateSchema,
  timeToFirstTokenMs: estimateSchema,
  /** After the first token. */
  outputTokensPerSecond: estimateSchema,
});

const taskResultSchema = z.strictObject({
  task: z.string(),
  headline: z.string(),
  metrics: z.record(z.string(), estimateSchema),
  /** The headline over completed (not truncated) samples only. */
  completedOnly: estimateSchema,
  /** How this run compares with the one it was to be decided against; the difference is this run less that one. Absent where nothing was asked. */
  decided: z
    .strictObject({
      baseline: z.string(),
      verdict: z.enum(['a', 'b', 'tied', 'undecided']),
      difference: estimateSchema,
      /** Samples that would have been asked. */
      available: z.int().nonnegative(),
      /** True when fewer were: intervals must hold whenever one stops. */
      isEarly: z.boolean(),
    })
    .exactOptional(),
  /** Bounds when every unscored sample were wrong, or right. */
  bounds: z.strictObject({ worst: z.number(), best: z.number() }).nullable(),
  /** scored / planned. */
  coverage: z.number().min(0).max(1),
  truncationRate: estimateSchema,
  /** Kind and category of the task, and the score that guessing gets; null where it is not known or guessing gets nothing. */
  kind: z.string().nullable().default(null),
  category: z.string().nullable().default(null),
  chanceLevel: z.number().nullable().default(null),
  categories: z.record(z.string(), estimateSchema),
  /** The headline by planned prompt length in tokens; empty for tasks without lengths. */
  lengths: z.record(z.string(), estimateSchema).default({}),
  counts: countsSchema,
  certificate: certificateSchema.nullable(),
  /** Where answers ran; absent for tasks whose answers do not run. */
  sandbox: sandboxSchema.exactOptional(),
  refused: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
  /** Thinking states that were observed, by count. */
  observedThinking: z.record(z.string(), z.int().positive()),
  tokens: z.strictObject({
    prompt: z.number().nullable(),
    completion: z.number().nullable(),
    /** Mean completion tokens of a sample that was answered. */
    meanCompletion: z.number().nullable(),
  }),
  warnings: z.array(z.string()).readonly(),
});

/** result.json, and the object `run --json` prints. */
export const resultDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  planHash: z.string(),
  status: z.enum(['complete', 'incomplete']),
  model: z.string(),
  engine: z.string(),
  preset: z.string(),
  mode: z.string(),
  tasks: z.array(taskResultSchema).readonly(),
  diagnosis: z.array(verdictSchema).readonly(),
  /** Official scores beside ours. */
  references: z.array(referenceComparisonSchema).readonly().default([]),
  usage: z.strictObject({
    promptTokens: z.number().nullable(),
    completionTokens: z.number().nullable(),
    /** Tokens of attempts whose answer was thrown away. */
    wasted: z.number().nullable(),
  }),
  timings: z.strictObject({
    /** Null on an imported run whose log does not tell. */
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    wallMs: z.number().nullable(),
    /** Generated tokens over the time in which requests were in flight. */
    outputTokensPerSecond: z.number().nullable(),
    samplesPerSecond: z.number().nullable(),
    timeToFirstTokenMs: z.strictObject({ p50: z.number(), p95: z.number(), n: z.int() }).nullable(),
    /** By task and planned prompt length, shortest first; empty without tasks that have lengths. */
    byLength: z.array(lengthFiguresSchema).readonly().default([]),
    attempts: z.int().nonnegative(),
  }),
  /** Memory, cards, processors, speed and energy of the same run; null when it was not measured at all. */
  system: systemReportSchema.nullable(),
  warnings: z.array(z.string()).readonly(),
});

export type ResultDocument = z.infer<typeof resultDocumentSchema>;
export type TaskResult = z.infer<typeof taskResultSchema>;
export type Certificate = z.infer<typeof certificateSchema>;
export type LengthFigures = z.infer<typeof lengthFiguresSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type ReferenceComparison = z.infer<typeof referenceComparisonSchema>;
