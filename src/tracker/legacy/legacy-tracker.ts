import { z } from 'zod';
import type { Json } from '../../core/json.ts';

const text = z.string();
const jsonSchema: z.ZodType<Json> = z.json();
const line = z.int().positive();
const noted = z.strictObject({ text, line });
const labelled = z.strictObject({ label: text, text, line });

/** A number of the old document: where it stands, what it says, and what was found about it. */
const numberSchema = z.strictObject({
  line,
  /** As written, with its unit. */
  quote: text,
  value: z.number(),
  unit: text.nullable(),
  /** The whole line, mended. */
  context: text,
  /** Ids of the findings about it. */
  findings: z.array(text).readonly(),
});

const findingSchema = z.strictObject({
  id: text,
  severity: z.enum(['info', 'warning', 'error']),
  quote: text,
  explanation: text,
  lines: z.array(line).readonly(),
  /** Cells of this tracker it is about. */
  cells: z.array(z.strictObject({ model: text, preset: text, task: text })).readonly(),
});

const modelSchema = z.strictObject({
  id: text,
  name: text,
  hubId: text.nullable(),
  /** Id of the registry's model with that hub id; null where there is none. */
  registryId: text.nullable(),
  size: text.nullable(),
  context: text.nullable(),
  licence: text.nullable(),
  priority: text.nullable(),
  status: text.nullable(),
  line,
});

/** A score of the old document. */
const scoreSchema = z.strictObject({
  /** As the document names it. */
  label: text,
  /** Task of this project that it means; null where none does. */
  task: text.nullable(),
  /** As written. */
  text,
  /** In [0,1]; null where it is no share. */
  value: z.number().min(0).max(1).nullable(),
  /** Samples it rests on; null where the document does not say. */
  n: z.int().positive().nullable(),
  /** Right answers; null where the document does not say. */
  successes: z.int().nonnegative().nullable(),
  note: text.nullable(),
  line,
});

const resultSchema = z.strictObject({
  /** Display name in the document. */
  model: text,
  /** Id the new tracker plans it under. */
  modelId: text,
  preset: text,
  title: text,
  line,
  status: text.nullable(),
  figures: z.array(labelled).readonly(),
  scores: z.array(scoreSchema).readonly(),
  issues: z.array(noted).readonly(),
  memoryLines: z.array(noted).readonly(),
  configuration: z.array(z.strictObject({ key: text, value: jsonSchema, line })).readonly(),
});

/** `<out>/legacy/<first 8 digits of sha256>.json`: an old tracker document as it was read, and what its numbers are worth. It is no evidence for anything. */
export const legacyTrackerSchema = z.strictObject({
  schemaVersion: z.literal(1),
  source: z.strictObject({ name: text, sha256: text, lines: z.int().nonnegative() }),
  title: text.nullable(),
  /** Characters that were mended. */
  mended: z.int().nonnegative(),
  header: z.array(labelled).readonly(),
  models: z.array(modelSchema).readonly(),
  presets: z.array(z.strictObject({ id: text, name: text, line, values: z.array(labelled).readonly() })).readonly(),
  results: z.array(resultSchema).readonly(),
  phases: z
    .array(
      z.strictObject({
        title: text,
        line,
        items: z.array(z.strictObject({ text, line, isDone: z.boolean().nullable() })).readonly(),
      }),
    )
    .readonly(),
  /** List items of the remaining sections, by heading. */
  notes: z.array(z.strictObject({ heading: text, line, items: z.array(noted).readonly() })).readonly(),
  changelog: z.array(z.strictObject({ title: text, line, items: z.array(noted).readonly() })).readonly(),
  numbers: z.array(numberSchema).readonly(),
  findings: z.array(findingSchema).readonly(),
});

export type LegacyTracker = z.infer<typeof legacyTrackerSchema>;
export type LegacyModel = z.infer<typeof modelSchema>;
export type LegacyResult = z.infer<typeof resultSchema>;
export type LegacyScore = z.infer<typeof scoreSchema>;
export type LegacyFinding = z.infer<typeof findingSchema>;
export type LegacyNumber = z.infer<typeof numberSchema>;

/** An old document before its numbers were checked. */
export type ParsedLegacy = Omit<LegacyTracker, 'findings' | 'numbers' | 'source'>;
