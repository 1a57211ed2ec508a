import { seededRng } from '../../stats/rng.ts';
import { caseConstraints } from './case-constraints.ts';
import type { CheckResult, Constraint, ConstraintParameters } from './constraint.ts';
import { composeText, emptyDraft } from './draft.ts';
import { formatConstraints } from './format-constraints.ts';
import { keywordConstraints } from './keyword-constraints.ts';
import { lengthConstraints } from './length-constraints.ts';
import { positionConstraints } from './position-constraints.ts';

/** A constraint with its parameters, as a sample carries it. */
export interface ConstraintUse {
  readonly id: string;
  readonly parameters: ConstraintParameters;
}

/** Every constraint, by group. */
export const constraints: readonly Constraint[] = [
  ...lengthConstraints,
  ...keywordConstraints,
  ...formatConstraints,
  ...caseConstraints,
  ...positionConstraints,
];

const byId = new Map(constraints.map((constraint) => [constraint.id, constraint]));

/** The constraint of that id; throws for an unknown one, which is a bug of the sample. */
export function constraintOf(id: string): Constraint {
  const constraint = byId.get(id);
  if (!constraint) throw new RangeError(`there is no constraint ${id}`);
  return constraint;
}

const excludes = (a: Constraint, b: Constraint): boolean => a.excludes.some((claim) => b.claims.includes(claim));

/** True when two constraints must not stand in one prompt; symmetric, and true of a constraint and itself. */
export const conflict = (a: Constraint, b: Constraint): boolean =>
  a === b || a.claims.some((claim) => b.claims.includes(claim)) || excludes(a, b) || excludes(b, a);

/** Checks one constraint on a text; an empty text keeps no rule, and the language that a fence names is no part of the text. */
export function checkConstraint(text: string, { id, parameters }: ConstraintUse): CheckResult {
  if (text.trim() === '') return { passed: false, measured: 'no text' };
  return constraintOf(id).check(text.replaceAll('\r\n', '\n').replace(/^```[a-z]{1,20}$/gm, '```'), parameters);
}

const attempts = 40;

/**
 * A text that keeps every rule, built rather than searched for, and so the proof that they can be kept together; null when the parts do
 * not fit (say, fewer sentences than paragraphs). `take` asks for another text of the same kind.
 */
export function satisfyingText(uses: readonly ConstraintUse[], take = 0): string | null {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const draft = emptyDraft();
    for (const { id, parameters } of uses) constraintOf(id).satisfy(draft, parameters);
    const text = composeText(draft, seededRng(`text/${take}/${attempt}/${JSON.stringify(uses)}`));
    if (uses.every((use) => checkConstraint(text, use).passed)) return text;
  }
  return null;
}

/** The text changed so that it breaks one rule. */
export const violatingText = (text: string, { id, parameters }: ConstraintUse): string =>
  constraintOf(id).violate(text, parameters);
