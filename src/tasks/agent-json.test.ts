import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import type { Sample } from '../core/sample.ts';
import type { JsonOutputInput, JsonOutputTarget } from '../scorers/json-output.ts';
import { schemaIssues } from '../scorers/support/json-schema.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { codesOf, explainedScore, reportOracles, unexpected } from '../../test/support/agent-oracles.ts';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import task from './agent-json.ts';

type JsonSample = Sample<JsonOutputInput, JsonOutputTarget>;
const load = (changes = {}): Promise<readonly JsonSample[]> => loadTaskSamples(task, settingsOf(task, changes));

/** What each mutant must be blamed on first. */
const mutantCodes: Readonly<Record<string, string>> = {
  empty: 'gen.empty',
  'null-content': 'gen.empty',
  'in-think': 'gen.empty_after_think',
  'unclosed-think': 'gen.empty_after_think',
  fenced: 'json.fenced',
  prose: 'json.prose_wrapped',
  'two-objects': 'json.extra_data',
  'double-encoded': 'json.double_encoded',
  refusal: 'gen.refused',
  null: 'args.bad_type',
  list: 'args.bad_type',
  truncated: 'gen.truncated.in_json',
  'wrong-value': 'args.wrong_value',
  'swapped-values': 'args.wrong_value',
  'number-as-text': 'args.bad_type',
  'null-value': 'args.bad_type',
  'text-for-object': 'args.bad_type',
  'missing-field': 'args.missing_required',
  'extra-field': 'args.unexpected',
  'bad-enum': 'args.bad_enum',
  'bad-constant': 'args.bad_enum',
  'bad-pattern': 'args.bad_type.pattern',
  'bad-format': 'args.bad_type.format',
  'too-many-items': 'args.out_of_range',
  'empty-object': 'args.missing_required',
};

describe('oracles and mutants', () => {
  it('are told apart, over 1000 samples', async () => {
    const report = await reportOracles(task, { size: 1000 });
    expect(report.samples).toBe(1000);
    expect(unexpected(report.gold, 1)).toEqual([]);
    expect(unexpected(report.wrong, 0)).toEqual([]);
    expect(report.gold.size).toBeGreaterThanOrEqual(12);
    for (const kind of report.wrong.keys()) {
      const code = kind.startsWith('json-') ? `json.${kind.slice(5).replaceAll('-', '_')}` : mutantCodes[kind];
      if (code !== undefined) expect([kind, codesOf(report.wrong, kind)]).toEqual([kind, [code]]);
    }
    expect(Object.keys(mutantCodes).filter((kind) => !report.wrong.has(kind))).toEqual([]);
    expect([...report.wrong.keys()].filter((kind) => kind.startsWith('json-'))).toHaveLength(12);
  }, 300_000);
});

describe('samples', () => {
  it('are the same bytes everywhere', async () => {
    const digest = createHash('sha256')
      .update(JSON.stringify(await load({ size: 500 })))
      .digest('hex');
    expect(digest).toMatchInlineSnapshot(`"2bd909c0e17c48e091c577017b1542fcccebeaa5a7054438aeaca2c3639a19b5"`);
  });

  it('have depths from 1 to 5, and an answer that is valid and nowhere copied', async () => {
    const samples = await load({ size: 200 });
    const depth = (schema: JsonObject): number =>
      1 +
      Math.max(
        0,
        ...Object.values((schema.properties ?? {}) as JsonObject).map((property) =>
          (property as JsonObject).type === 'object' ? depth(property as JsonObject) : 0,
        ),
      );
    expect(new Set(samples.map(({ input }) => depth(input.schema as JsonObject)))).toEqual(new Set([1, 2, 3, 4, 5]));
    for (const { category, input, target } of samples) {
      expect(category).toBe(`depth_${depth(input.schema as JsonObject)}`);
      expect(schemaIssues(input.schema, target.gold)).toEqual([]);
      expect(input.prompt).not.toContain(JSON.stringify(target.gold));
    }
    expect(new Set(samples.map(({ input }) => input.prompt)).size).toBe(200);
  });
});

describe('the ladder of measures', () => {
  it.each<[string, (json: string) => string, object]>([
    [
      'strict',
      (json) => json,
      {
        json_strict: 1,
        json_fenced: 1,
        json_extractable: 1,
        schema_valid: 1,
        content_right: 1,
        right_when_extracted: 1,
      },
    ],
    [
      'fenced',
      (json) => `\`\`\`json\n${json}\n\`\`\``,
      { json_strict: 0, json_fenced: 1, json_extractable: 1, right_when_extracted: 1 },
    ],
    [
      'prose',
      (json) => `Sure: ${json}`,
      { json_fenced: 0, json_extractable: 1, json_repairable: 1, right_when_extracted: 1 },
    ],
    [
      'trailing comma',
      (json) => json.replace(/\}$/, ',}'),
      { json_extractable: 0, json_repairable: 1, schema_valid: 1, content_right: 1, right_when_extracted: 0 },
    ],
    ['valid but meaningless', () => '{}', { json_strict: 1, schema_valid: 0, content_right: 0, fields_right: 0 }],
    ['nothing', () => '', { json_repairable: 0, schema_valid: 0, content_right: 0, fields_right: 0 }],
  ])('tells %s', async (_, write, measures) => {
    const settings = settingsOf(task, { size: 1, extra: { levels: [0] } });
    const [sample] = await loadTaskSamples(task, settings);
    if (!sample) throw new Error('no sample');
    const { outcome } = await explainedScore(task, {
      sample,
      settings,
      response: textResponse(write(JSON.stringify(sample.target.gold))),
    });
    expect(outcome).toMatchObject({ measures });
  });

  it('counts the fields that are right', async () => {
    const settings = settingsOf(task, { size: 1, extra: { levels: [0] } });
    const [sample] = await loadTaskSamples(task, settings);
    const [key] = Object.keys(sample?.target.gold ?? {});
    if (!sample || key === undefined) throw new Error('no sample');
    const { outcome } = await explainedScore(task, {
      sample,
      settings,
      response: textResponse(JSON.stringify({ ...sample.target.gold, [key]: 'x' })),
    });
    expect(outcome).toMatchObject({ score: 0, measures: { fields_right: 0.5 } });
  });
});

describe('modes', () => {
  it('say what the server is held to', async () => {
    const [sample] = await load({ size: 1 });
    if (!sample) throw new Error('no sample');
    const format = (mode: string) => task.render(sample, settingsOf(task, { extra: { mode } }));
    expect(format('prompt')).toMatchObject({ responseFormat: { kind: 'text' } });
    expect(format('json_object')).toMatchObject({ responseFormat: { kind: 'json_object' } });
    expect(format('json_schema')).toMatchObject({
      responseFormat: { kind: 'json_schema', schema: sample.input.schema },
    });
    expect(() => format('yaml')).toThrow(/no mode "yaml"/);
  });
});
