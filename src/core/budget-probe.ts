import { z } from 'zod';
import { estimateSchema } from './result-document.ts';

/** What a probe of answer lengths found for one task, and the budget it chose. */
export const budgetProbeSchema = z.strictObject({
  /** Answers asked for, and those that came. */
  asked: z.int().positive(),
  answered: z.int().nonnegative(),
  /** Output tokens the probe allowed. */
  allowedTokens: z.int().positive(),
  /** Longest answer that ended by itself; null when none did. */
  longestTokens: z.int().nonnegative().nullable(),
  /** Chosen output tokens a request. */
  budgetTokens: z.int().positive(),
  /** Share of answers that is expected to be truncated at the budget. */
  expectedTruncation: estimateSchema,
});

export type BudgetProbe = z.infer<typeof budgetProbeSchema>;
