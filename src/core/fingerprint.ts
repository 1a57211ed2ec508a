import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';

/** What a server is asked to show before a run. */
export const probeIds = [
  'served_model',
  'template',
  'context_limit',
  'max_tokens',
  'stop',
  'temperature',
  'seed',
  'repeatable',
  'company',
  'log_probabilities',
  'thinking_on',
  'thinking_off',
  'tool_call',
  'json_schema',
] as const;

export type ProbeId = (typeof probeIds)[number];

/** How one probe went: done as asked, not done, not to be told, or not offered by the engine. */
const probeResultSchema = z.strictObject({
  verdict: z.enum(['yes', 'no', 'unknown', 'absent']),
  /** What was seen, as a clause for people. */
  observed: z.string(),
  facts: jsonObjectSchema,
});

export type ProbeResult = z.infer<typeof probeResultSchema>;

/** What a server turned out to do with small requests before the run: stored in run.json. */
export const fingerprintSchema = z.strictObject({
  schemaVersion: z.literal(1),
  takenAt: z.string(),
  /** Requests it took. */
  requests: z.int().nonnegative(),
  probes: z.partialRecord(z.enum(probeIds), probeResultSchema),
  /** Hash of the lasting traits: two runs with another one met another server. */
  identity: z.string(),
});

export type Fingerprint = z.infer<typeof fingerprintSchema>;
