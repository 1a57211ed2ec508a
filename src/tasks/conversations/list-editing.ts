import type { ListCall, UserTurn } from '../../scorers/conversations/conversation-script.ts';
import { editList } from '../../scorers/conversations/list-editor.ts';
import type { Rng } from '../../stats/rng.ts';
import { objects } from '../reasoning/word-lists.ts';

/** A list that is edited, and the words and calls of each edit. */
export interface ListScript {
  readonly list: readonly string[];
  readonly turns: readonly UserTurn[];
}

interface Step {
  readonly text: string;
  readonly calls: readonly ListCall[];
  /** The item that "it" means afterwards; null when there is none. */
  readonly touched: string | null;
}

interface Editing {
  readonly items: readonly string[];
  readonly touched: string | null;
  /** Calls that take back the last change; null when there is nothing to take back. */
  readonly inverse: readonly ListCall[] | null;
  /** Things that are not on the list yet. */
  readonly fresh: string[];
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
const moreThings = ['lamp', 'rope', 'map', 'cup', 'book', 'flag', 'drum', 'brush', 'mask', 'clock', 'scarf', 'glove'];
const turnCounts = [2, 3, 5, 7];
const capital = (text: string): string => (text[0] ?? '').toUpperCase() + text.slice(1);
const placeOf = ({ items, touched }: Editing): number => (touched === null ? -1 : items.indexOf(touched));

const adding = (item: string, position?: number): Pick<Step, 'calls' | 'touched'> => ({
  calls: [{ name: 'add_item', arguments: position === undefined ? { item } : { item, position } }],
  touched: item,
});
const removing = (position: number): Pick<Step, 'calls' | 'touched'> => ({
  calls: [{ name: 'remove_item', arguments: { position } }],
  touched: null,
});
const renaming = (position: number, item: string): Pick<Step, 'calls' | 'touched'> => ({
  calls: [{ name: 'rename_item', arguments: { position, item } }],
  touched: item,
});
const moving = (from: number, to: number, item: string): Pick<Step, 'calls' | 'touched'> => ({
  calls: [{ name: 'move_item', arguments: { from, to } }],
  touched: item,
});

/** One way to change a list and to ask for it; null when it cannot be asked for now. */
type Maker = (rng: Rng, at: Editing) => Step | null;

const makers = {
  add: (_, { fresh }) => {
    const item = fresh.pop() ?? '';
    return { text: `Add ${item}.`, ...adding(item) };
  },
  addAtTop: (rng, { fresh }) => {
    const item = fresh.pop() ?? '';
    return { text: rng.pick([`Put ${item} at the top.`, `Add ${item} as the first entry.`]), ...adding(item, 1) };
  },
  addAfter: (rng, { items, fresh }) => {
    const item = fresh.pop() ?? '';
    const at = rng.integer(1, items.length);
    const other = items[at - 1];
    return {
      text: rng.pick([`Insert ${item} right after ${other}.`, `${capital(item)} goes directly behind ${other}.`]),
      ...adding(item, at + 1),
    };
  },
  removeByName: (rng, { items }) => {
    const at = rng.integer(1, items.length);
    return { text: `Remove ${items[at - 1]}.`, ...removing(at) };
  },
  removeByPlace: (rng, { items }) => {
    const at = rng.integer(1, items.length);
    const which = at === items.length && rng.chance(0.5) ? 'last' : ordinals[at - 1];
    return { text: `Remove the ${which} one.`, ...removing(at) };
  },
  removeIt: (rng, at) =>
    placeOf(at) < 0
      ? null
      : {
          text: rng.pick(['Take it off the list again.', 'On second thoughts, delete it.']),
          ...removing(placeOf(at) + 1),
        },
  replaceByName: (rng, { items, fresh }) => {
    const item = fresh.pop() ?? '';
    const at = rng.integer(1, items.length);
    return {
      text: rng.pick([`Replace ${items[at - 1]} by ${item}.`, `Instead of ${items[at - 1]} I want ${item}.`]),
      ...renaming(at, item),
    };
  },
  renameIt: (rng, at) => {
    const item = at.fresh.pop() ?? '';
    return placeOf(at) < 0
      ? null
      : { text: rng.pick([`Make it ${item} instead.`, `Change it to ${item}.`]), ...renaming(placeOf(at) + 1, item) };
  },
  moveByName: (rng, { items }) => {
    const from = rng.integer(2, items.length);
    return { text: `Move ${items[from - 1]} to the top.`, ...moving(from, 1, items[from - 1] ?? '') };
  },
  moveByPlace: (rng, { items }) => {
    const to = rng.integer(1, items.length - 1);
    return { text: `Move the last one to place ${to}.`, ...moving(items.length, to, items.at(-1) ?? '') };
  },
  moveIt: (rng, at) =>
    placeOf(at) < 0
      ? null
      : {
          text: rng.pick(['Move it to the end.', 'It should come last.']),
          ...moving(placeOf(at) + 1, at.items.length, at.touched ?? ''),
        },
  undo: (rng, { inverse }) =>
    inverse === null
      ? null
      : {
          text: rng.pick(['Undo that.', 'Take that last change back.', 'No, make it as it was before that change.']),
          calls: inverse,
          touched: null,
        },
} satisfies Record<string, Maker>;

/** Ways of asking by level; one that stands twice comes twice as often. */
const menus: readonly (readonly (keyof typeof makers)[])[] = [
  ['add', 'removeByName', 'removeByPlace'],
  ['add', 'addAtTop', 'removeByName', 'removeByPlace', 'replaceByName', 'moveByName'],
  [
    'addAtTop',
    'addAfter',
    'removeByPlace',
    'removeIt',
    'renameIt',
    'replaceByName',
    'moveByPlace',
    'moveIt',
    'undo',
    'undo',
  ],
  [
    'addAtTop',
    'addAfter',
    'removeByPlace',
    'removeIt',
    'renameIt',
    'moveByPlace',
    'moveByName',
    'moveIt',
    'undo',
    'undo',
  ],
];
const attempts = 400;

/** A list that is changed step by step, with references to earlier steps; every step is checked by the list it leaves. */
export function listEditing(rng: Rng, level: number): ListScript {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const script = tryScript(rng.fork(`attempt-${attempt}`), level);
    if (script) return script;
  }
  throw new Error(`no list editing at level ${level} in ${attempts} attempts`);
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

function tryScript(rng: Rng, level: number): ListScript | null {
  const list = rng.sample<string>(level === 0 ? objects.slice(0, 6) : objects, level === 0 ? 3 : rng.integer(4, 5));
  const menu = menus[Math.min(level, menus.length - 1)] ?? [];
  const turns: UserTurn[] = [];
  let at: Editing = { items: list, touched: null, inverse: null, fresh: rng.shuffle(moreThings) };
  for (let turn = 0; turn < (turnCounts[Math.min(level, turnCounts.length - 1)] ?? 2); turn++) {
    const kind = rng.pick(menu);
    const step = makers[kind](rng, at);
    if (!step) return null;
    const items = step.calls.reduce(
      (state, { name, arguments: given }) => editList(state, name, given).items,
      at.items,
    );
    // A list that is as it was, now or at the start, would reward doing nothing.
    if (items.length < 2 || items.length > ordinals.length || same(items, at.items) || same(items, list)) return null;
    const intro = `This is my list: ${list.map((item, index) => `${index + 1}. ${item}`).join(' ')}. Change it with the tools.`;
    turns.push({
      text: turn === 0 ? `${intro} ${step.text}` : step.text,
      checkpoint: { kind: 'list', items, calls: step.calls },
    });
    const inverse = kind === 'undo' ? null : inverseOf(step.calls, at.items);
    at = { ...at, items, touched: step.touched, inverse };
  }
  return { list, turns };
}

/** Calls that bring the list back to what it was before one call. */
function inverseOf([last]: readonly ListCall[], before: readonly string[]): readonly ListCall[] | null {
  if (!last) return null;
  const position = Number(last.arguments['position'] ?? before.length + 1);
  const item = before[position - 1] ?? '';
  if (last.name === 'add_item') return removing(position).calls;
  if (last.name === 'remove_item') return adding(item, position).calls;
  if (last.name === 'rename_item') return renaming(position, item).calls;
  return moving(Number(last.arguments['to']), Number(last.arguments['from']), '').calls;
}
