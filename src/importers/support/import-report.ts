import { z } from 'zod';
import { estimateSchema } from '../../core/result-document.ts';

const nullableScore = z.number().nullable();

const differenceSchema = z.strictObject({
  sampleId: z.string(),
  epoch: z.int(),
  metric: z.string(),
  theirs: nullableScore,
  ours: nullableScore,
  /** What each side took for the answer. */
  taken: z.strictObject({ theirs: z.string().nullable(), ours: z.string().nullable() }),
  /** Our failure code. */
  code: z.string().nullable(),
  /** The end of the answer. */
  quote: z.string(),
  explanation: z.string(),
});

const metricSchema = z.strictObject({
  metric: z.string(),
  /** Our measure it is compared with; null for the score. */
  measure: z.string().nullable(),
  /** What the log's own summary says. */
  stated: nullableScore,
  /** Mean of the verdicts in the log. */
  theirs: nullableScore,
  ours: estimateSchema,
  agreeing: z.int().nonnegative(),
  differing: z.int().nonnegative(),
});

const taskSchema = z.strictObject({
  task: z.string(),
  /** The tool's name for it. */
  name: z.string(),
  answers: z.int().nonnegative(),
  /** Answers to questions that the benchmark does not have. */
  unknown: z.int().nonnegative(),
  metrics: z.array(metricSchema).readonly(),
  differences: z.array(differenceSchema).readonly(),
});

const findingSchema = z.strictObject({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  quote: z.string(),
  explanation: z.string(),
});

/** import.json of an imported run: the tool's verdicts, ours, and why they differ. */
export const importReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  tool: z.string(),
  version: z.string().nullable(),
  model: z.string(),
  records: z.int().nonnegative(),
  tasks: z.array(taskSchema).readonly(),
  findings: z.array(findingSchema).readonly(),
});

export type ImportReport = z.infer<typeof importReportSchema>;
export type TaskImport = z.infer<typeof taskSchema>;
export type Difference = z.infer<typeof differenceSchema>;
export type MetricImport = z.infer<typeof metricSchema>;
