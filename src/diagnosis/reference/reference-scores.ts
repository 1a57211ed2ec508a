import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';

const text = z.string().min(1);

const referenceScoreSchema = z.strictObject({
  model: text,
  /** Hub id of the model without quantisation; null where the source does not say which weights. */
  hubId: text.nullable(),
  variant: z.enum(['base', 'instruct']),
  /** Null for the published precision. */
  quantization: text.nullable(),
  /** Null for base models, which have none. */
  mode: z.enum(['thinking', 'non-thinking']).nullable(),
  /** As the source names it. */
  benchmark: text,
  /** Task of this project that measures the same; null where none does. */
  task: text.nullable(),
  metric: text,
  /** As published: percent for shares. */
  score: z.number(),
  /** Examples before the question, where the source says so. */
  fewShot: z.int().nonnegative().nullable(),
  setting: z.string(),
  source: text,
  /** `official_copy`: the publisher’s own value, read in a copy. */
  tier: z.enum(['official', 'official_copy', 'third_party']),
  reviewed: z.iso.date(),
});

const documentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  scores: z.array(referenceScoreSchema).readonly(),
});

/** A published score with its setting and source. */
export type ReferenceScore = z.infer<typeof referenceScoreSchema>;

/** Checks a document of reference scores. Throws E_INPUT_INVALID naming the row. */
export function parseReferenceScores(document: unknown): readonly ReferenceScore[] {
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return parsed.data.scores;
  const [issue] = parsed.error.issues as [z.core.$ZodIssue];
  throw new QwenEvalError('E_INPUT_INVALID', `reference scores: ${issue.path.join('.')}: ${issue.message}`, {
    hint: 'data/reference-scores.json was changed by hand or is damaged: install the package again',
  });
}

let loaded: readonly ReferenceScore[] | null = null;

/** The published scores that ship with the project (data/reference-scores.json); read once. */
export function referenceScores(): readonly ReferenceScore[] {
  loaded ??= parseReferenceScores(
    JSON.parse(readFileSync(new URL('../../../data/reference-scores.json', import.meta.url), 'utf8')),
  );
  return loaded;
}

/** A published score in the unit of our headline: a share in [0,1], or a rating as it is. */
export const valueOf = ({ metric, score }: ReferenceScore): number =>
  metric === 'score/10' ? score : Number((score / 100).toFixed(6));
