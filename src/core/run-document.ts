import { z } from 'zod';
import { budgetProbeSchema } from './budget-probe.ts';
import { fingerprintSchema } from './fingerprint.ts';
import { jsonObjectSchema } from './json.ts';
import { runMemorySchema } from './run-memory.ts';
import { runPlanSchema } from './run-plan.ts';

/** run.json: what was asked, what answered, and where. Written before the first request, never changed but for `resumed`. */
export const runDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  planHash: z.string(),
  createdAt: z.string(),
  plan: runPlanSchema,
  /** Engine description as observed. */
  engine: jsonObjectSchema,
  /** What the server did with small requests before the run; null when it was not asked. */
  fingerprint: fingerprintSchema.nullable(),
  /** What a probe of answer lengths found, by task; null when there was none. */
  budgetProbes: z.record(z.string(), budgetProbeSchema).nullable().default(null),
  environment: jsonObjectSchema,
  /** Left out by runs that were not prepared on this machine. */
  memory: runMemorySchema.exactOptional(),
  versions: z.record(z.string(), z.string().nullable()),
  /** Option values the run was planned with, without secrets: `resume` plans again from them. */
  options: jsonObjectSchema,
  resumed: z.array(z.string()).readonly(),
  /** Only on a run that another tool made: whose log it is read from. Such a run cannot be resumed. */
  imported: z
    .strictObject({
      tool: z.string(),
      version: z.string().nullable(),
      files: z.array(z.strictObject({ name: z.string(), sha256: z.string() })).readonly(),
    })
    .exactOptional(),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
