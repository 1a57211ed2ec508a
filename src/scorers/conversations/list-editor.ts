import type { ToolDefinition } from '../../core/message.ts';

const position = { type: 'integer', minimum: 1, description: 'Place in the list, counted from 1.' };

const allTools: readonly ToolDefinition[] = [
  {
    name: 'add_item',
    description: 'Adds an item at the end of the list, or at a place.',
    parameters: {
      type: 'object',
      properties: { item: { type: 'string' }, position },
      required: ['item'],
      additionalProperties: false,
    },
  },
  {
    name: 'remove_item',
    description: 'Removes the item at a place.',
    parameters: { type: 'object', properties: { position }, required: ['position'], additionalProperties: false },
  },
  {
    name: 'rename_item',
    description: 'Replaces the item at a place by another one.',
    parameters: {
      type: 'object',
      properties: { position, item: { type: 'string' } },
      required: ['position', 'item'],
      additionalProperties: false,
    },
  },
  {
    name: 'move_item',
    description: 'Moves the item from one place to another; the others close ranks.',
    parameters: {
      type: 'object',
      properties: { from: position, to: position },
      required: ['from', 'to'],
      additionalProperties: false,
    },
  },
  {
    name: 'show_list',
    description: 'Shows the list.',
    parameters: { type: 'object', properties: {}, additionalProperties: false },
  },
];

/** Tools of the list editor; the easiest level has only the first two. */
export const listTools = (level: number): readonly ToolDefinition[] => (level === 0 ? allTools.slice(0, 2) : allTools);

/** A list with the result of the last call, in the words the model sees. */
export interface EditResult {
  readonly items: readonly string[];
  readonly said: string;
}

const shown = (items: readonly string[]): string => items.map((item, index) => `${index + 1}. ${item}`).join(' ');

/** Carries out a call whose arguments are valid by schema; a place outside the list changes nothing and is said. */
export function editList(items: readonly string[], name: string, given: Readonly<Record<string, unknown>>): EditResult {
  const place = (key: string): number => Number(given[key]) - 1;
  const outside = (key: string, last: number): string | null =>
    place(key) < 0 || place(key) >= last
      ? JSON.stringify({ error: 'out_of_range', [key]: given[key], items: items.length })
      : null;
  const done = (next: readonly string[]): EditResult => ({
    items: next,
    said: JSON.stringify({ ok: true, list: shown(next) }),
  });
  switch (name) {
    case 'add_item': {
      if (given['position'] === undefined) return done([...items, String(given['item'])]);
      const error = outside('position', items.length + 1);
      return error === null
        ? done(items.toSpliced(place('position'), 0, String(given['item'])))
        : { items, said: error };
    }
    case 'remove_item': {
      const error = outside('position', items.length);
      return error === null ? done(items.toSpliced(place('position'), 1)) : { items, said: error };
    }
    case 'rename_item': {
      const error = outside('position', items.length);
      return error === null ? done(items.with(place('position'), String(given['item']))) : { items, said: error };
    }
    case 'move_item': {
      const error = outside('from', items.length) ?? outside('to', items.length);
      if (error !== null) return { items, said: error };
      const moved = items.slice(place('from'), place('from') + 1);
      return done(items.toSpliced(place('from'), 1).toSpliced(place('to'), 0, ...moved));
    }
    default:
      return done(items);
  }
}
