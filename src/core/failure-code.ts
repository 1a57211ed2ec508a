/** Who a miss is to be blamed on. */
export type Blame = 'model' | 'harness' | 'server' | 'data' | 'infra' | 'judge';

/**
 * Families of the failure taxonomy in order of precedence: a sample's primary code is the first that applies.
 * A full code is a family, or a family with a dotted detail, e.g. `gen.truncated.in_think`, `if.no_comma`.
 */
export const failureFamilies = [
  ['infra.http', 'infra'],
  ['infra.rate_limit', 'infra'],
  ['infra.network', 'infra'],
  ['infra.timeout', 'infra'],
  ['infra.engine', 'infra'],
  ['ctx.exceeded', 'server'],
  ['ctx.clamped', 'server'],
  ['scorer.fault', 'harness'],
  ['data.fault', 'data'],
  ['judge.parse_failed', 'judge'],
  ['judge.refused', 'judge'],
  ['judge.out_of_range', 'judge'],
  ['judge.unreachable', 'judge'],
  ['judge.missing', 'judge'],
  ['gen.truncated', 'model'],
  ['gen.repetition', 'model'],
  ['gen.filtered', 'server'],
  ['gen.empty', 'model'],
  ['gen.empty_after_think', 'model'],
  ['gen.refused', 'model'],
  ['format_mismatch', 'server'],
  ['extract.no_answer', 'model'],
  ['extract.ambiguous', 'model'],
  ['extract.no_code_block', 'model'],
  ['json', 'model'],
  ['code.syntax', 'model'],
  ['code.wrong_entry_point', 'model'],
  ['code.runtime', 'model'],
  ['code.timeout', 'model'],
  ['code.oom', 'model'],
  ['code.assertion', 'model'],
  ['code.sandbox_denied', 'model'],
  ['select.no_call', 'model'],
  ['select.spurious_call', 'model'],
  ['select.unknown_tool', 'model'],
  ['select.wrong_tool', 'model'],
  ['select.wrong_count', 'model'],
  ['args.not_object', 'model'],
  ['args.missing_required', 'model'],
  ['args.unexpected', 'model'],
  ['args.bad_type', 'model'],
  ['args.bad_enum', 'model'],
  ['args.out_of_range', 'model'],
  ['args.placeholder_value', 'model'],
  ['args.wrong_value', 'model'],
  ['step.tool_error_unrecovered', 'model'],
  ['step.loop', 'model'],
  ['step.budget', 'model'],
  ['step.premature_stop', 'model'],
  ['state.forbidden_effect', 'model'],
  ['state.missing_effect', 'model'],
  ['state.extra_effect', 'model'],
  ['state.wrong_effect', 'model'],
  ['turn.forgot_fact', 'model'],
  ['turn.used_stale_fact', 'model'],
  ['turn.dropped_constraint', 'model'],
  ['turn.contradiction', 'model'],
  ['turn.reference_error', 'model'],
  ['if', 'model'],
  ['choice.chance', 'server'],
  ['answer.below_top', 'model'],
  ['answer.wrong', 'model'],
] as const satisfies readonly (readonly [string, Blame])[];

export type FailureFamily = (typeof failureFamilies)[number][0];

/** A failure family, optionally with a dotted detail. */
export type FailureCode = FailureFamily | `${FailureFamily}.${string}`;

const rows = new Map<string, { readonly family: FailureFamily; readonly blame: Blame; readonly order: number }>(
  failureFamilies.map(([family, blame], order) => [family, { family, blame, order }]),
);

/** The longest family that is the code or a dotted prefix of it. */
function rowOf(code: string) {
  let prefix = code;
  for (;;) {
    const row = rows.get(prefix);
    if (row !== undefined) return row;
    const dot = prefix.lastIndexOf('.');
    if (dot < 0) return null;
    prefix = prefix.slice(0, dot);
  }
}

/** The family a code belongs to: the longest family that is the code or a dotted prefix of it; null for text that is no failure code. */
export const familyOf = (code: string): FailureFamily | null => rowOf(code)?.family ?? null;

/** Position in the precedence order, 0 first; text that is no failure code sorts last. */
export const precedenceOf = (code: string): number => rowOf(code)?.order ?? failureFamilies.length;

/** Who a failure code is blamed on; null for text that is no failure code. */
export const blameOf = (code: string): Blame | null => rowOf(code)?.blame ?? null;

/** The primary code of several: the one that comes first in the taxonomy, the earlier of equals. */
export function primaryCode<Code extends string>(codes: readonly Code[]): Code | null {
  let best: Code | null = null;
  for (const code of codes) if (best === null || precedenceOf(code) < precedenceOf(best)) best = code;
  return best;
}
