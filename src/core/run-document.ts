import { z } from 'zod';
import { runPlanSchema } from './run-plan.ts';

/** run.json: what was asked, what answered, and where. Written before the first request, never changed but for `resumed`. */
export const runDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  planHash: z.string(),
  createdAt: z.string(),
  plan: runPlanSchema,
  /** Engine description and preflight fingerprint as observed. */
  engine: z.record(z.string(), z.json()),
  fingerprint: z.record(z.string(), z.json()).nullable(),
  environment: z.record(z.string(), z.json()),
  versions: z.record(z.string(), z.string().nullable()),
  /** The command line that makes this run again, without secrets. */
  command: z.array(z.string()).readonly(),
  resumed: z.array(z.string()).readonly(),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
