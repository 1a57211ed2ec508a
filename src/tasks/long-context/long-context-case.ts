import type { Rng } from '../../stats/rng.ts';

/** What a family draws a case for. */
export interface CaseRequest {
  readonly rng: Rng;
  /** True below 1,024 tokens: shorter codes and fewer distractors. */
  readonly isShort: boolean;
  /** Place of the fact to find, in [0,1]; null lets the family choose. */
  readonly depth: number | null;
}

/** A question about a text whose length is still open. */
export interface LongContextCase {
  /** The whole prompt with so many units of text (sentences, words or biographies); the same units give the same text. */
  readonly write: (units: number) => string;
  /** What the answer must list. */
  readonly expected: readonly string[];
  /** Values that stand in the text and are wrong, the most tempting first. */
  readonly distractors: readonly string[];
  /** Mean place of the facts to find, in [0,1]; null where they are everywhere. */
  readonly depth: number | null;
}

/** A kind of question about a long text. */
export interface LongContextFamily {
  readonly id: string;
  readonly title: string;
  /** Codes are numbers; other answers are words. */
  readonly form: 'number' | 'word';
  /** The least and the most units at which length is measured. */
  readonly calibration: readonly [number, number];
  readonly draw: (request: CaseRequest) => LongContextCase;
}
