import { z } from 'zod';

const measured = z.number().nullable();

/** One reading of a graphics card; null where the card or its driver does not say. */
export const gpuReadingSchema = z.strictObject({
  /** UUID of the card. */
  id: z.string(),
  name: z.string().nullable(),
  memoryUsedBytes: measured,
  memoryTotalBytes: measured,
  /** Share of the last period in which a kernel ran: not a measure of load. */
  utilization: measured,
  /** Share of the last period in which memory was read or written: not its occupancy. */
  memoryUtilization: measured,
  powerWatts: measured,
  temperatureCelsius: measured,
  /** Memory held by the engine's processes; null where the driver does not tell processes apart. */
  engineMemoryBytes: measured,
  /** True when the card is split into instances, so that its totals are not the engine's. */
  isPartitioned: z.boolean(),
});

/** What the engine's metrics page said, in one vocabulary; counts are since the engine's start, null where it does not say. */
export const engineReadingSchema = z.strictObject({
  runningRequests: measured,
  waitingRequests: measured,
  /** Share of the KV cache in use, in [0,1]. */
  kvUsage: measured,
  kvCapacityTokens: measured,
  promptTokens: measured,
  cachedPromptTokens: measured,
  generatedTokens: measured,
  finishedRequests: measured,
  /** Requests thrown out of the KV cache for lack of room. */
  preemptions: measured,
  prefixQueriedTokens: measured,
  prefixHitTokens: measured,
  /** Speculative decoding: steps that drafted, tokens drafted, tokens accepted. */
  drafts: measured,
  draftedTokens: measured,
  acceptedTokens: measured,
  /** Tokens a step gave a sequence lately, where a server states that instead of counting. */
  stepTokens: measured,
  /** Sums and counts of the engine's own latencies. */
  firstTokenSeconds: measured,
  firstTokenCount: measured,
  gapSeconds: measured,
  gapCount: measured,
  queueSeconds: measured,
  queueCount: measured,
  prefillSeconds: measured,
  decodeSeconds: measured,
});

/** Processor time and memory of the engine's process tree. */
export const hostReadingSchema = z.strictObject({
  /** Processes of the tree. */
  processes: z.int().positive(),
  /** Sum over the tree; a page that processes share counts in each. */
  rssBytes: z.number(),
  /** Processors kept busy since the last reading; null at the first one. */
  cpuCores: measured,
});

/** The program that sends the requests: a busy event loop delays everything it measures. */
export const clientReadingSchema = z.strictObject({
  cpuCores: measured,
  rssBytes: z.number(),
  /** Share of the last period in which the event loop worked, in [0,1]. */
  eventLoopUtilization: measured,
  eventLoopLagP99Ms: measured,
});

/** The run at the moment of a reading. */
export const loadReadingSchema = z.strictObject({
  inFlight: z.int().nonnegative(),
  /** Requests the limiter allows in flight. */
  limit: z.int().nonnegative(),
  /** Answers that wait for their score. */
  scoring: z.int().nonnegative(),
});

/** Counts by bin of a logarithmic scale; `gap-histogram.ts` of the telemetry says what a bin is. */
const binsSchema = z.record(z.string(), z.int().positive());

const when = {
  /** Monotonic milliseconds of this process, as the requests' times. */
  atMs: z.number(),
  /** Wall clock, ISO 8601 UTC. */
  time: z.string(),
};

/** A line of telemetry.jsonl. `start` opens a sitting of the run; a source that gave nothing is null, and `problems` says why. */
export const telemetryRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    ...when,
    periodMs: z.number().positive(),
    /** Why a source is not asked at all, by source. */
    unavailable: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    kind: z.literal('tick'),
    ...when,
    load: loadReadingSchema,
    client: clientReadingSchema,
    host: hostReadingSchema.nullable(),
    gpus: z.array(gpuReadingSchema).readonly().nullable(),
    engine: engineReadingSchema.nullable(),
    /** Gaps between token-bearing chunks of all requests since the last tick. */
    gaps: binsSchema,
    problems: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    kind: z.literal('metrics'),
    ...when,
    /** Whose names the metrics page has, e.g. `vllm`. */
    dialect: z.string(),
    /** Name on the page by name in the vocabulary. */
    names: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    kind: z.literal('end'),
    ...when,
    /** Bytes a second that this machine's memory moves; null where it decides nothing. */
    memoryBandwidth: measured,
  }),
]);

export type TelemetryRecord = z.infer<typeof telemetryRecordSchema>;
export type TelemetryTick = TelemetryRecord & { readonly kind: 'tick' };
export type GpuReading = z.infer<typeof gpuReadingSchema>;
export type EngineReading = z.infer<typeof engineReadingSchema>;
export type HostReading = z.infer<typeof hostReadingSchema>;
export type ClientReading = z.infer<typeof clientReadingSchema>;
export type LoadReading = z.infer<typeof loadReadingSchema>;
