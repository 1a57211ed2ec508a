import type { Json, JsonObject } from '../../../core/json.ts';
import type { JsonOutputInput, JsonOutputTarget } from '../../../scorers/json-output.ts';
import type { ValueMatcher } from '../../../scorers/support/tool-calling/value-matcher.ts';
import type { Rng } from '../../../stats/rng.ts';
import {
  constantField,
  fieldKinds,
  flagField,
  keyOf,
  linesField,
  optionalField,
  paymentField,
  statedField,
  tagsField,
  unknownField,
  type FieldPlace,
  type JsonField,
} from './json-fields.ts';

/** One sample before it has a name. */
export interface JsonProblem {
  readonly input: JsonOutputInput;
  readonly target: JsonOutputTarget;
}

/** Outermost objects, and objects that stand inside others; each is used once a sample, so that every sentence names one place. */
const roots = ['order', 'parcel', 'visit', 'claim', 'booking', 'shipment', 'survey', 'permit'];
const parts = [
  'buyer',
  'driver',
  'warehouse',
  'courier',
  'reviewer',
  'vehicle',
  'office',
  'witness',
  'insurer',
  'depot',
];

/** Facts about something else, which belong nowhere in the answer. */
const asides = [
  'An earlier {root} had the code ZZZ-0000, but that one is closed.',
  'The weather was fine on that day.',
  'Nobody asked about the colour.',
  'A copy of this note goes to the archive.',
];

const unique = (fields: readonly JsonField[]): JsonField[] => [
  ...new Map(fields.map((field) => [field.key, field])).values(),
];

/** Scalars of one object: none twice. */
function scalars(place: FieldPlace, count: number): JsonField[] {
  const { rng, level } = place;
  const kinds = rng.sample(
    fieldKinds.filter((kind) => kind.level <= level),
    count,
  );
  const canVary = level >= 3;
  return kinds.map((kind, index) => {
    if (canVary && index === 0) return unknownField(place, kind);
    if (canVary && index === 1) return optionalField(place, kind);
    return statedField(place, kind);
  });
}

interface Names {
  readonly parts: readonly string[];
}

function objectField(place: FieldPlace, depth: number, names: Names): JsonField[] {
  const [name, ...rest] = names.parts;
  if (depth <= 0 || name === undefined) return [];
  const inner: FieldPlace = { ...place, object: name };
  const count = place.level < 2 ? 2 : place.rng.integer(2, 3);
  const stated = place.rng
    .sample(
      fieldKinds.filter((kind) => kind.level <= place.level),
      count,
    )
    .map((kind) => statedField(inner, kind));
  const fields = unique([...stated, ...objectField(inner, depth - 1, { parts: rest })]);
  return [
    {
      key: keyOf(name, place.style),
      schema: schemaOf(fields),
      value: valueOf(fields),
      matcher: matcherOf(fields),
      isRequired: true,
      sentences: fields.flatMap(({ sentences }) => sentences),
    },
  ];
}

const schemaOf = (fields: readonly JsonField[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(({ key, schema }) => [key, schema])),
  required: fields.filter(({ isRequired }) => isRequired).map(({ key }) => key),
  additionalProperties: false,
});

const valueOf = (fields: readonly JsonField[]): JsonObject =>
  Object.fromEntries(fields.flatMap(({ key, value }): [string, Json][] => (value === undefined ? [] : [[key, value]])));

const matcherOf = (fields: readonly JsonField[]): ValueMatcher => ({
  kind: 'object',
  members: Object.fromEntries(fields.map(({ key, matcher }) => [key, matcher])),
});

/** Members of the outermost object by level: flat at 0, one object deeper with each level, and more kinds of schema. */
function rootFields(place: FieldPlace): JsonField[] {
  const { rng, level } = place;
  const fields = scalars(place, [2, 2, 3, 4, 4][level] ?? 4);
  if (level >= 1) fields.push(flagField(place));
  fields.push(...objectField(place, level, { parts: rng.sample(parts, level) }));
  if (level >= 2) fields.push(tagsField(place));
  if (level >= 3) fields.push(constantField(place), linesField(place));
  if (level >= 4) fields.push(paymentField(place));
  return unique(level === 0 ? fields : rng.shuffle(fields));
}

/** Makes a schema and a passage that states everything the schema asks for; a pure function of seed and level (0 to 4, depth 1 to 5). */
export function makeJsonProblem(rng: Rng, level: number): JsonProblem {
  const root = rng.pick(roots);
  const style = level >= 2 && rng.chance(0.5) ? 'camelCase' : 'snake_case';
  const fields = rootFields({ rng, level, style, object: root });
  const schema = schemaOf(fields);
  const sentences = fields.flatMap((field) => field.sentences);
  const aside = level >= 2 ? [rng.pick(asides).replace('{root}', root)] : [];
  const passage = (level === 0 ? sentences : rng.shuffle([...sentences, ...aside])).join(' ');
  const task =
    level === 0
      ? 'Answer with one JSON object that fits the schema, and nothing else.'
      : 'Take the facts from the text and answer with one JSON object that fits the schema. Write the JSON and nothing else.';
  return {
    input: { prompt: `${task}\n\nSchema: ${JSON.stringify(schema)}\n\nText: ${passage}`, schema, level },
    target: { matcher: matcherOf(fields), gold: valueOf(fields) },
  };
}
