import type { Rng } from '../../stats/rng.ts';
import type { AnswerForm } from '../../text/answer-form.ts';

/** The base wording, the same with a clause that does not matter, and the same with other names, wording and order. */
export const reasoningVariants = ['base', 'distractor', 'renamed'] as const;
export type ReasoningVariant = (typeof reasoningVariants)[number];

/** A plausible wrong answer whose cause is known; `kind` becomes the detail of `answer.wrong`. */
export interface NearMiss {
  readonly kind: 'off_by_one' | 'distractor' | 'intermediate_value' | 'reversed' | 'swapped' | 'unit';
  readonly value: string;
}

/** One wording of a problem with its exactly computed answer. */
export interface ReasoningProblem {
  readonly question: string;
  /** The question cut into statements and, last, what is asked; only where the statements can be told one by one. */
  readonly parts?: readonly string[];
  readonly form: AnswerForm;
  /** As a solver would write it. */
  readonly answer: string;
  /** Lines that derive the answer, as a careful solver would write them. */
  readonly steps: readonly string[];
  readonly nearMisses: readonly NearMiss[];
}

/** A kind of problem whose answers are computed, never guessed. */
export interface ReasoningFamily {
  readonly id: string;
  /** Draws a base item and gives its wordings; null when the draw is unfit (ambiguous, trivial) and the next must be tried. */
  readonly build: (rng: Rng, level: number) => ((variant: ReasoningVariant) => ReasoningProblem) | null;
}

/** The entry of a table for a level; levels beyond the table take its last entry. */
export function atLevel<T>(table: readonly [T, ...T[]], level: number): T {
  return table[Math.min(level, table.length - 1)] ?? table[0];
}

/** A whole number between the bounds of a level, both included. */
export const integerAt = (
  rng: Rng,
  level: number,
  bounds: { readonly low: readonly [number, ...number[]]; readonly high: readonly [number, ...number[]] },
): number => rng.integer(atLevel(bounds.low, level), atLevel(bounds.high, level));

/** Inserts a sentence between two others, never first or last. */
export function insertBetween(sentences: readonly string[], extra: string, rng: Rng): string[] {
  const at = sentences.length < 2 ? sentences.length : rng.integer(1, sentences.length - 1);
  return [...sentences.slice(0, at), extra, ...sentences.slice(at)];
}

/** `Step 1: …`, `Step 2: …` */
export const numberSteps = (lines: readonly string[]): string[] =>
  lines.map((line, index) => `Step ${index + 1}: ${line}`);
