import { canonicalJson } from '../core/canonical-json.ts';
import type { ToolFormat } from '../core/ports/task.ts';
import { defineScorer, type LabelledResponse, type ScoringInput } from '../core/ports/scorer.ts';
import type { AssistantTurn } from '../core/response.ts';
import type { Measures, Scored } from '../core/score.ts';
import { sampleResponse, textResponse } from '../text/assistant-turn.ts';
import type { CallToWrite } from '../text/tool-calls/format-tool-calls.ts';
import { judgeMultiTurn, playTruth } from './support/bfcl/judge-multi-turn.ts';
import { MultiTurnSession, type MultiTurnInput } from './support/bfcl/multi-turn-session.ts';
import { truthCall } from './support/bfcl/world.ts';
import { callResponse } from './support/tool-calling/write-calls.ts';

/** The calls that lead to the right states, turn by turn, as the files write them. */
export interface MultiTurnTarget {
  readonly truth: readonly (readonly string[])[];
}

function score({ sample, response, settings }: ScoringInput<MultiTurnInput, MultiTurnTarget>): Scored {
  const { input, target } = sample;
  const session = new MultiTurnSession(input, settings.toolFormat ?? 'native');
  for (const turn of response.turns) if (session.next(turn).kind === 'end') break;
  const outcome = session.outcome();
  const verdicts = judgeMultiTurn(input, target.truth, outcome);
  const fault = verdicts.find(({ upstream }) => upstream !== null)?.upstream ?? null;
  const corrected = verdicts.find((verdict) => verdict.corrected !== null)?.corrected ?? null;
  const calls = outcome.turns.reduce((sum, turn) => sum + turn.calls, 0);
  const errors = outcome.turns.reduce((sum, turn) => sum + turn.errors, 0);
  const measures: Measures = {
    upstream: fault === null ? 1 : 0,
    corrected: corrected === null ? 1 : 0,
    turns_right: verdicts.filter(({ upstream }) => upstream === null).length / Math.max(1, verdicts.length),
    call_errors: calls === 0 ? null : errors / calls,
    forced: outcome.isForced ? 1 : 0,
  };
  return {
    kind: 'scored',
    score: fault === null ? 1 : 0,
    extraction: null,
    measures,
    codes: fault === null ? [] : [fault.code],
    explanation: fault?.detail ?? null,
  };
}

const said = (text: string): AssistantTurn => textResponse(text);

/** A conversation that makes these calls, all of a turn at once or one by one, and says something after each turn. */
function conversation(
  turns: readonly (readonly CallToWrite[])[],
  format: ToolFormat,
  isOneByOne = false,
): LabelledResponse['response'] {
  const spoken = turns.flatMap((calls): AssistantTurn[] => {
    const steps = isOneByOne ? calls.map((call) => [call]) : calls.length > 0 ? [calls] : [];
    return [
      ...steps.map((step) => callResponse(step, format)),
      said(calls.length > 0 ? 'That is done.' : 'I cannot do that yet.'),
    ];
  });
  return sampleResponse(spoken);
}

const truthOf = (input: MultiTurnInput, { truth }: MultiTurnTarget): readonly (readonly CallToWrite[])[] =>
  truth.map((calls) => calls.map((text) => truthCall(text, input.functions)));

function gold(input: MultiTurnInput, target: MultiTurnTarget, format: ToolFormat): LabelledResponse[] {
  const turns = truthOf(input, target);
  const reversedKeys = turns.map((calls) =>
    calls.map(({ name, arguments: values }) => ({
      name,
      arguments: Object.fromEntries(Object.entries(values).toReversed()),
    })),
  );
  return [
    { kind: 'all-at-once', response: conversation(turns, format) },
    { kind: 'one-by-one', response: conversation(turns, format, true) },
    { kind: 'keys-reversed', response: conversation(reversedKeys, format) },
  ];
}

/**
 * The last turn whose last call cannot be missed: its answer is among no others, so that leaving it out must be seen. Null when there is
 * none.
 */
function tellingTurn(input: MultiTurnInput, { truth }: MultiTurnTarget): number | null {
  const turns = playTruth(input, truth);
  const all = turns.flatMap(({ results }) => results.map(canonicalJson));
  const index = turns.findLastIndex(({ results }) => {
    const last = results.at(-1);
    return last !== undefined && all.filter((text) => text === canonicalJson(last)).length === 1;
  });
  return index < 0 ? null : index;
}

function wrong(input: MultiTurnInput, target: MultiTurnTarget, format: ToolFormat): LabelledResponse[] {
  const turns = truthOf(input, target);
  const telling = tellingTurn(input, target);
  const changed = (
    kind: string,
    change: (calls: readonly CallToWrite[]) => readonly CallToWrite[],
  ): LabelledResponse[] => {
    if (telling === null) return [];
    const mutated = turns.map((calls, index) => (index === telling ? change(calls) : calls));
    return [{ kind, response: conversation(mutated, format) }];
  };
  const silent = turns.map(() => []);
  return [
    { kind: 'no-calls', response: conversation(silent, format) },
    { kind: 'silence', response: sampleResponse(turns.map(() => said(''))) },
    { kind: 'refusal', response: sampleResponse(turns.map(() => said("I'm sorry, but I can't help with that."))) },
    { kind: 'one-turn-only', response: sampleResponse([said('Hello.')]) },
    ...changed('dropped-call', (calls) => calls.slice(0, -1)),
    ...changed('unknown-function', (calls) => calls.map((call) => ({ ...call, name: `${call.name}_v2` }))),
    ...changed('unknown-parameter', (calls) => calls.map(({ name }) => ({ name, arguments: { extra_option: 'x' } }))),
  ];
}

/**
 * Judges a conversation over simulated services by replaying the model's turns. The score is the leaderboard's verdict; the corrected one,
 * which also looks at the turns in which nothing can be done, stands beside it as the measure `corrected`.
 */
export default defineScorer<MultiTurnInput, MultiTurnTarget>({
  id: 'bfcl-multi-turn',
  version: 3,
  score,
  gold: ({ input, target }, settings) => gold(input, target, settings.toolFormat ?? 'native'),
  wrong: ({ input, target }, settings) => wrong(input, target, settings.toolFormat ?? 'native'),
});
