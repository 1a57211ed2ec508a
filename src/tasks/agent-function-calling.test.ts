import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEstimated } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import type { Sample } from '../core/sample.ts';
import type { FunctionCallingInput, FunctionCallingTarget } from '../scorers/function-calling.ts';
import { callResponse } from '../scorers/support/tool-calling/write-calls.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { codesOf, explainedScore, reportOracles, unexpected } from '../../test/support/agent-oracles.ts';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import task from './agent-function-calling.ts';

const load = (changes = {}): Promise<readonly Sample<FunctionCallingInput, FunctionCallingTarget>[]> =>
  loadTaskSamples(task, settingsOf(task, changes));
const counted = (labels: readonly (string | null)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[String(label)] = (counts[String(label)] ?? 0) + 1;
  return counts;
};

/** What each mutant must be blamed on first; the codes in the order of their frequency. */
const mutantCodes: Readonly<Record<string, readonly string[]>> = {
  empty: ['gen.empty'],
  'null-content': ['gen.empty'],
  narrated: ['select.no_call'],
  'drop-call': ['select.wrong_count'],
  'duplicate-call': ['select.wrong_count'],
  'extra-call': ['select.wrong_count'],
  'unknown-tool': ['select.unknown_tool'],
  'wrong-tool': ['select.wrong_tool'],
  'wrong-value': ['args.wrong_value'],
  'swapped-values': ['args.wrong_value'],
  'number-as-text': ['args.bad_type'],
  'number-as-word': ['args.bad_type'],
  'below-minimum': ['args.out_of_range'],
  'missing-required': ['args.missing_required'],
  'unexpected-parameter': ['args.unexpected'],
  'bad-enum': ['args.bad_enum'],
  placeholder: ['args.placeholder_value'],
  truncated: ['gen.truncated.in_call'],
  'call-in-think': ['format_mismatch.call_in_think'],
  'unclosed-think': ['gen.empty_after_think'],
  'double-encoded': ['json.double_encoded'],
  fenced: ['format_mismatch.fenced'],
  'bare-json': ['format_mismatch.bare_json'],
  'tools-tag': ['format_mismatch.tools_tag'],
  'hermes-text': ['format_mismatch.hermes_text'],
  'xml-text': ['format_mismatch.xml_text'],
  pythonic: ['format_mismatch.pythonic'],
  react: ['format_mismatch.react'],
  'xml-without-opening-tag': ['format_mismatch.xml_malformed'],
  'xml-without-closing-tags': ['format_mismatch.xml_malformed'],
  'spurious-call': ['select.spurious_call'],
  'call-after-prose': ['select.spurious_call'],
  'claims-success': ['answer.wrong.did_not_ask'],
  'claims-with-detail': ['answer.wrong.did_not_ask'],
  'list-everything': ['extract.ambiguous'],
  'silence-1': ['gen.empty'],
  'silence-4': ['gen.empty_after_think'],
  ok: ['select.no_call', 'answer.wrong.did_not_ask'],
  refusal: ['gen.refused'],
  echo: ['select.no_call', 'answer.wrong.did_not_ask'],
  ...Object.fromEntries(
    [
      'trailing_comma',
      'single_quotes',
      'unquoted_key',
      'python_literal',
      'raw_control_char',
      'comment',
      'nan',
      'duplicate_key',
      'extra_data',
      'syntax',
      'unclosed_bracket',
      'unterminated_string',
    ].map((code) => [`json-${code.replaceAll('_', '-')}`, [`json.${code}`]]),
  ),
};

