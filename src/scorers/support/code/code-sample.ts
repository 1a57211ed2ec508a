import type { Json } from '../../../core/json.ts';

/** What a code scorer reads of a sample's input. */
export interface CodeInput {
  /** Function that the tests call. */
  readonly entryPoint: string;
  /** Source the model was shown to go on with: imports, helpers, head and docstring of the function; null when it was only described. */
  readonly stub: string | null;
  /** What the model is asked, as one message. */
  readonly ask: string;
}

export interface CodeTarget {
  /** A program that is right, whole. */
  readonly solution: string;
  /** Trusted source the tests need, run in the tests' own interpreter. */
  readonly setup: string;
  readonly tests: string;
  readonly cases: CodeCases | null;
  /** Wall-clock limit in milliseconds before calibration. */
  readonly timeLimitMs: number;
}

/** Arguments and results that the tests go through, bound to the names `inputs` and `expected`. */
export type CodeCases =
  /** Python literals, read when they are needed; `expected` is null where the tests compute it. */
  | { readonly kind: 'literal'; readonly inputs: string; readonly expected: string | null }
  /** Arguments in tagged form (src/sandbox/python/codec.py); the results are those of the solution. */
  | {
      readonly kind: 'computed';
      readonly inputs: readonly (readonly Json[])[];
      /** `not_none` keeps only whether there is a result, for results that are no values. */
      readonly results: 'value' | 'not_none';
    };
