import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  scoreOf,
  syntheticSamples,
  syntheticSettings,
  tally,
  unexpected,
  type Tally,
} from '../../test/support/dialogue-oracles.ts';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import { openConversation } from '../scorers/conversations/open-conversation.ts';
import { assistantTurn, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import task from './agent-multi-turn.ts';

/** Agents that pass nothing at all. */
const blind = [
  'empty',
  'ok',
  'noted',
  'refusal',
  'echo',
  'placeholder',
  'question',
  'spam',
  'first-tool',
  'only-thought',
  'unfinished-thought',
];
/** The codes of which a mistake must have one. */
const codes: Readonly<Record<string, readonly string[]>> = {
  'stale-value': ['turn.used_stale_fact'],
  'other-value': ['turn.forgot_fact', 'turn.used_stale_fact', 'answer.wrong'],
  'all-values': ['extract.ambiguous'],
  'no-answer-line': ['extract.no_answer'],
  'broken-rule': ['turn.dropped_constraint'],
  'newest-rule-only': ['turn.dropped_constraint'],
  'says-done': ['select.no_call'],
  'wrong-place': ['turn.reference_error'],
  twice: ['turn.reference_error'],
  'unknown-tool': ['select.unknown_tool'],
  'missing-argument': ['args.missing_required'],
  'unexpected-argument': ['args.unexpected'],
  'broken-json': ['json.unclosed_bracket'],
  'string-for-number': ['args.bad_type'],
  'written-as-fenced': ['format_mismatch.fenced'],
  'written-as-bare_json': ['format_mismatch.bare_json'],
  'written-as-tools_tag': ['format_mismatch.tools_tag'],
  'written-as-hermes_text': ['format_mismatch.hermes_text'],
  'written-as-xml_text': ['format_mismatch.xml_text'],
  'cut-off': ['gen.truncated.in_call'],
  'stops-early': ['step.budget'],
  empty: ['gen.empty'],
  refusal: ['gen.refused', 'turn.dropped_constraint'],
  'only-thought': ['gen.empty_after_think', 'args.missing_required'],
  'unfinished-thought': ['gen.truncated.in_think', 'args.missing_required'],
};

describe('agent_multi_turn', () => {
  it('keeps its bytes and does not depend on the size of the set', async () => {
    const samples = await syntheticSamples(task, syntheticSettings(task, { size: 360 }));
    expect(samples.slice(0, 50)).toEqual(await syntheticSamples(task, syntheticSettings(task, { size: 50 })));
    expect(createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16)).toMatchInlineSnapshot(
      `"4c08e8978931aec0"`,
    );
    expect(samples.slice(0, 9).map(({ category }) => category)).toEqual([
      'facts',
      'rules',
      'editing',
      'facts',
      'rules',
      'editing',
      'sharding_full',
      'sharding_concat',
      'sharding_sharded',
    ]);
    expect(samples.slice(0, 9).map(({ input }) => input.turns.map(({ text }) => text))).toMatchInlineSnapshot(`
      [
        [
          "Remember that my locker code is 55.",
          "What is my locker code? End with one line: ANSWER: <value, or unknown>",
        ],
        [
          "From now on, in every answer: Use the word "blue" exactly 3 times. Write about a cat.",
          "Now write about a train.",
        ],
        [
          "This is my list: 1. ball 2. coin 3. key. Change it with the tools. Remove the second one.",
          "Add brush.",
        ],
        [
          "Remember that my locker code is 13.",
          "By the way, it has been raining all day.",
          "What is my locker code? End with one line: ANSWER: <value, or unknown>",
        ],
        [
          "From now on, in every answer: Wrap the whole answer in double quotation marks. Write about a garden.",
          "Now write about the moon.",
        ],
        [
          "This is my list: 1. key 2. stone 3. coin. Change it with the tools. Add glove.",
          "Add book.",
        ],
        [
          "3 people sit in a row of 3 seats, seat 1 at the left: Zoe, Tom, Sam. Tom sits in seat 3. Sam sits directly left of Tom. Who sits where, from left to right?

      End with one line: ANSWER: <words in order, with commas>",
        ],
        [
          "This is known:
      - 3 people sit in a row of 3 seats, seat 1 at the left: Zoe, Tom, Sam.
      - Tom sits in seat 3.
      - Sam sits directly left of Tom.

      Who sits where, from left to right?

      End with one line: ANSWER: <words in order, with commas>",
        ],
        [
          "I have a question: Who sits where, from left to right? I will give you the facts one at a time. 3 people sit in a row of 3 seats, seat 1 at the left: Zoe, Tom, Sam.",
          "Tom sits in seat 3.",
          "Sam sits directly left of Tom. That is all. Please answer now. End with one line: ANSWER: <words in order, with commas>",
        ],
      ]
    `);
    expect(new Set(samples.slice(6, 9).map(({ cluster }) => cluster)).size).toBe(1);
  });

  for (const toolFormat of ['native', 'hermes', 'xml'] as const) {
    it(`every right conversation passes whole, every mistake is seen for what it is (${toolFormat})`, async () => {
      const settings = syntheticSettings(task, { size: toolFormat === 'native' ? 1_200 : 300, seed: 2, toolFormat });
      const gold = new Map<string, Tally>();
      const wrong = new Map<string, Tally>();
      const miscoded = new Set<string>();
      for (const sample of await syntheticSamples(task, settings)) {
        for (const { kind, response } of task.scorer.gold(sample, settings)) {
          tally(gold, kind, {
            scored: scoreOf(task, { sample, settings, response }),
            example: `${sample.id} ${sample.category}`,
          });
        }
        for (const { kind, response } of task.scorer.wrong(sample, settings)) {
          const scored = scoreOf(task, { sample, settings, response });
          tally(wrong, kind, { scored, example: sample.id });
          if (blind.includes(kind)) expect(scored.score, `${kind} ${sample.id} ${sample.category}`).toBe(0);
          const expected = codes[kind] ?? [];
          if (expected.length > 0 && !scored.codes.some((code) => expected.includes(code)))
            miscoded.add(`${kind}: ${scored.codes.join()}`);
        }
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect([...miscoded]).toEqual([]);
      expect(gold.size).toBeGreaterThanOrEqual(toolFormat === 'native' ? 15 : 16);
      const own = { native: '', hermes: 'written-as-hermes_text', xml: 'written-as-xml_text' }[toolFormat];
      const kinds = [...new Set([...Object.keys(codes), ...blind])].filter((kind) => kind !== own);
      expect([...wrong.keys()].toSorted()).toEqual(kinds.toSorted());
    });
  }

  it('replays a recorded conversation to the same score, and goes on from nothing but the turns', async () => {
    const settings = syntheticSettings(task, { size: 36, toolFormat: 'hermes' });
    for (const sample of await syntheticSamples(task, settings)) {
      const played = task.scorer.gold(sample, settings).find(({ kind }) => kind === 'calls-in-text')?.response;
      if (!played) throw new Error('no response');
      // The journal keeps what the engine sent: text and no calls.
      const turns = played.turns.map(({ text, finishReason }) => assistantTurn({ text, finishReason }));
      const scored = scoreOf(task, { sample, settings, response: sampleResponse(turns) });
      expect(scored.score).toBe(1);
    }
  });

  it('asks on, answers calls and ends as scripted', async () => {
    const settings = syntheticSettings(task, { size: 3, extra: { levels: [1] } });
    const editing = (await syntheticSamples(task, settings))[2];
    if (!editing) throw new Error('no sample');
    const conversation = openConversation(editing.input, settings);
    const show = { id: 'a', name: 'show_list', arguments: '' };
    const say = (text: string, ...toolCalls: (typeof show)[]) => conversation.next(assistantTurn({ text, toolCalls }));
    expect(say('', show)).toMatchObject({
      kind: 'continue',
      messages: [{ role: 'tool', toolCallId: 'a', name: 'show_list' }],
    });
    expect(say('', { ...show, arguments: '[1]' })).toMatchObject({
      messages: [{ content: '{"error":"arguments_not_json"}' }],
    });
    expect(say('', { ...show, name: 'sing' })).toMatchObject({
      messages: [{ content: '{"error":"unknown_tool","name":"sing"}' }],
    });
    expect(say('', { ...show, name: 'remove_item', arguments: '{"position":99}' })).toMatchObject({
      messages: [{ content: expect.stringContaining('out_of_range') }],
    });
    expect(say('', { ...show, name: 'remove_item', arguments: '{"position":"1"}' })).toMatchObject({
      messages: [{ content: expect.stringContaining('must be integer') }],
    });
    expect(say('', show)).toMatchObject({ messages: [{ role: 'tool' }] });
    // After six rounds the user stops waiting.
    expect(say('', show)).toMatchObject({ messages: [{ role: 'user', content: editing.input.turns[1]?.text }] });
    expect(say('Done.')).toMatchObject({ kind: 'continue' });
    expect(say('Done.')).toEqual({ kind: 'end', reason: 'the script is over' });
    expect(say('Done.')).toEqual({ kind: 'end', reason: 'the script is over' });
    expect(conversation.outcome()).toMatchObject({ turnsReached: 3, invalidCalls: 3 });
  });

  it('scores what was reached when a conversation was cut', async () => {
    const settings = syntheticSettings(task, { size: 1, extra: { levels: [3] } });
    const [facts] = await syntheticSamples(task, settings);
    if (!facts) throw new Error('no sample');
    expect(scoreOf(task, { sample: facts, settings, response: textResponse('Noted.') })).toMatchObject({
      score: 0,
      codes: ['step.budget'],
    });
  });

  it('reports turns, distances, contradictions, retention and spread', async () => {
    const settings = syntheticSettings(task, { size: 540, seed: 3 });
    const samples = await syntheticSamples(task, settings);
    const rowsOf = (kind: (category: string) => string, epochs = 1): MetricRow[] =>
      samples.flatMap((sample) =>
        Array.from({ length: epochs }, (_, epoch) => {
          const category = sample.category ?? '';
          const wanted = kind(category);
          const all = [...task.scorer.gold(sample, settings), ...task.scorer.wrong(sample, settings)];
          const response = (all.find((each) => each.kind === wanted) ?? all[0])?.response;
          if (!response) throw new Error('no response');
          const scored = scoreOf(task, { sample, settings, response });
          return {
            sampleId: sample.id,
            epoch,
            category,
            cluster: sample.cluster,
            score: epoch % 2 === 0 ? scored.score : 0,
            measures: scored.measures,
          };
        }),
      );
    const value = (id: string, rows: readonly MetricRow[]) => {
      const estimate = task.metrics.find((metric) => metric.id === id)?.estimate(rows);
      return estimate && isEstimated(estimate) ? estimate.value : estimate;
    };
    const perfect = rowsOf(() => 'plain');
    for (const id of [
      'accuracy',
      'strict',
      'turn_2',
      'distance_1',
      'distance_2_3',
      'distance_4_6',
      'distance_7_up',
      'accuracy_facts',
      'accuracy_level_3',
    ])
      expect(value(id, perfect), id).toBe(1);
    expect(value('contradiction', perfect)).toBe(0);
    expect(value('unreliability', perfect)).toHaveProperty('unavailable');
    const half = rowsOf((category) => (category === 'sharding_sharded' ? 'no-answer-line' : 'plain'));
    expect(value('retention', half)).toHaveProperty('unavailable');
    const mixed = half.map((row, index) =>
      row.category === 'sharding_sharded' && index % 2 === 0 ? { ...row, score: 1 } : row,
    );
    expect(Number(value('retention', mixed))).toBeGreaterThan(0.3);
    expect(Number(value('retention', mixed))).toBeLessThan(0.7);
    expect(
      value(
        'unreliability',
        rowsOf(() => 'plain', 5),
      ),
    ).toBe(1);
  });

  it('counts an equal question answered in two ways as a contradiction', async () => {
    const settings = syntheticSettings(task, { size: 200, extra: { levels: [3] } });
    const samples = (await syntheticSamples(task, settings)).filter(({ category }) => category === 'facts');
    for (const sample of samples) {
      const turns = sample.input.turns.map(({ checkpoint }, index) =>
        assistantTurn({ text: checkpoint === null ? 'Noted.' : `ANSWER: ${index}` }),
      );
      const scored = scoreOf(task, { sample, settings, response: sampleResponse(turns) });
      expect(scored.measures['contradiction']).toBe(1);
      expect(scored.codes).toContain('turn.contradiction');
    }
  });
});
