import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import type { ValueMatcher } from './value-matcher.ts';

/** One call that must be made. */
export interface ExpectedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, ValueMatcher>>;
}

/** What the user did say, so that a question for what was not said can be told from a list of everything. */
export interface GivenDetail {
  /** Words that name the parameter. */
  readonly names: readonly string[];
  /** The value as it stands in the request. */
  readonly text: string;
}

/** The right decision: these calls in any order, no call because no tool fits, or a question for the one missing detail. */
export type ToolExpectation =
  | { readonly kind: 'calls'; readonly calls: readonly ExpectedCall[] }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'ask';
      readonly parameter: string;
      /** Words of which the question must contain one. */
      readonly names: readonly string[];
      readonly given: readonly GivenDetail[];
    };

/** The right decision written out: the calls, or the reply where none may be made. */
export interface GoldDecision {
  readonly calls: readonly CallToWrite[];
  /** Empty where calls are expected. */
  readonly reply: string;
}