describe('oracles and mutants', () => {
  it.each([
    ['hermes', 1000],
    ['native', 320],
    ['xml', 320],
  ] as const)(
    'are told apart in %s, over %i samples',
    async (toolFormat, size) => {
      const report = await reportOracles(task, { toolFormat, size });
      expect(report.samples).toBe(size);
      expect(unexpected(report.gold, 1)).toEqual([]);
      expect(unexpected(report.wrong, 0)).toEqual([]);
      expect(report.gold.size).toBeGreaterThanOrEqual(12);
      expect(report.wrong.size).toBeGreaterThanOrEqual(30);
      for (const kind of report.wrong.keys()) {
        const codes = mutantCodes[kind];
        if (codes !== undefined) expect([kind, codesOf(report.wrong, kind)]).toEqual([kind, codes]);
      }
      const named = Object.keys(mutantCodes).filter((kind) => report.wrong.has(kind));
      expect(named.length).toBeGreaterThan(25);
    },
    300_000,
  );

  it('gives agents that never call what the chance level states, and agents that always call nothing', async () => {
    const settings = settingsOf(task, { size: 400, toolFormat: 'hermes' });
    const samples = await loadTaskSamples(task, settings);
    const agents = {
      refuse: () => textResponse("I'm sorry, but I can't help with that."),
      silent: () => textResponse(''),
      firstTool: ({ input }: Sample<FunctionCallingInput, FunctionCallingTarget>) =>
        callResponse([{ name: input.tools[0]?.name ?? '', arguments: {} }], 'hermes'),
    };
    const accuracy: Record<string, number> = {};
    for (const [name, agent] of Object.entries(agents)) {
      const rows: MetricRow[] = [];
      for (const sample of samples) {
        const { score } = await explainedScore(task, { sample, settings, response: agent(sample) });
        rows.push({ sampleId: sample.id, epoch: 0, category: sample.category, cluster: null, score, measures: {} });
      }
      const estimate = task.metrics[0].estimate(rows);
      accuracy[name] = isEstimated(estimate) ? estimate.value : Number.NaN;
    }
    expect(accuracy).toEqual({ refuse: task.chanceLevel, silent: 0, firstTool: 0 });
  });
});

describe('samples', () => {
  it('are the same bytes everywhere', async () => {
    const digest = createHash('sha256')
      .update(JSON.stringify(await load({ size: 1000 })))
      .digest('hex');
    expect(digest).toMatchInlineSnapshot(`"938e587c82a67eb920cbcc7667554ffe57d3b306666272b6049af8aa4e2cd7d0"`);
  });

  it('have the shares and levels of the suite in every prefix', async () => {
    const samples = await load({ size: 200 });
    expect(counted(samples.map(({ category }) => category))).toEqual({
      simple: 30,
      one_of_n: 40,
      parallel_same: 25,
      parallel_mixed: 25,
      typed: 40,
      no_tool: 20,
      ask: 20,
    });
    expect(counted(samples.slice(0, 40).map(({ category }) => category))).toMatchObject({ one_of_n: 8, no_tool: 4 });
    const levels = counted(samples.map(({ input }) => String(input.level)));
    for (const level of ['0', '1', '2', '3']) expect(levels[level]).toBeGreaterThan(45);
  });

  it('depend on split, seed and index alone', async () => {
    const [long, short] = [await load({ size: 90 }), await load({ size: 30 })];
    expect(long.slice(0, 30)).toEqual(short);
    expect(long[7]?.id).toBe('pinned/0/7');
    const [other] = await load({ size: 1, split: 'fresh' });
    expect(other?.input).not.toEqual(long[0]?.input);
    const [reseeded] = await load({ size: 1, seed: 5 });
    expect([reseeded?.id, reseeded?.input]).not.toEqual([long[0]?.id, long[0]?.input]);
  });

  it('are all different, offer each tool once, and say every value of the answer', async () => {
    const samples = await load({ size: 1000 });
    expect(new Set(samples.map(({ input }) => JSON.stringify(input))).size).toBe(1000);
    for (const { input, target } of samples) {
      const names = input.tools.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const said = input.messages.at(-1)?.content ?? '';
      for (const call of target.gold.calls) {
        expect(names).toContain(call.name);
        const [reference] = Object.values(call.arguments);
        expect(said).toContain(String(reference));
      }
      if (target.expected.kind !== 'calls') expect(target.gold.reply).not.toBe('');
    }
  });

  it('can be kept to the easy levels, and refuse unknown ones', async () => {
    const easy = await load({ size: 80, extra: { levels: [0] } });
    expect(Math.max(...easy.map(({ input }) => input.tools.length))).toBe(2);
    await expect(load({ size: 1, extra: { levels: [9] } }).then((samples) => samples.length)).rejects.toMatchObject({
      code: 'E_OPTION_INVALID',
    });
  });
});
