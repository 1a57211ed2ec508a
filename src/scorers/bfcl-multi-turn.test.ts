import { describe, expect, it } from 'vitest';
import type { DialogueStep } from '../core/ports/task.ts';
import type { AssistantTurn } from '../core/response.ts';
import type { Scored } from '../core/score.ts';
import { sampleResponse, textResponse } from '../text/assistant-turn.ts';
import { defaultSettings } from '../../test/support/task-settings.ts';
import bfclMultiTurn from './bfcl-multi-turn.ts';
import type { FunctionDoc } from './support/bfcl/function-doc.ts';
import { MultiTurnSession, messagesAt, toolsAt, type MultiTurnInput } from './support/bfcl/multi-turn-session.ts';
import { parsePythonCall } from './support/bfcl/python-call.ts';
import { openWorld, truthCall } from './support/bfcl/world.ts';

const doc = (name: string, ...keys: string[]): FunctionDoc => ({
  name,
  description: name,
  parameters: {
    type: 'dict',
    properties: Object.fromEntries(keys.map((key) => [key, { type: 'string' }])),
    required: keys,
  },
});
const input: MultiTurnInput = {
  classes: ['GorillaFileSystem'],
  config: {
    GorillaFileSystem: { root: { home: { type: 'directory', contents: { a: { type: 'file', content: 'hello' } } } } },
  },
  functions: [doc('cat', 'file_name'), doc('touch', 'file_name'), doc('mkdir', 'dir_name'), doc('pwd')],
  turns: [[{ role: 'user', content: 'Read a.' }], [{ role: 'user', content: 'Make a folder.' }], []],
  heldOut: { '2': ['mkdir'] },
  excluded: ['pwd'],
};
const truth = [["cat('a')"], [], ["mkdir(dir_name='new')"]];
const call = (name: string, values: object): AssistantTurn =>
  textResponse(`<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`);
const say = (text: string): AssistantTurn => textResponse(text);

function judge(turns: readonly AssistantTurn[]): Scored {
  const sample = { id: 'x', category: null, cluster: null, input, target: { truth } };
  const settings = { ...defaultSettings, toolFormat: 'hermes' as const };
  const outcome = bfclMultiTurn.score(
    { sample, response: sampleResponse(turns), settings },
    { sandbox: null, judge: null },
  );
  if (outcome instanceof Promise || outcome.kind !== 'scored') throw new Error('not scored');
  return outcome;
}

describe('a conversation over services', () => {
  it('runs calls, then lets the user speak, and offers held-out functions in their turn', () => {
    expect(toolsAt(input, 0).map(({ name }) => name)).toEqual(['cat', 'touch']);
    expect(messagesAt(input, 0)).toEqual(input.turns[0]);
    const session = new MultiTurnSession(input, 'hermes');
    expect(session.next(call('cat', { file_name: 'a' }))).toEqual({
      kind: 'continue',
      messages: [{ role: 'tool', name: 'cat', content: '{"file_content":"hello"}' }],
    });
    expect(session.next(say('It says hello.'))).toMatchObject({ kind: 'continue', messages: input.turns[1] });
    const step: DialogueStep = session.next(say('I have no such function.'));
    expect(step).toMatchObject({ kind: 'continue', messages: [{ role: 'user' }] });
    expect(step.kind === 'continue' ? step.tools?.map(({ name }) => name) : []).toEqual(['cat', 'touch', 'mkdir']);
    expect(session.next(say('Done.'))).toMatchObject({ kind: 'end' });
    expect(session.outcome()).toMatchObject({
      isFinished: true,
      isForced: false,
      turns: [{ calls: 1, errors: 0, reply: 'It says hello.' }, {}, {}],
    });
  });

  it('answers every call of the tools field, also those it cannot read', () => {
    const session = new MultiTurnSession(input, 'native');
    const good = textResponse(null, { toolCalls: [{ id: 'c1', name: 'cat', arguments: '{"file_name": "a"}' }] });
    expect(session.next(good)).toMatchObject({ messages: [{ role: 'tool', toolCallId: 'c1' }] });
    const bad = textResponse('Hm.', {
      toolCalls: [
        { id: 'c2', name: 'cat', arguments: '{' },
        { id: null, name: 'cat', arguments: '{' },
      ],
    });
    expect(session.next(bad)).toMatchObject({
      messages: [{ role: 'tool', toolCallId: 'c2' }, { role: 'tool' }, { role: 'user' }],
    });
  });

  it('stops a turn without end', () => {
    const session = new MultiTurnSession(input, 'hermes');
    const steps = Array.from({ length: 21 }, () => session.next(call('cat', { file_name: 'a' })).kind);
    expect(steps.indexOf('end')).toBe(20);
    const endless = judge(Array.from({ length: 30 }, () => call('cat', { file_name: 'a' })));
    expect(endless).toMatchObject({ score: 0, codes: ['step.budget'], measures: { forced: 1, turns_right: 0 } });
  });
});

