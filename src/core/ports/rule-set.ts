import type { ScoringInput, ScoringServices } from './scorer.ts';

/** What another tool would have said of a response. */
export interface RuleVerdict {
  readonly correct: boolean;
  /** What its rules take out of the response; null when nothing. */
  readonly extracted: string | null;
  /** A sentence on how it came to the verdict. */
  readonly why: string;
}

/** The rule for one task: total and deterministic like a scorer. */
export interface TaskRule<Input = unknown, Target = unknown> {
  /** True where the response is run as it came behind the prompt, so that a code fence breaks it. */
  readonly wantsContinuation?: boolean;
  apply(input: ScoringInput<Input, Target>, services: ScoringServices): RuleVerdict | Promise<RuleVerdict>;
}

/**
 * How another tool scores responses, implemented from its described behaviour for comparison: shown beside the certified score and never
 * mixed with it.
 */
export interface RuleSet {
  /** Name users type, e.g. `lm-eval:strict-match`; the file name with `:` as `-`. */
  readonly id: string;
  readonly title: string;
  /** The tool and version whose behaviour it follows. */
  readonly source: string;
  /** Mode of the sandbox its verdicts need; absent for rules that run no code. */
  readonly sandboxMode?: 'strict' | 'compat';
  /** Rules by task id; other tasks are not covered. */
  readonly tasks: Readonly<Record<string, TaskRule>>;
}

/** Declares a rule set; the default export of a file in src/scorers/rules/. */
export const defineRuleSet = (rules: RuleSet): RuleSet => rules;
