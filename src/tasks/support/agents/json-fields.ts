import type { Json, JsonObject } from '../../../core/json.ts';
import type { ValueMatcher } from '../../../scorers/support/tool-calling/value-matcher.ts';
import type { Rng } from '../../../stats/rng.ts';
import { cities, firstNames, goods, labels, lastNames, months } from './word-pools.ts';

/** One member of an object: its schema, the value the passage states, and the sentence that states it. */
export interface JsonField {
  readonly key: string;
  readonly schema: JsonObject;
  /** Undefined for a member that is left out. */
  readonly value: Json | undefined;
  readonly matcher: ValueMatcher;
  readonly isRequired: boolean;
  /** Sentences of the passage; empty for a member that the schema alone decides. */
  readonly sentences: readonly string[];
}

/** A kind of scalar that any object may have. */
export interface FieldKind {
  /** Words of its key, and its name in the passage. */
  readonly label: string;
  /** First level that uses it. */
  readonly level: number;
  draw(rng: Rng, level: number): { readonly schema: JsonObject; readonly value: Json; readonly text: string };
}

const exact = (value: Json): ValueMatcher => ({ kind: 'exact', value });
const two = (value: number): string => String(value).padStart(2, '0');
const person = (rng: Rng): string => `${rng.pick(firstNames)} ${rng.pick(lastNames)}`;
const plain = (schema: JsonObject, value: Json, text = String(value)) => ({ schema, value, text });
const grouped = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** Scalars from which objects are made. */
export const fieldKinds: readonly FieldKind[] = [
  { label: 'name', level: 0, draw: (rng) => plain({ type: 'string' }, person(rng)) },
  { label: 'city', level: 0, draw: (rng) => plain({ type: 'string' }, rng.pick(cities)) },
  {
    label: 'age',
    level: 0,
    draw: (rng) => plain({ type: 'integer', minimum: 0, maximum: 120 }, rng.integer(18, 95)),
  },
  {
    label: 'size',
    level: 0,
    draw: (rng) =>
      plain({ type: 'string', enum: ['small', 'medium', 'large'] }, rng.pick(['small', 'medium', 'large'])),
  },
  {
    label: 'weight',
    level: 1,
    draw: (rng) => plain({ type: 'number', minimum: 0 }, rng.integer(1, 400) / 4),
  },
  {
    label: 'code',
    level: 1,
    draw(rng) {
      const letters = rng.sample(Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ'), 3).join('');
      return plain({ type: 'string', pattern: '^[A-Z]{3}-[0-9]{4}$' }, `${letters}-${rng.integer(1000, 9999)}`);
    },
  },
  {
    label: 'zip',
    level: 1,
    draw: (rng) => plain({ type: 'string', pattern: '^[0-9]{5}$' }, `0${rng.integer(1000, 9999)}`),
  },
  {
    label: 'start date',
    level: 2,
    draw(rng) {
      const [year, month, day] = [rng.integer(2025, 2031), rng.integer(1, 12), rng.integer(1, 28)];
      const text = `${day} ${months[month - 1]} ${year}`;
      return plain({ type: 'string', format: 'date' }, `${year}-${two(month)}-${two(day)}`, text);
    },
  },
  {
    label: 'email',
    level: 2,
    draw: (rng) =>
      plain({ type: 'string', format: 'email' }, `${person(rng).toLowerCase().replace(' ', '.')}@example.org`),
  },
  {
    label: 'budget',
    level: 3,
    draw(rng) {
      const value = rng.integer(1000, 90_000) + rng.pick([0, 0.5]);
      const text = Number.isInteger(value) ? grouped(value) : `${grouped(Math.floor(value))}.50`;
      return plain({ type: 'number', minimum: 0 }, value, text);
    },
  },
  {
    label: 'floor',
    level: 3,
    draw: (rng) => plain({ type: 'integer', minimum: -5, maximum: 60 }, rng.integer(-5, -1)),
  },
];

/** Adjectives of yes-or-no members. */
export const adjectives: readonly string[] = ['insured', 'fragile', 'verified', 'urgent', 'archived', 'taxable'];

/** Sentences that state one scalar. */
const statements: readonly string[] = [
  'The {label} of the {object} is {value}.',
  'The {object} has the {label} {value}.',
  'For the {object}, the {label} is {value}.',
  'We noted {value} as the {label} of the {object}.',
  "The {object}'s {label} is {value}.",
  'On the {object}: the {label} is {value}.',
  'The {label} given for the {object} is {value}.',
  'Somebody wrote down {value} as the {label} of the {object}.',
];

const filled = (template: string, words: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');

/** How keys are spelled in one sample. */
export type KeyStyle = 'snake_case' | 'camelCase';

/** A key from the words of a label. */
export const keyOf = (label: string, style: KeyStyle): string =>
  style === 'snake_case'
    ? label.replaceAll(' ', '_')
    : label.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());

/** What the fields of one object share. */
export interface FieldPlace {
  readonly rng: Rng;
  readonly level: number;
  readonly style: KeyStyle;
  /** The object in the passage, e.g. `order`. */
  readonly object: string;
}

/** A member that the passage states. */
export function statedField({ rng, level, style, object }: FieldPlace, kind: FieldKind): JsonField {
  const { schema, value, text } = kind.draw(rng, level);
  const template = level === 0 ? (statements[0] ?? '') : rng.pick(statements);
  const matcher: ValueMatcher = typeof value === 'number' ? { kind: 'number', value, tolerance: 1e-9 } : exact(value);
  const sentence = filled(template, { label: kind.label, object, value: text });
  return { key: keyOf(kind.label, style), schema, value, matcher, isRequired: true, sentences: [sentence] };
}

/** A member that may be null and is, because the passage says that it is not known. */
export function unknownField(place: FieldPlace, kind: FieldKind): JsonField {
  const { schema } = kind.draw(place.rng, place.level);
  return {
    key: keyOf(kind.label, place.style),
    schema: {
      ...schema,
      type: [schema.type ?? 'string', 'null'],
      ...(Array.isArray(schema.enum) ? { enum: [...(schema.enum as readonly Json[]), null] } : {}),
    },
    value: null,
    matcher: exact(null),
    isRequired: true,
    sentences: [`The ${kind.label} of the ${place.object} is not known.`],
  };
}

/** A member that may be left out and is, because the passage does not mention it. */
export function optionalField(place: FieldPlace, kind: FieldKind): JsonField {
  const { schema } = kind.draw(place.rng, place.level);
  return {
    key: keyOf(kind.label, place.style),
    schema,
    value: undefined,
    matcher: { kind: 'absent' },
    isRequired: false,
    sentences: [],
  };
}

/** A yes-or-no member. */
export function flagField({ rng, style, object }: FieldPlace): JsonField {
  const adjective = rng.pick(adjectives);
  const value = rng.chance(0.5);
  return {
    key: keyOf(`is ${adjective}`, style),
    schema: { type: 'boolean' },
    value,
    matcher: exact(value),
    isRequired: true,
    sentences: [`The ${object} is ${value ? '' : 'not '}${adjective}.`],
  };
}

/** A member that only the schema decides. */
export const constantField = ({ style, object }: FieldPlace): JsonField => ({
  key: keyOf('record type', style),
  schema: { const: object },
  value: object,
  matcher: exact(object),
  isRequired: true,
  sentences: [],
});

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** A list of words with bounds on its length. */
export function tagsField({ rng, style, object }: FieldPlace): JsonField {
  const value = rng.sample(labels, rng.integer(2, 4));
  return {
    key: keyOf('tags', style),
    schema: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 5 },
    value,
    matcher: { kind: 'set', items: value.map(exact) },
    isRequired: true,
    sentences: [`The ${object} is tagged ${listed(value)}.`],
  };
}

