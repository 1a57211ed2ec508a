import type { FailureCode } from './failure-code.ts';

/** What was taken out of a response as the answer, with the evidence. */
export interface Extraction {
  /** The answer as text; null when no rule matched. */
  readonly value: string | null;
  /** Name of the rule that matched; null when none did. */
  readonly method: string | null;
  /** UTF-16 offsets [start, end) in the answer text (thinking removed). */
  readonly span: readonly [number, number] | null;
  /** How many candidates the rule had to choose from. */
  readonly candidates: number;
}

/** Named per-sample facts that metrics are computed from, e.g. `acc`, `acc_norm`, `prompt_strict`, `rating_1`. Null is "not measured on this sample". */
export type Measures = Readonly<Record<string, number | null>>;

/** What a judge said when it was asked once. */
export interface Judgement {
  /** Name of the prompt it was asked with. */
  readonly prompt: string;
  readonly reply: string;
  /** From 1 to 10; null when the reply holds none. */
  readonly rating: number | null;
}

/** A sample that got a score. */
export interface Scored {
  readonly kind: 'scored';
  /** In [0,1]; 1 is right. */
  readonly score: number;
  readonly extraction: Extraction | null;
  readonly measures: Measures;
  /** Every cause that applies when the score is below 1, most specific first; empty when it is 1. */
  readonly codes: readonly FailureCode[];
  /** A sentence with the evidence for the primary code. */
  readonly explanation: string | null;
  /** For judged tasks: every reply of the judge in order. */
  readonly judgements?: readonly Judgement[];
}

/** A sample that could not be scored; never counted as wrong. */
export interface Unscored {
  readonly kind: 'unscored';
  readonly code: FailureCode;
  readonly reason: string;
  /** True when doing the sample again may help (infrastructure, judge): such samples are not finished. */
  readonly repeatable: boolean;
  /** What was extracted before scoring failed. */
  readonly extraction?: Extraction | null;
  readonly judgements?: readonly Judgement[];
}

export type ScoreOutcome = Scored | Unscored;

/** An extraction that found nothing. */
export const noExtraction: Extraction = { value: null, method: null, span: null, candidates: 0 };
