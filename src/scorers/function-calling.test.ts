import { describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../core/message.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Scored } from '../core/score.ts';
import { textResponse } from '../text/assistant-turn.ts';
import { defaultSettings } from '../../test/support/task-settings.ts';
import functionCalling, { type FunctionCallingTarget } from './function-calling.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'add_note',
    description: 'Adds a note.',
    parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  },
];
const calls: FunctionCallingTarget = {
  expected: { kind: 'calls', calls: [{ name: 'add_note', arguments: { text: { kind: 'exact', value: 'a' } } }] },
  gold: { calls: [{ name: 'add_note', arguments: { text: 'a' } }], reply: '' },
};
const none: FunctionCallingTarget = { expected: { kind: 'none' }, gold: { calls: [], reply: 'No tool fits.' } };

function judge(target: FunctionCallingTarget, response: SampleResponse): Scored {
  const sample = { id: 'x', category: null, cluster: null, input: { messages: [], tools, level: 2 }, target };
  const outcome = functionCalling.score(
    { sample, response, settings: defaultSettings },
    { sandbox: null, judge: null },
  );
  if (outcome instanceof Promise || outcome.kind !== 'scored') throw new Error('not scored');
  return outcome;
}
const native = (json: string): SampleResponse =>
  textResponse(null, { toolCalls: [{ id: '1', name: 'add_note', arguments: json }] });

describe('function-calling', () => {
  it('takes the tools field where no format is set', () => {
    expect(judge(calls, native('{"text": "a"}'))).toMatchObject({
      score: 1,
      codes: [],
      extraction: { value: 'add_note {"text": "a"}', method: 'strict' },
      measures: {
        strict: 1,
        lenient: 1,
        repair_gain: 0,
        should_call: 1,
        did_call: 1,
        tool_selected: 1,
        arguments_right: 1,
        schema_valid: 1,
        hallucinated: 0,
        parsed_strict: 1,
        parsed_lenient: 1,
        level: 2,
      },
    });
  });

  it('tells a call that only a repair makes right', () => {
    expect(
      judge(calls, textResponse('<tool_call>{"name": "add_note", "arguments": {"text": "a"}}</tool_call>')),
    ).toMatchObject({
      score: 0,
      codes: ['format_mismatch.hermes_text'],
      extraction: { method: 'lenient:other_format' },
      measures: { strict: 0, lenient: 1, repair_gain: 1, parsed_strict: 0, parsed_lenient: 1 },
    });
  });

  it('leaves measures open where there is nothing to measure', () => {
    expect(judge(calls, textResponse('No.'))).toMatchObject({
      score: 0,
      extraction: null,
      measures: {
        did_call: 0,
        parsed_strict: null,
        tool_selected: 0,
        arguments_right: null,
        schema_valid: null,
        hallucinated: null,
      },
    });
    expect(judge(none, textResponse('No tool fits.'))).toMatchObject({
      score: 1,
      measures: { should_call: 0, did_call: 0, tool_selected: null },
    });
    expect(judge(none, native('{"text": 3}'))).toMatchObject({
      score: 0,
      codes: ['select.spurious_call'],
      measures: { schema_valid: 0, did_call: 1 },
    });
  });

  it.each([null, 'hermes', 'xml'] as const)('explains every miss of its certificate in format %s', (toolFormat) => {
    const settings = { ...defaultSettings, toolFormat };
    const sample = { id: 'x', category: null, cluster: null, input: { messages: [], tools, level: 2 }, target: calls };
    for (const { kind, response } of functionCalling.wrong(sample, settings)) {
      const outcome = functionCalling.score({ sample, response, settings }, { sandbox: null, judge: null });
      expect([kind, outcome]).toMatchObject([
        kind,
        { score: 0, codes: expect.arrayContaining([expect.any(String)]), explanation: expect.stringMatching(/./) },
      ]);
    }
  });

  it('gives renderings of gold and wrong answers for any format', () => {
    const sample = {
      id: 'x',
      category: null,
      cluster: null,
      input: { messages: [], tools: [], level: 0 },
      target: none,
    };
    expect(functionCalling.gold(sample, defaultSettings).length).toBeGreaterThan(5);
    expect(functionCalling.wrong(sample, defaultSettings).length).toBeGreaterThan(3);
  });
});
