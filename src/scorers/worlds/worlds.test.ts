import { describe, expect, it } from 'vitest';
import type { Json } from '../../core/json.ts';
import { assistantTurn } from '../../text/assistant-turn.ts';
import { goldMissions, newMemory, perform, type KnownMission } from './mission-agents.ts';
import { wrongMissions } from './mission-mutants.ts';
import type { MissionInput, MissionTarget } from './mission.ts';
import { openMission } from './open-mission.ts';
import {
  insertRow,
  listRows,
  noFaults,
  setFields,
  startSimulation,
  ToolError,
  type Simulation,
  type Tables,
} from './simulation.ts';
import { wantedFacts } from './wanted-facts.ts';
import { requiredOf, withDefaults } from './world.ts';
import { toolsOf, worldOf, worlds } from './worlds.ts';

const toolOf = (world: string, name: string) => {
  const tool = toolsOf(world).find(({ definition }) => definition.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};

/** Calls of a tool with what they answer; `!code` stands for that error. */
function answerOf(
  id: string,
  world: Simulation,
  [name, given]: readonly [string, Readonly<Record<string, Json>>],
): Json {
  const tool = toolOf(id, name);
  try {
    return tool.run(world, withDefaults(tool, given));
  } catch (error) {
    if (error instanceof ToolError) return `!${error.code}`;
    throw error;
  }
}

type Step = readonly [name: string, given: Readonly<Record<string, Json>>, answer: Json];

const play = (id: string, world: Simulation, steps: readonly Step[]): void => {
  for (const [name, given, answer] of steps) {
    expect([name, given, answerOf(id, world, [name, given])]).toEqual([name, given, answer]);
  }
};

const ok = { ok: true };

describe('files', () => {
  const tables: Tables = {
    entries: {
      root: { name: 'top', kind: 'folder', parent: null },
      'fol-1': { name: 'docs', kind: 'folder', parent: 'root' },
      'fol-2': { name: 'old', kind: 'folder', parent: 'fol-1' },
      'fil-1': { name: 'a.txt', kind: 'file', parent: 'fol-2', content: 'a', tag: null },
    },
  };

  it('are no folders, and folders have no content', () => {
    const world = startSimulation(tables);
    play('file_tree', world, [
      ['list_folder', { folder_id: 'fil-1' }, '!conflict'],
      ['create_folder', { parent_id: 'fil-1', name: 'x' }, '!conflict'],
      ['copy_file', { file_id: 'fil-1', folder_id: 'fil-1' }, '!conflict'],
      ['read_file', { file_id: 'fil-1' }, { content: 'a' }],
      ['read_file', { file_id: 'fol-1' }, { content: null }],
      ['write_file', { file_id: 'fol-1', content: 'x' }, '!conflict'],
      ['write_file', { file_id: 'fil-1', content: '' }, ok],
      ['read_file', { file_id: 'fil-1' }, { content: '' }],
    ]);
  });

  it('move anywhere but a folder into itself, and go with their folder', () => {
    const world = startSimulation(tables);
    play('file_tree', world, [
      ['move_entry', { entry_id: 'fol-1', folder_id: 'fol-2' }, '!conflict'],
      ['move_entry', { entry_id: 'fol-1', folder_id: 'fol-1' }, '!conflict'],
      ['move_entry', { entry_id: 'fol-2', folder_id: 'root' }, ok],
      ['move_entry', { entry_id: 'fol-1', folder_id: 'fol-2' }, ok],
      ['copy_file', { file_id: 'fil-1', folder_id: 'root' }, { id: 'ent-900' }],
      ['delete_entry', { entry_id: 'root' }, '!conflict'],
      ['delete_entry', { entry_id: 'fol-2' }, ok],
    ]);
    expect(world.tables['entries']).toEqual({
      root: { name: 'top', kind: 'folder', parent: null },
      'ent-900': { name: 'a.txt', kind: 'file', parent: 'root', content: 'a', tag: null },
    });
  });
});

describe('other worlds', () => {
  it('book flights and hotels apart, and give a seat back', () => {
    const world = startSimulation({
      flights: { 'fli-1': { seats: 1 }, 'fli-2': { seats: 1 }, 'fli-3': { seats: 0 } },
      hotels: { 'hot-1': { rooms: 0, city: 'oslo', name: 'Inn', price: 90 } },
      bookings: {
        'boo-1': { kind: 'hotel', target: 'hot-1', nights: 2, status: 'booked' },
        'boo-2': { kind: 'flight', target: 'fli-1', status: 'booked' },
        'boo-3': { kind: 'flight', target: 'fli-9', status: 'booked' },
      },
    });
    play('travel', world, [
      ['change_flight', { booking_id: 'boo-1', flight_id: 'fli-2' }, '!conflict'],
      ['change_flight', { booking_id: 'boo-2', flight_id: 'fli-3' }, '!not_enough'],
      ['change_flight', { booking_id: 'boo-2', flight_id: 'fli-2' }, ok],
      ['change_flight', { booking_id: 'boo-3', flight_id: 'fli-1' }, ok],
      ['get_flight', { flight_id: 'fli-1' }, { seats: 1 }],
      ['get_flight', { flight_id: 'fli-2' }, { seats: 0 }],
      ['set_nights', { booking_id: 'boo-2', nights: 3 }, '!conflict'],
      ['set_nights', { booking_id: 'boo-1', nights: 3 }, ok],
      ['get_booking', { booking_id: 'boo-1' }, { kind: 'hotel', target: 'hot-1', nights: 3, status: 'booked' }],
      ['book_hotel', { hotel_id: 'hot-1', traveller: 'Ann', nights: 1 }, '!not_enough'],
      ['book_flight', { flight_id: 'fli-1', traveller: 'Ann' }, { id: 'boo-900' }],
      [
        'get_booking',
        { booking_id: 'boo-900' },
        { kind: 'flight', traveller: 'Ann', target: 'fli-1', seat: 'any', status: 'booked' },
      ],
    ]);
  });

  it('begin lists of guests, tags and orders where there is none', () => {
    const calendar = startSimulation({ events: { 'eve-1': { title: 'Talk' } } });
    play('calendar', calendar, [
      ['remove_guest', { event_id: 'eve-1', guest: 'Bo' }, ok],
      ['add_guest', { event_id: 'eve-1', guest: 'Bo' }, ok],
      ['add_guest', { event_id: 'eve-1', guest: 'Al' }, ok],
      ['add_guest', { event_id: 'eve-1', guest: 'Bo' }, ok],
      ['get_event', { event_id: 'eve-1' }, { title: 'Talk', guests: ['Al', 'Bo'] }],
      ['list_rooms', {}, { rows: [], next_cursor: null }],
      ['find_room', { name: 'Hall' }, '!not_found'],
      ['get_room', { room_id: 'roo-1' }, '!not_found'],
    ]);
    const desk = startSimulation({ tickets: { 'tic-1': { title: 'Lamp' } } });
    play('tickets', desk, [
      ['add_tag', { ticket_id: 'tic-1', tag: 'b' }, ok],
      ['add_tag', { ticket_id: 'tic-1', tag: 'a' }, ok],
      ['get_ticket', { ticket_id: 'tic-1' }, { title: 'Lamp', tags: ['a', 'b'] }],
    ]);
  });

  it('list from the start where no page is named', () => {
    const world = startSimulation({
      items: Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`ite-${index}`, { name: `n${index}` }])),
    });
    const page = listRows(world, 'items', { columns: ['name', 'shelf'], cursor: undefined });
    expect(page).toMatchObject({ rows: [{ id: 'ite-0', name: 'n0', shelf: null }, {}, {}, {}, {}], next_cursor: 5 });
    expect(listRows(world, 'items', { columns: [], cursor: 5 })).toEqual({
      rows: [{ id: 'ite-5' }, { id: 'ite-6' }],
      next_cursor: null,
    });
  });
});

