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
import { oracleScript, playMission } from '../scorers/worlds/mission-agents.ts';
import { missionTools, openMission } from '../scorers/worlds/open-mission.ts';
import { worlds, toolsOf } from '../scorers/worlds/worlds.ts';
import { assistantTurn, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import task from './agent-tool-use.ts';

/** The codes of which a mistake must have one. */
const codes: Readonly<Record<string, readonly string[]>> = {
  'last-write-missing': ['state.missing_effect', 'state.wrong_effect'],
  'first-step-missing': ['state.missing_effect'],
  'write-twice': ['state.wrong_effect', 'state.extra_effect'],
  'wrong-value': ['state.wrong_effect', 'state.missing_effect', 'args.bad_enum', 'args.bad_type.pattern'],
  'wrong-record': ['state.extra_effect', 'state.missing_effect'],
  'unknown-tool': ['select.unknown_tool'],
  'missing-argument': ['args.missing_required'],
  'unexpected-argument': ['args.unexpected'],
  'string-for-number': ['args.bad_type'],
  'bad-enum': ['args.bad_enum', 'state.wrong_effect'],
  'no-lookups': ['step.tool_error_unrecovered'],
  'broken-json': ['json.unclosed_bracket'],
  'written-as-fenced': ['format_mismatch.fenced'],
  'written-as-bare_json': ['format_mismatch.bare_json'],
  'written-as-tools_tag': ['format_mismatch.tools_tag'],
  'written-as-hermes_text': ['format_mismatch.hermes_text'],
  'written-as-xml_text': ['format_mismatch.xml_text'],
  'cut-off': ['gen.truncated.in_call'],
  'reports-impossible': ['answer.wrong.reported_impossible', 'select.unknown_tool'],
  'gives-up': ['step.tool_error_unrecovered', 'state.missing_effect'],
  'extra-write': ['state.extra_effect'],
  'forbidden-write': ['state.forbidden_effect'],
  'wrong-answer': ['answer.wrong'],
  'no-answer-line': ['extract.no_answer'],
  'two-answers': ['extract.ambiguous'],
  'answer-only-in-thought': ['gen.empty_after_think'],
  'answer-without-deeds': ['select.no_call'],
  'says-impossible': ['select.no_call'],
  'wrong-reason': ['answer.wrong'],
  'wrong-entity': ['answer.wrong'],
  empty: ['gen.empty'],
  ok: ['select.no_call'],
  done: ['select.no_call'],
  refusal: ['gen.refused'],
  echo: ['select.no_call'],
  spam: ['select.no_call'],
  'first-tool': ['state.missing_effect', 'answer.wrong.not_reported'],
  'repeats-a-call': ['step.loop', 'step.budget'],
  'never-stops': ['step.loop', 'step.budget'],
  'only-thought': ['gen.empty_after_think'],
};

describe('agent_tool_use', () => {
  it('has six worlds with 8 to 15 tools each, reads and writes', () => {
    expect(worlds).toHaveLength(6);
    for (const { id } of worlds) {
      const tools = toolsOf(id);
      expect(tools.length, id).toBeGreaterThanOrEqual(8);
      expect(tools.length, id).toBeLessThanOrEqual(15);
      expect(new Set(tools.map(({ definition }) => definition.name)).size).toBe(tools.length);
      expect(tools.some(({ isWrite }) => isWrite)).toBe(true);
      expect(tools.some(({ isWrite }) => !isWrite)).toBe(true);
    }
  });

  it('keeps its bytes, its mix and its promises about size', async () => {
    const settings = syntheticSettings(task, { size: 480 });
    const samples = await syntheticSamples(task, settings);
    expect(samples.slice(0, 24)).toEqual(await syntheticSamples(task, { ...settings, size: 24 }));
    expect(createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16)).toMatchInlineSnapshot(
      `"20d7bffb9c488486"`,
    );
    const writes = (level: number): readonly number[] =>
      samples
        .filter(({ input, target }) => input.level === level && !target.impossible)
        .map(({ target }) => target.steps.reduce((sum, step) => sum + step.writes.length, 0));
    expect(new Set(writes(0))).toEqual(new Set([1]));
    expect(new Set(writes(1))).toEqual(new Set([2]));
    expect(Math.min(...writes(2))).toBe(3);
    expect(Math.max(...writes(3))).toBe(8);
    const impossible = samples.filter(({ target }) => target.impossible !== null);
    expect(impossible.length).toBeGreaterThan(0);
    expect(impossible.length / samples.length).toBeLessThanOrEqual(0.1);
    expect(impossible.every(({ input }) => input.level > 0)).toBe(true);
    expect(
      new Set(
        samples.flatMap(({ input }) =>
          Object.entries(input.faults).flatMap(([kind, list]) => (Object.keys(list).length > 0 ? [kind] : [])),
        ),
      ),
    ).toEqual(new Set(['unavailable', 'stale', 'unindexed', 'locked', 'denied']));
    expect(samples[0]?.input.request).toMatchInlineSnapshot(`"Set the price of item ite-43 to 10."`);
    expect(samples.find(({ input }) => input.level === 2)?.input.request).toMatchInlineSnapshot(
      `"Take 49 pieces of the brown stool out of the stock."`,
    );
  });

  it('is accomplished by the oracle in 1,200 missions, and by nobody who does nothing', async () => {
    const settings = syntheticSettings(task, { size: 1_200, seed: 9 });
    for (const sample of await syntheticSamples(task, settings)) {
      const response = playMission({ ...sample, settings }, () => oracleScript({ ...sample, settings }));
      const scored = scoreOf(task, { sample, settings, response });
      expect(scored.score, `${sample.id} ${sample.category}: ${scored.explanation}`).toBe(1);
      expect(scored.measures['recovered'] ?? 1).toBeGreaterThan(0);
      const answer = sample.target.answer?.value ?? 'yes';
      const idle = scoreOf(task, { sample, settings, response: textResponse(`ANSWER: ${answer}`) });
      expect(idle.score).toBe(0);
    }
  });

  for (const [toolFormat, size] of [
    ['native', 1_000],
    ['hermes', 72],
    ['xml', 72],
  ] as const) {
    it(`every harmless variation is accomplished, every mistake is seen for what it is (${toolFormat})`, async () => {
      const settings = syntheticSettings(task, { size, seed: 1, toolFormat });
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
          const expected = codes[kind] ?? [];
          if (!scored.codes.some((code) => expected.includes(code)))
            miscoded.add(`${kind}: ${scored.codes.join()} at ${sample.id}`);
        }
      }
      expect(unexpected(gold, 1)).toEqual([]);
      expect(unexpected(wrong, 0)).toEqual([]);
      expect([...miscoded]).toEqual([]);
      expect(gold.size).toBeGreaterThanOrEqual(toolFormat === 'native' ? 13 : 14);
      if (toolFormat === 'native') expect([...wrong.keys()].toSorted()).toEqual(Object.keys(codes).toSorted());
    }, 600_000);
  }

  it('replays from what a journal keeps', async () => {
    const settings = syntheticSettings(task, { size: 48, toolFormat: 'xml' });
    for (const sample of await syntheticSamples(task, settings)) {
      const played = task.scorer.gold(sample, settings).find(({ kind }) => kind === 'calls-in-text')?.response;
      const turns = played?.turns.map(({ text, finishReason }) => assistantTurn({ text, finishReason })) ?? [];
      expect(scoreOf(task, { sample, settings, response: sampleResponse(turns) }).score).toBe(1);
    }
  });

  it('answers calls with structured errors and stops at the budget', async () => {
    const settings = syntheticSettings(task, { size: 6, extra: { levels: [2] }, seed: 4 });
    const [sample] = await syntheticSamples(task, settings);
    if (!sample) throw new Error('no sample');
    const mission = openMission(sample.input, settings);
    const say = (name: string, given: string) => {
      const step = mission.next(assistantTurn({ text: null, toolCalls: [{ id: 'c', name, arguments: given }] }));
      return step.kind === 'end' ? step : (JSON.parse(step.messages[0]?.content ?? '{}') as unknown);
    };
    expect(say('fly', '{}')).toMatchObject({ error: 'invalid_call', message: 'there is no tool fly' });
    expect(say('get_item', '{"item_id": 7}')).toMatchObject({ error: 'invalid_call' });
    expect(say('get_item', '"x"')).toMatchObject({ error: 'invalid_call' });
    expect(say('request_access', '{"id":"nothing"}')).toMatchObject({ error: 'not_found' });
    for (let call = 0; call < sample.input.callBudget - 4; call++) say('find_item', `{"name":"thing ${call}"}`);
    expect(say('find_item', '{"name":"one more"}')).toMatchObject({ kind: 'end' });
    expect(mission.outcome()).toMatchObject({ overBudget: true, last: null });
  });

  it('ends a mission in which the same call is made again and again', async () => {
    const settings = syntheticSettings(task, { size: 1, extra: { levels: [2] } });
    const [sample] = await syntheticSamples(task, settings);
    if (!sample) throw new Error('no sample');
    const mission = openMission(sample.input, settings);
    const turn = assistantTurn({
      text: null,
      toolCalls: [{ id: null, name: missionTools(sample.input)[0]?.definition.name ?? '', arguments: '{}' }],
    });
    for (let call = 0; call < 7; call++) expect(mission.next(turn).kind).toBe('continue');
    expect(mission.next(turn)).toMatchObject({ kind: 'end', reason: 'the same call again and again' });
    expect(mission.outcome().looped).toBe(true);
  });

  it('reports pass^k and flips where there are epochs', () => {
    const row = (sampleId: string, epoch: number, score: number): MetricRow => ({
      sampleId,
      epoch,
      category: null,
      cluster: null,
      score,
      measures: {},
    });
    const rows = [
      ...[1, 1, 1, 1].map((score, epoch) => row('a', epoch, score)),
      ...[1, 0, 1, 0].map((score, epoch) => row('b', epoch, score)),
    ];
    const value = (id: string, of: readonly MetricRow[] = rows) => {
      const estimate = task.metrics.find((metric) => metric.id === id)?.estimate(of);
      return estimate && isEstimated(estimate) ? estimate.value : estimate;
    };
    // For b: C(2,2)/C(4,2) = 1/6, and two tries differ in 4 of 6 pairs.
    expect(value('pass^2')).toBeCloseTo((1 + 1 / 6) / 2);
    expect(value('pass^4')).toBe(0.5);
    expect(value('flip_rate')).toBeCloseTo(4 / 6 / 2);
    expect(value('pass^4', rows.slice(0, 3))).toEqual({ unavailable: 'needs 4 epochs or more (--epochs 4)' });
  });
});
