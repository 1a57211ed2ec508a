import type { Json, JsonObject, JsonSchema } from '../../core/json.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import { jsonCorruptions } from './json-corruptions.ts';
import { schemaExample } from './schema-example.ts';
import { otherValue } from './tool-calling/mutate-value.ts';
import { matchesValue, type ValueMatcher } from './tool-calling/value-matcher.ts';

interface Question {
  readonly prompt: string;
  readonly schema: JsonSchema;
}

interface Answer {
  readonly gold: JsonObject;
  readonly matcher: ValueMatcher;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const propertiesOf = (schema: JsonSchema | undefined): JsonObject =>
  isObject(schema) && isObject(schema.properties) ? schema.properties : {};

const requiredOf = (schema: JsonSchema): readonly string[] =>
  isObject(schema) && Array.isArray(schema.required) ? (schema.required as readonly string[]) : [];

type Mutation = (answer: Answer, schema: JsonSchema) => JsonObject | null;

const replaceFirst =
  (change: (value: Json, schema: JsonObject) => Json | undefined): Mutation =>
  ({ gold, matcher }, schema) => {
    for (const [key, value] of Object.entries(gold)) {
      const own = propertiesOf(schema)[key];
      const changed = change(value, isObject(own) ? own : {});
      const mutant = changed === undefined ? gold : { ...gold, [key]: changed };
      if (!matchesValue(matcher, mutant)) return mutant;
    }
    return null;
  };

const mutations: Readonly<Record<string, Mutation>> = {
  'wrong-value': replaceFirst((value, schema) =>
    'const' in schema || 'oneOf' in schema ? undefined : otherValue(value, schema),
  ),
  'number-as-text': replaceFirst((value) => (typeof value === 'number' ? String(value) : undefined)),
  'null-value': replaceFirst((value, schema) => (typeof schema.type === 'string' && value !== null ? null : undefined)),
  'bad-enum': replaceFirst((_, schema) => ('enum' in schema ? 'somewhat' : undefined)),
  'bad-constant': replaceFirst((_, schema) => ('const' in schema ? 'other' : undefined)),
  'bad-pattern': replaceFirst((value, schema) => ('pattern' in schema ? `${String(value)}!` : undefined)),
  'bad-format': replaceFirst((_, schema) => ('format' in schema ? 'some day' : undefined)),
  'too-many-items': replaceFirst((value, schema) =>
    Array.isArray(value) && 'maxItems' in schema
      ? Array.from({ length: 9 }, () => (value as readonly Json[])[0] ?? '')
      : undefined,
  ),
  'text-for-object': replaceFirst((value) => (isObject(value) ? JSON.stringify(value) : undefined)),
  'missing-field': ({ gold }, schema) => {
    const [key] = requiredOf(schema);
    return key === undefined ? null : Object.fromEntries(Object.entries(gold).filter(([name]) => name !== key));
  },
  'extra-field': ({ gold }) => ({ ...gold, extra_field: 'x' }),
  'copied-schema': (_, schema) => {
    const example = schemaExample(schema);
    return isObject(example) ? example : null;
  },
  'empty-object': () => ({}),
  'wrapped-in-object': ({ gold }) => ({ result: gold }),
};

const swappedValues: Mutation = ({ gold, matcher }, schema) => {
  const texts = Object.entries(gold).filter(
    ([key, value]) =>
      typeof value === 'string' &&
      Object.keys((propertiesOf(schema)[key] as JsonObject | undefined) ?? {}).join() === 'type',
  );
  const [a, b] = texts;
  if (a === undefined || b === undefined) return null;
  const mutant = { ...gold, [a[0]]: b[1], [b[0]]: a[1] };
  return matchesValue(matcher, mutant) ? null : mutant;
};

/** Wrong answers of known kind: agents that do nothing or copy, each mutation of the value that applies, and each way to spoil the JSON. */
export function wrongJsonResponses({ prompt, schema }: Question, answer: Answer): readonly LabelledResponse[] {
  const json = JSON.stringify(answer.gold);
  const texts: (readonly [string, string])[] = [
    ['empty', ''],
    ['ok', 'OK'],
    ['refusal', "I'm sorry, but I can't help with that."],
    ['echo', prompt],
    ['schema', JSON.stringify(schema)],
    ['null', 'null'],
    ['list', `[${json}]`],
    ['fenced', `\`\`\`json\n${json}\n\`\`\``],
    ['prose', `Here is the JSON: ${json}`],
    ['two-objects', `${json}\n{"other": 1}`],
    ['double-encoded', JSON.stringify(json)],
    ['in-think', `<think>\n${json}\n</think>`],
    ['unclosed-think', `<think>\n${json}`],
    [
      'yaml',
      Object.entries(answer.gold)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join('\n'),
    ],
  ];
  for (const [kind, mutate] of Object.entries({ ...mutations, 'swapped-values': swappedValues })) {
    const mutant = mutate(answer, schema);
    if (mutant !== null) texts.push([kind, JSON.stringify(mutant)]);
  }
  for (const { code, spoil } of jsonCorruptions) {
    const spoiled = spoil(json);
    if (spoiled !== null) texts.push([`json-${code.replaceAll('_', '-')}`, spoiled]);
  }
  return [
    ...texts.map(([kind, text]) => ({ kind, response: textResponse(text) })),
    { kind: 'null-content', response: textResponse(null) },
    { kind: 'truncated', response: textResponse(json.slice(0, -2), { finishReason: 'length' }) },
  ];
}