/** A list of small objects. */
export function linesField({ rng, style, object }: FieldPlace): JsonField {
  const lines = rng.sample(goods, rng.integer(1, 3)).map((article) => ({ article, count: rng.integer(2, 20) }));
  const line = ({ article, count }: (typeof lines)[number]): ValueMatcher => ({
    kind: 'object',
    members: { article: exact(article), count: exact(count) },
  });
  return {
    key: keyOf('packing list', style),
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { article: { type: 'string' }, count: { type: 'integer', minimum: 1 } },
        required: ['article', 'count'],
        additionalProperties: false,
      },
      minItems: 1,
    },
    value: lines,
    matcher: { kind: 'set', items: lines.map(line) },
    isRequired: true,
    sentences: [
      `The packing list of the ${object} says: ${listed(lines.map(({ article, count }) => `${count} x ${article}`))}.`,
    ],
  };
}

/** One of two shapes, told apart by a member with a fixed value. */
export function paymentField({ rng, style, object }: FieldPlace): JsonField {
  const number = String(rng.integer(100_000, 999_999));
  const isCard = rng.chance(0.5);
  const digits = { type: 'string', pattern: '^[0-9]{6}$' };
  const shape = (method: string, key: string): JsonObject => ({
    type: 'object',
    properties: { method: { const: method }, [key]: digits },
    required: ['method', key],
    additionalProperties: false,
  });
  const [cardKey, accountKey] = [keyOf('card number', style), keyOf('account number', style)];
  const value = isCard ? { method: 'card', [cardKey]: number } : { method: 'transfer', [accountKey]: number };
  const sentence = isCard
    ? `The ${object} was paid by card, and the card number is ${number}.`
    : `The ${object} was paid by transfer, and the account number is ${number}.`;
  return {
    key: keyOf('payment', style),
    schema: { oneOf: [shape('card', cardKey), shape('transfer', accountKey)] },
    value,
    matcher: {
      kind: 'object',
      members: Object.fromEntries(Object.entries(value).map(([key, member]) => [key, exact(member)])),
    },
    isRequired: true,
    sentences: [sentence],
  };
}
