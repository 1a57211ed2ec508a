import { describe, expect, it } from 'vitest';
import { compareStates, factsOfTables, stateFacts } from './canonical-state.ts';
import { startSimulation, type Tables } from './simulation.ts';
import { toolsOf } from './worlds.ts';

const files: Tables = {
  entries: {
    root: { name: 'top', kind: 'folder', parent: null },
    'fil-10': { name: 'a.txt', kind: 'file', parent: 'root', size: 1, tag: null, content: 'a' },
    'fil-11': { name: 'b.txt', kind: 'file', parent: 'root', size: 2, tag: null, content: 'b' },
  },
};

/** Makes folders with a file in each, in some order, and gives the facts at the end. */
function makeFolders(order: readonly (readonly [string, string])[]) {
  const world = startSimulation(files);
  const run = (name: string, given: Record<string, string>) =>
    toolsOf('file_tree')
      .find(({ definition }) => definition.name === name)
      ?.run(world, given);
  for (const [name, file] of order) {
    const { id } = run('create_folder', { parent_id: 'root', name }) as { id: string };
    run('create_folder', { parent_id: id, name: 'inner' });
    run('move_entry', { entry_id: file, folder_id: id });
  }
  return stateFacts(world);
}

describe('stateFacts', () => {
  it('are equal for independent creations in another order, down to references between them', () => {
    const one = makeFolders([
      ['x', 'fil-10'],
      ['y', 'fil-11'],
    ]);
    const other = makeFolders([
      ['y', 'fil-11'],
      ['x', 'fil-10'],
    ]);
    expect(Object.fromEntries(other)).toEqual(Object.fromEntries(one));
    const swapped = makeFolders([
      ['x', 'fil-11'],
      ['y', 'fil-10'],
    ]);
    expect(Object.fromEntries(swapped)).not.toEqual(Object.fromEntries(one));
  });

  it('count equal creations', () => {
    const once = makeFolders([['x', 'fil-10']]);
    const twice = makeFolders([
      ['x', 'fil-10'],
      ['x', 'fil-10'],
    ]);
    expect(Object.fromEntries(twice)).not.toEqual(Object.fromEntries(once));
  });

  it('tell text from the value it spells', () => {
    expect(factsOfTables({ t: { a: { x: '5' } } }).get('t/a/x')).not.toBe(
      factsOfTables({ t: { a: { x: 5 } } }).get('t/a/x'),
    );
    expect(factsOfTables({ t: { a: { x: 'null' } } }).get('t/a/x')).not.toBe(
      factsOfTables({ t: { a: { x: null } } }).get('t/a/x'),
    );
  });
});

describe('compareStates', () => {
  it('sorts differences by what was to change', () => {
    const state = (x: number, y: number, z: number) => factsOfTables({ t: { a: { x, y, z } } });
    const difference = compareStates({ start: state(1, 1, 1), wanted: state(2, 2, 1), end: state(3, 1, 9) });
    expect(difference).toEqual({
      missing: ['t/a/y: 1, not 2'],
      extra: ['t/a/z: 9, not 1'],
      wrong: ['t/a/x: 3, not 2'],
      wanted: 2,
      reached: 0,
    });
    expect(compareStates({ start: state(1, 1, 1), wanted: state(2, 2, 1), end: state(2, 2, 1) })).toEqual({
      missing: [],
      extra: [],
      wrong: [],
      wanted: 2,
      reached: 2,
    });
  });

  it('sees records that are gone or new', () => {
    const whole = factsOfTables({ t: { a: { x: 1 }, b: { x: 2 } } });
    const part = factsOfTables({ t: { a: { x: 1 } } });
    expect(compareStates({ start: whole, wanted: whole, end: part }).extra).toEqual([
      't/b: nothing, not there',
      't/b/x: nothing, not 2',
    ]);
    expect(compareStates({ start: whole, wanted: part, end: whole }).missing).toHaveLength(2);
  });

  it('shows texts between quotation marks and numbers without', () => {
    const [text, number] = [factsOfTables({ t: { a: { x: '7' } } }), factsOfTables({ t: { a: { x: 7 } } })];
    expect(compareStates({ start: text, wanted: text, end: number }).extra).toEqual(['t/a/x: 7, not "7"']);
  });
});