describe('the verdicts', () => {
  const read = [call('cat', { file_name: 'a' }), say('hello')];
  const make = [call('mkdir', { dir_name: 'new' }), say('Done.')];

  it('accept the right conversation, with reads on the way', () => {
    expect(judge([...read, say('I cannot make folders.'), ...make])).toMatchObject({
      score: 1,
      codes: [],
      measures: { corrected: 1, turns_right: 1, call_errors: 0 },
    });
    expect(judge([...read, call('cat', { file_name: 'none' }), say('I cannot.'), ...make])).toMatchObject({
      score: 1,
      measures: { corrected: 1, call_errors: 1 / 3 },
    });
  });

  it('name what is wrong', () => {
    expect(judge([...read, say('I cannot.'), say('Done.')]).codes).toEqual(['state.missing_effect']);
    expect(judge([...read, say('I cannot.'), call('mkdir', { dir_name: 'old' }), say('Done.')]).codes).toEqual([
      'state.wrong_effect',
    ]);
    expect(judge([say('hello'), say('I cannot.'), ...make]).codes).toEqual(['step.premature_stop']);
    expect(judge(read)).toMatchObject({
      codes: ['step.premature_stop'],
      explanation: 'the conversation ended before turn 2',
    });
    expect(judge([call('cat', {}), say('?')]).explanation).toMatch(/never asked for/);
  });

  it('differ on turns in which nothing can be done', () => {
    const eager = [...read, call('touch', { file_name: 'new' }), say('Done.')];
    expect(judge([...eager, ...make])).toMatchObject({
      score: 0,
      codes: ['state.missing_effect'],
      measures: { corrected: 0 },
    });
    expect(judge([...read, say(''), ...make])).toMatchObject({ score: 1, measures: { corrected: 0 } });
  });
});

describe('calls of the ground truth', () => {
  it.each<[string, unknown]>([
    ["cd(folder='docs')", { name: 'cd', positional: [], named: { folder: 'docs' } }],
    [
      'f(1, -2.5, True, None, [1, "a"], {"k": False})',
      { name: 'f', positional: [1, -2.5, true, null, [1, 'a'], { k: false }], named: {} },
    ],
    [
      "comment(tweet_id = 10, text = 'it\\'s')",
      { name: 'comment', positional: [], named: { tweet_id: 10, text: "it's" } },
    ],
    ['f()', { name: 'f', positional: [], named: {} }],
    ['f(x)', null],
    ['f(os.system("rm"))', null],
    ['f(1', null],
    ['f([1)', null],
    ['f({"a" 1})', null],
    ['f({"a": 1)', null],
    ['f(1) or g(2)', null],
    ['3', null],
    ['f', null],
  ])('%s', (text, expected) => {
    expect(parsePythonCall(text)).toEqual(expected);
  });

  it('are read against the functions, and refused where they do not fit', () => {
    expect(truthCall("cat('a')", input.functions)).toEqual({ name: 'cat', arguments: { file_name: 'a' } });
    expect(truthCall("cat('a', 'b')", input.functions).arguments).toEqual({ file_name: 'a', argument_1: 'b' });
    expect(() => truthCall('nonsense', input.functions)).toThrow(/no readable call/);
    expect(() => truthCall('unheard()', input.functions)).toThrow(/no readable call/);
  });

  it('are checked like those of a model', () => {
    const world = openWorld({ ...input, classes: ['GorillaFileSystem', 'MathAPI'] });
    expect(world.run('unheard', {})).toHaveProperty('error');
    expect(world.run('cat', {})).toHaveProperty('error');
    expect(world.run('cat', { file_name: 'a', mode: 'x' })).toHaveProperty('error');
    expect(world.run('pwd', {})).toEqual({ current_working_directory: '/home' });
    expect(Object.keys(world.state())).toEqual(['GorillaFileSystem', 'MathAPI']);
    expect(() => openWorld({ ...input, classes: ['Other'] })).toThrow(/not simulated/);
  });
});

describe('without a format', () => {
  it('conversations call through the tools field, in certificates too', () => {
    const sample = { id: 'x', category: null, cluster: null, input, target: { truth } };
    const scoreOf = (response: Parameters<typeof bfclMultiTurn.score>[0]['response']) =>
      bfclMultiTurn.score({ sample, response, settings: defaultSettings }, { sandbox: null, judge: null });
    const gold = bfclMultiTurn.gold(sample, defaultSettings);
    expect(gold[0]?.response.turns[0]).toMatchObject({ text: null, toolCalls: [{ name: 'cat' }] });
    for (const { response } of gold) expect(scoreOf(response)).toMatchObject({ score: 1, measures: { corrected: 1 } });
    for (const { response } of bfclMultiTurn.wrong(sample, defaultSettings)) {
      expect(scoreOf(response)).toMatchObject({ score: 0 });
    }
  });
});
