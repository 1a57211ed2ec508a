import { canonicalJson } from '../../../core/canonical-json.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CallFault } from '../tool-calling/judge-calls.ts';
import type { MultiTurnInput, MultiTurnOutcome, PlayedTurn } from './multi-turn-session.ts';
import { openWorld, truthCall } from './world.ts';

/** Verdict on one user turn: null where it is right. */
export interface TurnVerdict {
  readonly upstream: CallFault | null;
  readonly corrected: CallFault | null;
}

/** A turn of the ground truth as it plays. */
export interface TruthTurn {
  readonly results: readonly JsonObject[];
  readonly state: JsonObject;
}

const played = new WeakMap<MultiTurnInput, { readonly truth: unknown; readonly turns: readonly TruthTurn[] }>();

/** Plays the ground truth in a world of its own; the result is kept as long as its sample. */
export function playTruth(input: MultiTurnInput, truth: readonly (readonly string[])[]): readonly TruthTurn[] {
  const known = played.get(input);
  if (known?.truth === truth) return known.turns;
  const turns = replay(input, truth);
  played.set(input, { truth, turns });
  return turns;
}

function replay(input: MultiTurnInput, truth: readonly (readonly string[])[]): readonly TruthTurn[] {
  const world = openWorld(input);
  return truth.map((calls) => {
    const results = calls.map((text) => {
      const { name, arguments: values } = truthCall(text, input.functions);
      return world.run(name, values);
    });
    return { results, state: world.state() };
  });
}

/** True when each answer is among the others, as often as it is wanted. */
function isWithin(wanted: readonly JsonObject[], given: readonly JsonObject[]): boolean {
  const counts = new Map<string, number>();
  for (const result of given) counts.set(canonicalJson(result), (counts.get(canonicalJson(result)) ?? 0) + 1);
  return wanted.every((result) => {
    const left = counts.get(canonicalJson(result)) ?? 0;
    counts.set(canonicalJson(result), left - 1);
    return left > 0;
  });
}

const sameState = (a: JsonObject, b: JsonObject): boolean => canonicalJson(a) === canonicalJson(b);

/** Members of two states that differ, as paths of two names. */
function differences(a: JsonObject, b: JsonObject): string[] {
  return Object.keys(a).flatMap((service) => {
    const [x, y] = [a[service] as JsonObject, b[service] as JsonObject];
    const keys = new Set([...Object.keys(x), ...Object.keys(y)]);
    return [...keys]
      .filter((key) => canonicalJson(x[key] ?? null) !== canonicalJson(y[key] ?? null))
      .map((key) => `${service}.${key}`);
  });
}

interface Compared {
  readonly turn: PlayedTurn;
  readonly before: JsonObject;
  /** Answers of this turn and all before it. */
  readonly answers: readonly JsonObject[];
}

const idle: CallFault = { code: 'select.no_call', detail: 'nothing was called in a turn that needs calls' };

function judgeDueTurn(truth: TruthTurn, { turn, before, answers }: Compared): CallFault | null {
  if (!sameState(truth.state, turn.state)) {
    const where = differences(truth.state, turn.state).join(', ');
    return sameState(before, turn.state)
      ? { code: 'state.missing_effect', detail: `nothing was changed; different: ${where}` }
      : { code: 'state.wrong_effect', detail: `the state differs in ${where}` };
  }
  if (isWithin(truth.results, answers)) return null;
  return { code: 'step.premature_stop', detail: 'an answer that the turn needs was never asked for' };
}

/** Where nothing can be done yet, looking around is allowed, changing something is not, and the user must be told. */
function judgeWaitingTurn({ turn, before }: Compared): CallFault | null {
  if (!sameState(before, turn.state)) {
    const where = differences(before, turn.state).join(', ');
    return { code: 'state.forbidden_effect', detail: `changed ${where} before it could be known how` };
  }
  return turn.reply === '' ? { code: 'extract.no_answer', detail: 'the user was not told what is missing' } : null;
}

/**
 * Compares a conversation with the ground truth, turn by turn. `upstream` follows the leaderboard: after each turn with calls in the ground
 * truth the states are equal and the answers of its calls are among all answers so far; other turns are not looked at. `corrected` also
 * demands that in those nothing is changed and the user gets a reply.
 */
export function judgeMultiTurn(
  input: MultiTurnInput,
  truth: readonly (readonly string[])[],
  outcome: MultiTurnOutcome,
): readonly TurnVerdict[] {
  let before = openWorld(input).state();
  const answers: JsonObject[] = [];
  return playTruth(input, truth).map((wanted, index): TurnVerdict => {
    const turn = outcome.turns[index];
    if (turn === undefined) {
      const fault: CallFault = outcome.isForced
        ? { code: 'step.budget', detail: 'too many steps in one turn' }
        : { code: 'step.premature_stop', detail: `the conversation ended before turn ${index + 1}` };
      return { upstream: fault, corrected: fault };
    }
    answers.push(...turn.results);
    const compared = { turn, before, answers };
    before = turn.state;
    if (wanted.results.length === 0) return { upstream: null, corrected: judgeWaitingTurn(compared) };
    const fault = judgeDueTurn(wanted, compared);
    // What was done in an earlier turn does not count there when nothing is called in this one.
    return { upstream: fault ?? (turn.calls === 0 ? idle : null), corrected: fault };
  });
}
