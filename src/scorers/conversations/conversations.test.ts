import { describe, expect, it } from 'vitest';
import type { SampleResponse } from '../../core/response.ts';
import type { ConstraintUse } from '../constraints/constraint-table.ts';
import { goldConversations, oracle, play } from './conversation-agents.ts';
import { wrongConversations } from './conversation-mutants.ts';
import type { Checkpoint, ConversationInput } from './conversation-script.ts';
import { editList } from './list-editor.ts';
import { openConversation } from './open-conversation.ts';

const settings = { toolFormat: null };

const inputOf = (
  checkpoints: readonly (Checkpoint | null)[],
  list: readonly string[] | null = null,
): ConversationInput => ({
  level: 1,
  turns: checkpoints.map((checkpoint, index) => ({ text: `Turn ${index + 1}.`, checkpoint })),
  list,
  asking: null,
});

const kindOf = (responses: ReturnType<typeof goldConversations>, kind: string): SampleResponse | undefined =>
  responses.find((each) => each.kind === kind)?.response;

const callsOf = (response: SampleResponse | undefined) =>
  response?.turns.flatMap(({ toolCalls }) => toolCalls.map(({ name, arguments: given }) => `${name} ${given}`));

describe('the list editor', () => {
  const items = ['a', 'b', 'c'];
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['add_item', { item: 'd' }, ['a', 'b', 'c', 'd']],
    ['add_item', { item: 'd', position: 1 }, ['d', 'a', 'b', 'c']],
    ['add_item', { item: 'd', position: 4 }, ['a', 'b', 'c', 'd']],
    ['remove_item', { position: 2 }, ['a', 'c']],
    ['rename_item', { position: 2, item: 'x' }, ['a', 'x', 'c']],
    ['move_item', { from: 1, to: 3 }, ['b', 'c', 'a']],
    ['move_item', { from: 3, to: 1 }, ['c', 'a', 'b']],
    ['show_list', {}, items],
  ])('carries out %s %j', (name, given, after) => {
    const { items: edited, said } = editList(items, name, given);
    expect(edited).toEqual(after);
    expect(JSON.parse(said)).toEqual({ ok: true, list: after.map((item, index) => `${index + 1}. ${item}`).join(' ') });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['add_item', { item: 'd', position: 5 }, 'position'],
    ['add_item', { item: 'd', position: 0 }, 'position'],
    ['remove_item', { position: 4 }, 'position'],
    ['rename_item', { position: 4, item: 'x' }, 'position'],
    ['move_item', { from: 4, to: 1 }, 'from'],
    ['move_item', { from: 1, to: 4 }, 'to'],
  ])('changes nothing where %s %j is outside', (name, given, key) => {
    const { items: edited, said } = editList(items, name, given);
    expect(edited).toBe(items);
    expect(JSON.parse(said)).toEqual({ error: 'out_of_range', [key]: given[key], items: 3 });
  });
});

describe('agents of conversations', () => {
  const add: Checkpoint = { kind: 'list', items: ['a', 'b'], calls: [{ name: 'add_item', arguments: { item: 'b' } }] };
  const more: Checkpoint = {
    kind: 'list',
    items: ['a', 'b', 'c'],
    calls: [{ name: 'add_item', arguments: { item: 'c' } }],
  };

  it('name the place at the end of the list as it then is', () => {
    const gold = goldConversations(inputOf([add, more], ['a']), settings);
    expect(callsOf(kindOf(gold, 'explicit-places'))).toEqual([
      'add_item {"position":2,"item":"b"}',
      'add_item {"position":3,"item":"c"}',
    ]);
    const bare = goldConversations(inputOf([add]), settings);
    expect(callsOf(kindOf(bare, 'explicit-places'))).toEqual(['add_item {"position":1,"item":"b"}']);
  });

  it('say one thing where nobody asks anything', () => {
    const response = play(inputOf([]), settings, { policy: oracle });
    expect(response.turns.map(({ text }) => text)).toEqual(['Noted.']);
    expect(response.transcript).toEqual([{ role: 'user', content: '' }]);
  });

  it('keep to the text they know where rules cannot be kept together', () => {
    const constraints: readonly ConstraintUse[] = [
      { id: 'lowercase', parameters: {} },
      { id: 'uppercase', parameters: {} },
    ];
    const gold = goldConversations(inputOf([{ kind: 'rules', constraints, text: 'known' }]), settings);
    expect(kindOf(gold, 'other-texts')?.text).toBe('known');
  });

  it('write nothing for a newest rule that no text can keep', () => {
    const constraints: readonly ConstraintUse[] = [
      { id: 'lowercase', parameters: {} },
      { id: 'words_exact', parameters: { count: -1 } },
    ];
    const wrong = wrongConversations(inputOf([{ kind: 'rules', constraints, text: 'known' }]), settings);
    expect(kindOf(wrong, 'newest-rule-only')?.text).toBe('');
  });

  it('call the first tool of the level, where there are tools', () => {
    expect(callsOf(kindOf(wrongConversations(inputOf([add], ['a']), settings), 'first-tool'))?.[0]).toBe(
      'add_item {"item":"string","position":1}',
    );
    expect(callsOf(kindOf(wrongConversations(inputOf([null]), settings), 'first-tool'))).toEqual([]);
  });
});

describe('a list at a checkpoint', () => {
  it.each([
    [['A', ' b '], true],
    [['b', 'a'], false],
    [['a'], false],
    [['a', 'b', 'c'], false],
  ])('as %j passes: %s', (list, passed) => {
    const checkpoint: Checkpoint = { kind: 'list', items: ['a', 'b'], calls: [] };
    const input = inputOf([checkpoint], list);
    const conversation = openConversation(input, settings);
    for (const turn of play(input, settings, { policy: oracle }).turns) conversation.next(turn);
    expect(conversation.outcome().results).toMatchObject([{ passed }]);
  });
});