describe('bugs of a plan or a sample', () => {
  const noFacts: Tables = { items: { 'ite-1': { name: 'lamp' } } };
  const step = (name: string, given: Readonly<Record<string, Json>>) => ({
    text: '',
    lookups: [],
    writes: [{ name, arguments: given }],
    touches: [],
  });
  const input: MissionInput = {
    world: 'inventory',
    level: 0,
    system: '',
    request: '',
    tools: [],
    tables: noFacts,
    faults: noFaults,
    prohibition: null,
    callBudget: 5,
  };

  it('are told, not answered', () => {
    expect(() => worldOf('moon')).toThrow('there is no world moon');
    expect(() => wantedFacts(input, [step('fly', {})])).toThrow('the plan calls fly, which is no tool of inventory');
    expect(() => wantedFacts(input, [step('set_stock', { item_id: 'ite-1' })])).toThrow('there is no value for stock');
    expect(() => insertRow(startSimulation(noFacts), 'items', { name: undefined })).toThrow('no value for name');
    const row = { name: 'lamp' };
    setFields(row, { name: null });
    expect(row).toEqual({ name: null });
  });

  it('end a mission with what is no error of its tools', () => {
    const broken: MissionInput = {
      ...input,
      world: 'calendar',
      tools: ['add_guest'],
      tables: { events: { 'eve-1': { guests: 5 } } },
    };
    const turn = assistantTurn({
      text: null,
      toolCalls: [{ id: null, name: 'add_guest', arguments: '{"event_id": "eve-1", "guest": "Bo"}' }],
    });
    expect(() => openMission(broken, { toolFormat: null }).next(turn)).toThrow(TypeError);
  });

  it('tools need all arguments without a default', () => {
    for (const { tools } of worlds) {
      for (const tool of tools) {
        const defaults = withDefaults(tool, {});
        expect([...requiredOf(tool), ...Object.keys(defaults)].toSorted()).toEqual(
          Object.keys(tool.properties).toSorted(),
        );
        expect(tool.definition.parameters).toMatchObject({ required: requiredOf(tool), properties: tool.properties });
      }
    }
  });
});

