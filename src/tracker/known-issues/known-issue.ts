import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';

const text = z.string().min(1);
const names = z.array(text).min(1).readonly().optional();

const issueSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Server software or engine. */
  software: z.array(text).min(1).readonly(),
  /** First version that has it; absent for all before `before`. */
  since: text.optional(),
  /** First version without it; absent while there is none. */
  before: text.optional(),
  /** Narrower than the software: each list that is there must hold the run's value. */
  families: names,
  modes: names,
  quantizations: names,
  choiceModes: names,
  /** What a task of the run needs. */
  taskNeeds: names,
  /** Words of a flag the engine was started with. */
  flags: names,
  statement: text,
  advice: text,
  source: text,
  /** Of the change, or when the source was read. */
  date: z.iso.date(),
});

/** A known fault or trap of an engine that can touch results. */
export type KnownIssue = z.infer<typeof issueSchema>;

const documentSchema = z.strictObject({ schemaVersion: z.literal(1), issues: z.array(issueSchema).readonly() });

/** Checks a document of known issues. Throws E_CONFIG_INVALID naming what is wrong. */
export function parseKnownIssues(document: unknown): readonly KnownIssue[] {
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return parsed.data.issues;
  throw new QwenEvalError('E_CONFIG_INVALID', `the known issues are wrong: ${z.prettifyError(parsed.error)}`, {
    hint: 'mend data/known-issues.json',
  });
}

/** The known issues that ship with the project (data/known-issues.json). */
export const loadKnownIssues = (): readonly KnownIssue[] =>
  parseKnownIssues(
    JSON.parse(readFileSync(new URL('../../../data/known-issues.json', import.meta.url), 'utf8')) as unknown,
  );
