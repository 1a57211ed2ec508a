import { z } from 'zod';
import { estimateSchema } from './estimate-schema.ts';

const unavailableSchema = z.strictObject({ unavailable: z.string().min(1) });

/** A figure that an instrument gave: no sample of anything, so without an interval; `readings` says how many it is drawn from. */
export const readingSchema = z.union([
  z.strictObject({ value: z.number(), readings: z.int().positive() }),
  unavailableSchema,
]);

/** A figure over the time of the run: its highest reading, and its mean with an interval. */
const seriesSchema = z.strictObject({ peak: readingSchema, mean: estimateSchema });

const percentilesSchema = z.strictObject({ p50: estimateSchema, p95: estimateSchema, p99: estimateSchema });

/** What kept the run from going faster, with the readings that say so. */
export const bottleneckSchema = z.strictObject({
  kind: z.enum(['client', 'scoring', 'kv', 'queue', 'prefill', 'decode', 'unknown']),
  /** One sentence for the user; begins with `client-limited` when the client was the limit. */
  summary: z.string(),
  evidence: z.record(z.string(), z.number()),
});

/** The system beside the scores: memory, cards, processors, speed, energy. What could not be measured says why. */
export const systemReportSchema = z.strictObject({
  telemetry: z.strictObject({
    /** Sittings of the run: 1, and one more each time it was resumed. */
    sittings: z.int().nonnegative(),
    readings: z.int().nonnegative(),
    /** Why a source was not asked, or what it last said instead of answering. */
    problems: z.record(z.string(), z.string()),
  }),
  memory: z.strictObject({
    /** What was expected before the run, from run.json. */
    expectedBytes: z.union([
      z.strictObject({
        weights: z.number(),
        cache: z.number(),
        state: z.number(),
        overhead: z.number(),
        total: z.number(),
      }),
      unavailableSchema,
    ]),
    /** What a server that was started for the run logged of its memory: on each accelerator, or on all devices together. */
    loggedBytes: z
      .union([
        z.strictObject({
          scope: z.enum(['accelerator', 'all']),
          weights: z.number().nullable(),
          cache: z.number().nullable(),
          activations: z.number().nullable(),
          graphs: z.number().nullable(),
        }),
        unavailableSchema,
      ])
      .exactOptional(),
    /** Memory of the engine; `meaning` says what exactly is counted, null when nothing is. */
    engineBytes: seriesSchema,
    where: z.enum(['gpu', 'host']).nullable(),
    meaning: z.string().nullable(),
    /** Resident memory of the engine's processes on the host. */
    hostBytes: seriesSchema,
    /** Share of the KV cache in use, in [0,1]. */
    kvUsage: seriesSchema,
    kvCapacityTokens: readingSchema,
  }),
  gpus: z.union([
    z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string().nullable(),
          memoryTotalBytes: readingSchema,
          memoryUsedBytes: seriesSchema,
          /** What the engine's processes hold on it. */
          engineBytes: seriesSchema,
          utilization: seriesSchema,
          memoryUtilization: seriesSchema,
          powerWatts: seriesSchema,
        }),
      )
      .readonly(),
    unavailableSchema,
  ]),
  processors: z.strictObject({
    engineCores: seriesSchema,
    clientCores: seriesSchema,
    /** Bytes a second that this machine's memory moves, measured after the run for an engine on its processor. */
    memoryBandwidth: readingSchema,
  }),
  throughput: z.strictObject({
    outputTokensPerSecond: estimateSchema,
    promptTokensPerSecond: estimateSchema,
    requestsPerSecond: estimateSchema,
    /** Requests in flight. */
    concurrency: seriesSchema,
    /** Tokens that a decoding step gave a sequence, where drafts are counted: above 1 with speculative decoding. */
    tokensPerStep: readingSchema,
  }),
  latency: z.strictObject({
    timeToFirstTokenMs: percentilesSchema,
    /** Between token-bearing chunks, pooled over all requests. */
    gapMs: percentilesSchema,
    requestMs: percentilesSchema,
    /** Tokens a second of one request after its first token. */
    streamTokensPerSecond: percentilesSchema,
  }),
  /** What the engine's own metrics counted in the run's sittings, in the vocabulary of telemetry.jsonl. */
  engineMetrics: z.union([
    z.strictObject({
      dialect: z.string(),
      names: z.record(z.string(), z.string()),
      counted: z.record(z.string(), z.number()),
    }),
    unavailableSchema,
  ]),
  /** Energy of the cards the engine is on, idle power included. */
  energyJoules: readingSchema,
  /** Over the time in which requests were in flight; money in the currency of the prices given, a partly right answer counted by its score. */
  cost: z.strictObject({
    joulesPerThousandSamples: estimateSchema,
    joulesPerCorrect: estimateSchema,
    pricePerThousandSamples: estimateSchema,
    pricePerCorrect: estimateSchema,
  }),
  client: z.strictObject({ eventLoopUtilization: seriesSchema, eventLoopLagP99Ms: seriesSchema }),
  bottleneck: bottleneckSchema,
});

export type SystemReport = z.infer<typeof systemReportSchema>;
export type SystemReading = z.infer<typeof readingSchema>;
export type SystemSeries = z.infer<typeof seriesSchema>;
export type Percentiles = z.infer<typeof percentilesSchema>;
export type Bottleneck = z.infer<typeof bottleneckSchema>;