describe('agents of missions', () => {
  const target: MissionTarget = {
    steps: [
      {
        text: '',
        lookups: [],
        writes: [{ name: 'set_stock', arguments: { item_id: 'ite-1', stock: 3 } }],
        touches: ['ite-1'],
      },
    ],
    answer: null,
    impossible: null,
  };
  const mission = (input: Partial<MissionInput> = {}, changed: Partial<MissionTarget> = {}): KnownMission => ({
    input: {
      world: 'inventory',
      level: 0,
      system: 'Help.',
      request: 'Set the stock of the lamp to 3.',
      tools: ['set_stock', 'discontinue_item', 'list_items', 'request_access', 'report_impossible'],
      tables: { items: { 'ite-1': { name: 'lamp', stock: 1 }, 'ite-2': { name: 'rug', stock: 1 } } },
      faults: noFaults,
      prohibition: null,
      callBudget: 20,
      ...input,
    },
    target: { ...target, ...changed },
    settings: { toolFormat: null },
  });
  const callsOf = (known: KnownMission, kind: string) =>
    [...goldMissions(known), ...wrongMissions(known)]
      .find((each) => each.kind === kind)
      ?.response.turns.flatMap(({ toolCalls }) => toolCalls.map(({ name, arguments: given }) => `${name} ${given}`));

  it('ask again for access while that is not to be had', () => {
    const faults = {
      ...noFaults,
      locked: ['ite-1'],
      unavailable: [{ tool: 'request_access', call: 1 }],
    };
    expect(callsOf(mission({ faults }), 'plain')).toEqual([
      'set_stock {"item_id":"ite-1","stock":3}',
      'request_access {"id":"ite-1"}',
      'request_access {"id":"ite-1"}',
      'set_stock {"item_id":"ite-1","stock":3}',
    ]);
    expect(callsOf(mission({ faults }), 'gives-up')).toEqual(['set_stock {"item_id":"ite-1","stock":3}']);
  });

  it('try six times at most', () => {
    const running = perform({ name: 'set_stock', arguments: {} }, newMemory(mission()));
    let calls = 0;
    for (let step = running.next(); step.done !== true; step = running.next([{ error: 'unavailable' }])) calls += 1;
    expect(calls).toBe(6);
  });

  it('report what is impossible after looking it up', () => {
    const lookups = [{ name: 'list_items', arguments: {} }];
    const known = mission({}, { steps: [], impossible: { reason: 'not_found', entity: 'sofa', lookups } });
    expect(callsOf(known, 'plain')).toEqual([
      'list_items {}',
      'report_impossible {"reason_code":"not_found","blocking_entity":"sofa"}',
    ]);
  });

  it.each<[string, MissionInput['prohibition'], string | undefined, string | undefined]>([
    ['no rule', null, 'discontinue_item {"item_id":"ite-2"}', undefined],
    [
      'a forbidden tool',
      { text: '', tools: ['discontinue_item'], ids: [] },
      undefined,
      'discontinue_item {"item_id":"ite-2"}',
    ],
    [
      'a forbidden tool that is not on offer',
      { text: '', tools: ['remove_stock'], ids: [] },
      'discontinue_item {"item_id":"ite-2"}',
      undefined,
    ],
    [
      'a record to leave alone',
      { text: '', tools: [], ids: ['ite-2'] },
      undefined,
      'discontinue_item {"item_id":"ite-2"}',
    ],
    ['a rule without content', { text: '', tools: [], ids: [] }, 'discontinue_item {"item_id":"ite-2"}', undefined],
  ])('write what nobody asked for under %s', (_, prohibition, extra, forbidden) => {
    const known = mission({ prohibition });
    expect(callsOf(known, 'extra-write')?.at(-1)).toBe(extra);
    expect(callsOf(known, 'forbidden-write')?.at(-1)).toBe(forbidden);
  });

  it('that know nothing call the first tool with made-up values, or none', () => {
    expect(callsOf(mission(), 'first-tool')).toEqual(['set_stock {"item_id":"string","stock":0}']);
    const bare = mission({ tools: [] }, { steps: [] });
    const kinds = wrongMissions(bare).map(({ kind }) => kind);
    expect(kinds).toContain('echo');
    expect(kinds).not.toContain('first-tool');
  });
});
