import type { Json, JsonObject } from '../../../core/json.ts';
import type { ValueMatcher } from '../../../scorers/support/tool-calling/value-matcher.ts';
import type { Rng } from '../../../stats/rng.ts';
import { cities, firstNames, goods, labels, lastNames, months, noteWords, streets } from './word-pools.ts';

/** A value as the request says it and as the call must carry it. */
export interface Detail {
  readonly value: Json;
  readonly matcher: ValueMatcher;
  /** The value as it stands in the request. */
  readonly text: string;
  /** The part of the request that says it. */
  readonly clause: string;
}

/** A parameter that many tools may have. */
export interface ParameterKind {
  readonly id: string;
  /** Names it may have in a tool. */
  readonly names: readonly string[];
  /** Words that a question for it uses, besides its name. */
  readonly askNames: readonly string[];
  readonly schema: JsonObject;
  readonly description: string;
  /** Value that the tool takes when nothing is said; only some kinds have one. */
  readonly fallback?: Json;
  draw(rng: Rng, level: number): Detail;
}

const exact = (value: Json): ValueMatcher => ({ kind: 'exact', value });
const two = (value: number): string => String(value).padStart(2, '0');
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const person = (rng: Rng): string => `${rng.pick(firstNames)} ${rng.pick(lastNames)}`;

const date: ParameterKind = {
  id: 'date',
  names: ['date', 'day', 'due_date', 'on_date'],
  askNames: ['date', 'day', 'when'],
  schema: { type: 'string', format: 'date' },
  description: 'Date as YYYY-MM-DD.',
  draw(rng, level) {
    const [year, month, day] = [rng.integer(2025, 2031), rng.integer(1, 12), rng.integer(1, 28)];
    const value = `${year}-${two(month)}-${two(day)}`;
    const text = level < 2 ? value : `${day} ${months[month - 1]} ${year}`;
    return { value, matcher: exact(value), text, clause: `on ${text}` };
  },
};

const time: ParameterKind = {
  id: 'time',
  names: ['time', 'start_time', 'hour'],
  askNames: ['time', 'hour', 'when'],
  schema: { type: 'string', pattern: '^[0-2][0-9]:[0-5][0-9]$' },
  description: 'Time as HH:MM, 24 hours.',
  draw(rng, level) {
    const [hour, minute] = [rng.integer(1, 23), rng.integer(0, 11) * 5];
    const value = `${two(hour)}:${two(minute)}`;
    const half = `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)} ${hour < 12 ? 'am' : 'pm'}`;
    const text = level < 2 ? value : half;
    return { value, matcher: exact(value), text, clause: `at ${text}` };
  },
};

const count: ParameterKind = {
  id: 'count',
  names: ['quantity', 'count', 'copies'],
  askNames: ['quantity', 'count', 'how many', 'amount', 'copies'],
  schema: { type: 'integer', minimum: 1 },
  description: 'How many.',
  fallback: 1,
  draw(rng) {
    const value = rng.integer(2, 99);
    return { value, matcher: exact(value), text: String(value), clause: `with a quantity of ${value}` };
  },
};

const price: ParameterKind = {
  id: 'price',
  names: ['price', 'fee', 'cost'],
  askNames: ['price', 'fee', 'cost', 'how much'],
  schema: { type: 'number', minimum: 0 },
  description: 'Price in euros.',
  draw(rng) {
    const value = rng.integer(2, 900) + rng.integer(1, 3) / 4;
    return {
      value,
      matcher: { kind: 'number', value, tolerance: 1e-9 },
      text: String(value),
      clause: `for ${value} euros`,
    };
  },
};

const owner: ParameterKind = {
  id: 'owner',
  names: ['owner', 'assignee', 'responsible'],
  askNames: ['owner', 'assignee', 'responsible', 'who', 'person'],
  schema: { type: 'string' },
  description: 'Full name of the person in charge.',
  draw(rng) {
    const value = person(rng);
    return { value, matcher: exact(value), text: value, clause: `with ${value} in charge` };
  },
};

const city: ParameterKind = {
  id: 'city',
  names: ['city', 'location', 'place'],
  askNames: ['city', 'location', 'place', 'where', 'town'],
  schema: { type: 'string' },
  description: 'City.',
  draw(rng) {
    const value = rng.pick(cities);
    return { value, matcher: exact(value), text: value, clause: `in ${value}` };
  },
};

const urgency: ParameterKind = {
  id: 'urgency',
  names: ['urgency', 'speed'],
  askNames: ['urgency', 'urgent', 'speed', 'how fast', 'how quickly'],
  schema: { type: 'string', enum: ['low', 'normal', 'high'] },
  description: 'How urgent it is.',
  fallback: 'normal',
  draw(rng) {
    const value = rng.pick(['low', 'normal', 'high']);
    return { value, matcher: exact(value), text: value, clause: `with ${value} urgency` };
  },
};

