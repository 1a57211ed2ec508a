import type { Rng } from '../../stats/rng.ts';
import type { Draft } from './draft.ts';

/** Parameters of a constraint as they travel in a sample. */
export type ConstraintParameters = Readonly<Record<string, string | number | readonly string[]>>;

/** Whether a text keeps a rule, and what was counted. */
export interface CheckResult {
  readonly passed: boolean;
  /** What was found, in a few words, e.g. `7 words`. */
  readonly measured: string;
}

export type ConstraintGroup = 'length' | 'keywords' | 'format' | 'case' | 'position' | 'language';

/** A rule about the form of a text that can be stated, checked, met and broken. */
export interface Constraint<Parameters extends ConstraintParameters = ConstraintParameters> {
  /** Also the detail of its failure code, `if.<id>`. */
  readonly id: string;
  readonly group: ConstraintGroup;
  /** The lowest difficulty that uses it. */
  readonly level: number;
  /** What it decides about a text; two constraints that decide the same thing conflict. */
  readonly claims: readonly string[];
  /** What it cannot stand: a constraint that claims one of these conflicts too. */
  readonly excludes: readonly string[];
  readonly draw: (rng: Rng, level: number) => Parameters;
  /** The rule in words, several ways. */
  readonly describe: (parameters: Parameters) => readonly [string, ...string[]];
  readonly check: (text: string, parameters: Parameters) => CheckResult;
  readonly satisfy: (draft: Draft, parameters: Parameters) => void;
  /** The text changed so that it breaks the rule. */
  readonly violate: (text: string, parameters: Parameters) => string;
}

/** Declares a constraint with its own parameter shape and forgets that shape, so that constraints can stand in one list. */
export const defineConstraint = <Parameters extends ConstraintParameters>(
  constraint: Constraint<Parameters>,
): Constraint => constraint as unknown as Constraint;

/** The result of comparing a count with what was asked for. */
export const counted = (passed: boolean, count: number, unit: string): CheckResult => ({
  passed,
  measured: `${count} ${unit}`,
});
