import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import type { Measures, Scored } from '../core/score.ts';
import { callForms } from './support/call-forms.ts';
import { goldConversations } from './conversations/conversation-agents.ts';
import { wrongConversations } from './conversations/conversation-mutants.ts';
import type { ConversationInput, ConversationTarget } from './conversations/conversation-script.ts';
import { listTools } from './conversations/list-editor.ts';
import {
  openConversation,
  type CheckpointResult,
  type ConversationOutcome,
} from './conversations/open-conversation.ts';

/** User turns with a measure of their own; later ones share the last. */
const measuredTurns = 10;

/** Distances, in user turns, that are reported apart: each bucket by its lowest and highest. */
export const distanceBuckets = [
  { id: '1', low: 1, high: 1 },
  { id: '2_3', low: 2, high: 3 },
  { id: '4_6', low: 4, high: 6 },
  { id: '7_up', low: 7, high: Number.POSITIVE_INFINITY },
] as const;

/** Replays a conversation with the scripted user and scores the share of checkpoints that were passed; one that was not reached is missed. */
export default defineScorer<ConversationInput, ConversationTarget>({
  id: 'conversation-checkpoints',
  version: 2,
  score({ sample, response, settings }): Scored {
    const { input, target } = sample;
    const conversation = openConversation(input, settings);
    for (const turn of response.turns) conversation.next(turn);
    const outcome = conversation.outcome();
    const passed = outcome.results.filter((result) => result.passed).length;
    const missed = outcome.results.filter((result) => !result.passed);
    const contradictions = contradictionsOf(outcome.results);
    const score = passed / target.checkpoints;
    const isCut = outcome.results.length < target.checkpoints;
    const codes: FailureCode[] = [
      ...new Set([
        ...missed.map(({ code }) => code).filter((code) => code !== null),
        ...(contradictions !== null && contradictions > 0 ? (['turn.contradiction'] as const) : []),
        ...(isCut ? (['step.budget'] as const) : []),
      ]),
    ];
    return {
      kind: 'scored',
      score,
      extraction: null,
      measures: {
        level: input.level,
        strict: score === 1 ? 1 : 0,
        checkpoints: target.checkpoints,
        checkpoints_passed: passed,
        contradiction: contradictions,
        invalid_calls: input.list === null ? null : outcome.invalidCalls,
        ...(input.list === null
          ? {}
          : callForms(response.turns, { format: settings.toolFormat, tools: listTools(input.level) })),
        [`asking_${input.asking ?? 'none'}`]: input.asking === null ? null : score,
        ...measuresByTurn(outcome),
        ...measuresByDistance(outcome.results),
      },
      codes: score === 1 ? [] : codes,
      explanation: score === 1 ? null : explain(outcome, target.checkpoints),
    };
  },
  gold: ({ input }, settings) => goldConversations(input, settings),
  wrong: ({ input }, settings) => wrongConversations(input, settings),
});

function explain({ results }: ConversationOutcome, checkpoints: number): string {
  const missed = results.filter(({ passed }) => !passed).map(({ turn, detail }) => `turn ${turn}: ${detail}`);
  if (results.length < checkpoints) missed.push(`${checkpoints - results.length} checkpoints were not reached`);
  return missed.slice(0, 6).join('; ');
}

/** 1 when equal questions were answered differently, 0 when not; null when none was asked twice and answered twice. */
function contradictionsOf(results: readonly CheckpointResult[]): number | null {
  const given = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const { sameAs, given: value } of results) {
    if (sameAs === null || value === null) continue;
    given.set(sameAs, (given.get(sameAs) ?? new Set()).add(value));
    counts.set(sameAs, (counts.get(sameAs) ?? 0) + 1);
  }
  if (![...counts.values()].some((count) => count > 1)) return null;
  return [...given.values()].some((values) => values.size > 1) ? 1 : 0;
}

/** `turn_<n>`: share of the checkpoints of that user turn that were passed. */
function measuresByTurn({ results }: ConversationOutcome): Measures {
  return Object.fromEntries(
    results.map(({ turn, passed }) => [`turn_${Math.min(turn, measuredTurns)}`, passed ? 1 : 0]),
  );
}

/** `distance_<bucket>_passed` and `distance_<bucket>_asked`: facts by how long ago they were told. */
function measuresByDistance(results: readonly CheckpointResult[]): Measures {
  return Object.fromEntries(
    distanceBuckets.flatMap(({ id, low, high }) => {
      const asked = results.filter(({ distance }) => distance !== null && distance >= low && distance <= high);
      if (asked.length === 0) return [];
      return [
        [`distance_${id}_asked`, asked.length],
        [`distance_${id}_passed`, asked.filter(({ passed }) => passed).length],
      ];
    }),
  );
}