const notify: ParameterKind = {
  id: 'notify',
  names: ['notify', 'send_notice'],
  askNames: ['notify', 'notification', 'notice'],
  schema: { type: 'boolean' },
  description: 'Whether to send a notification.',
  fallback: false,
  draw(rng) {
    const value = rng.chance(0.5);
    return {
      value,
      matcher: exact(value),
      text: 'notification',
      clause: value ? 'with a notification' : 'without a notification',
    };
  },
};

const note: ParameterKind = {
  id: 'note',
  names: ['note', 'remark', 'comment'],
  askNames: ['note', 'remark', 'comment', 'message'],
  schema: { type: 'string' },
  description: 'Note, word for word.',
  draw(rng) {
    const value = rng.sample(noteWords, 3).join(' ');
    return { value, matcher: exact(value), text: value, clause: `with the note "${value}"` };
  },
};

const tags: ParameterKind = {
  id: 'tags',
  names: ['tags', 'labels'],
  askNames: ['tag', 'label'],
  schema: { type: 'array', items: { type: 'string' } },
  description: 'Tags.',
  draw(rng, level) {
    const value = rng.sample(labels, rng.integer(1, level < 2 ? 2 : 4));
    return {
      value,
      matcher: { kind: 'set', items: value.map(exact) },
      text: listed(value),
      clause: `tagged ${listed(value)}`,
    };
  },
};

const minutes: ParameterKind = {
  id: 'minutes',
  names: ['duration_minutes', 'minutes'],
  askNames: ['duration', 'how long', 'minutes', 'length'],
  schema: { type: 'integer', minimum: 1 },
  description: 'Duration in minutes.',
  draw(rng, level) {
    const value = rng.integer(2, 46) * 5;
    const hours = Math.floor(value / 60);
    const isSplit = level >= 3 && hours > 0 && value % 60 > 0;
    const text = isSplit ? `${hours} h ${value % 60} min` : `${value} minutes`;
    return { value, matcher: exact(value), text, clause: `lasting ${text}` };
  },
};

const discount: ParameterKind = {
  id: 'discount',
  names: ['discount', 'rebate'],
  askNames: ['discount', 'rebate'],
  schema: { type: 'number', minimum: 0, maximum: 1 },
  description: 'Discount as a fraction: 0.25 means 25 percent.',
  draw(rng) {
    const percent = rng.integer(1, 18) * 5;
    const value = percent / 100;
    return {
      value,
      matcher: { kind: 'number', value, tolerance: 1e-9 },
      text: `${percent} percent`,
      clause: `with ${percent} percent off`,
    };
  },
};

const contact: ParameterKind = {
  id: 'contact',
  names: ['contact', 'recipient'],
  askNames: ['contact', 'recipient'],
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, email: { type: 'string', format: 'email' } },
    required: ['name', 'email'],
  },
  description: 'Contact person.',
  draw(rng) {
    const name = person(rng);
    const email = `${name.toLowerCase().replace(' ', '.')}@example.org`;
    const members = { name: exact(name), email: exact(email) };
    const text = `${name} (${email})`;
    return {
      value: { name, email },
      matcher: { kind: 'object', members },
      text,
      clause: `with ${text} as the contact`,
    };
  },
};

const address: ParameterKind = {
  id: 'address',
  names: ['address', 'destination'],
  askNames: ['address', 'destination'],
  schema: {
    type: 'object',
    properties: { street: { type: 'string' }, number: { type: 'integer' }, zip: { type: 'string' } },
    required: ['street', 'number', 'zip'],
  },
  description: 'Postal address.',
  draw(rng) {
    const [street, number, zip] = [rng.pick(streets), rng.integer(1, 250), `0${rng.integer(1000, 9999)}`];
    const members = { street: exact(street), number: exact(number), zip: exact(zip) };
    const text = `${number} ${street}, zip ${zip}`;
    return {
      value: { street, number, zip },
      matcher: { kind: 'object', members },
      text,
      clause: `to the address ${text}`,
    };
  },
};

const items: ParameterKind = {
  id: 'items',
  names: ['items', 'parts'],
  askNames: ['items', 'parts'],
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { name: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
      required: ['name', 'quantity'],
    },
  },
  description: 'Items with singular name and quantity.',
  draw(rng) {
    const value = rng.sample(goods, rng.integer(1, 3)).map((name) => ({ name, quantity: rng.integer(2, 12) }));
    const matchers = value.map(({ name, quantity }): ValueMatcher => ({
      kind: 'object',
      members: { name: exact(name), quantity: exact(quantity) },
    }));
    const text = listed(value.map(({ name, quantity }) => `${quantity} x ${name}`));
    return { value, matcher: { kind: 'set', items: matchers }, text, clause: `with the items ${text}` };
  },
};

/** Kinds by the level from which they are used. */
export const parameterKinds: Readonly<Record<'plain' | 'typed' | 'nested', readonly ParameterKind[]>> = {
  plain: [date, time, count, owner, city, note],
  typed: [count, price, urgency, notify, minutes, date, tags],
  nested: [contact, address, items, discount, tags],
};
