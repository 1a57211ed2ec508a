import { QwenEvalError } from '../../core/errors.ts';
import type { Json, JsonObject, JsonSchema } from '../../core/json.ts';

/** A JSON Schema in the subset that the embedded engine's grammar can follow, and the keywords it cannot hold an answer to. */
export interface GrammarSchema {
  readonly schema: JsonObject;
  /** Sorted names of keywords that were left out, e.g. `minimum`, `pattern`. */
  readonly unenforced: readonly string[];
}

const scalars = ['string', 'number', 'integer', 'boolean', 'null'];
const anything: JsonObject = {
  oneOf: [
    { type: scalars.filter((type) => type !== 'integer') },
    { type: 'object', additionalProperties: true },
    { type: 'array' },
  ],
};

const annotations = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
]);
const handled = new Set([...annotations, '$schema', '$id', '$defs', 'definitions', 'type', 'required']);
const unsupported = [
  'allOf',
  'not',
  'if',
  'patternProperties',
  'propertyNames',
  'dependentSchemas',
  'dependentRequired',
];
const kept: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength'],
  object: ['minProperties', 'maxProperties'],
  array: ['minItems', 'maxItems'],
};
/** Keywords that say nothing about a value of another type. */
const structural = new Set([
  'properties',
  'additionalProperties',
  'items',
  'prefixItems',
  ...Object.values(kept).flat(),
]);
const keptFormats = ['date-time', 'date', 'time'];

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Translates a JSON Schema to the grammar's subset. Every answer the grammar allows has the shape the schema asks for; all named
 * properties are always present. Throws QwenEvalError E_CAPABILITY for a shape that no grammar of this engine can express.
 */
export function toGrammarSchema(schema: JsonSchema): GrammarSchema {
  const unenforced = new Set<string>();
  const translated = translate(schema, unenforced);
  const definitions = isObject(schema) ? { ...asObject(schema['definitions']), ...asObject(schema['$defs']) } : {};
  const defs = mapValues(definitions, (definition) => translate(definition, unenforced));
  return {
    schema: Object.keys(defs).length > 0 ? { ...translated, $defs: defs } : translated,
    unenforced: [...unenforced].sort(),
  };
}

function translate(schema: Json | undefined, unenforced: Set<string>): JsonObject {
  if (schema === true) return anything;
  if (!isObject(schema)) throw refusal(`the schema ${JSON.stringify(schema)}`);
  for (const keyword of unsupported) if (keyword in schema) throw refusal(`"${keyword}"`);
  const reference = schema['$ref'];
  if (reference !== undefined) return { $ref: localReference(reference) };
  const alternatives = schema['oneOf'] ?? schema['anyOf'];
  if (Array.isArray(alternatives)) {
    if ('properties' in schema) throw refusal('"properties" beside "anyOf" or "oneOf"');
    return { oneOf: alternatives.map((alternative: Json) => translate(alternative, unenforced)) };
  }
  if ('const' in schema) return { const: scalarOnly(schema['const'], 'const') };
  const choices = schema['enum'];
  if (Array.isArray(choices)) return { enum: choices.map((choice: Json) => scalarOnly(choice, 'enum')) };
  return translateTyped(schema, unenforced);
}

function translateTyped(schema: JsonObject, unenforced: Set<string>): JsonObject {
  const type = schema['type'] ?? (schema['properties'] ? 'object' : schema['items'] ? 'array' : undefined);
  if (type === undefined) return anything;
  if (Array.isArray(type)) {
    if (type.every((name: Json) => scalars.includes(String(name)) && !(String(name) in kept))) return { type };
    return { oneOf: type.map((name: Json) => translateTyped({ ...schema, type: name }, unenforced)) };
  }
  const name = String(type);
  const own = kept[name] ?? [];
  const result: Record<string, Json> = { type: name };
  for (const keyword of own) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  if (name === 'string' && keptFormats.includes(String(schema['format']))) result['format'] = schema['format'] ?? null;
  if (name === 'object') Object.assign(result, objectParts(schema, unenforced));
  if (name === 'array') Object.assign(result, arrayParts(schema, unenforced));
  for (const keyword of Object.keys(schema))
    if (!handled.has(keyword) && !structural.has(keyword) && !(keyword in result)) unenforced.add(keyword);
  return result;
}

function objectParts(schema: JsonObject, unenforced: Set<string>): JsonObject {
  const properties = asObject(schema['properties']);
  const extra = schema['additionalProperties'] ?? Object.keys(properties).length === 0;
  return {
    properties: mapValues(properties, (property) => translate(property, unenforced)),
    additionalProperties: typeof extra === 'boolean' ? extra : translate(extra, unenforced),
  };
}

function arrayParts(schema: JsonObject, unenforced: Set<string>): JsonObject {
  const { items, prefixItems } = schema;
  return {
    ...(items === undefined || items === true ? {} : { items: translate(items, unenforced) }),
    ...(Array.isArray(prefixItems)
      ? { prefixItems: prefixItems.map((item: Json) => translate(item, unenforced)) }
      : {}),
  };
}

function localReference(reference: Json): string {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(reference))?.[1];
  if (name === undefined) throw refusal(`the reference ${String(reference)}`);
  return `#/$defs/${name}`;
}

function scalarOnly(value: Json | undefined, keyword: string): Json {
  if (value === undefined || (typeof value === 'object' && value !== null))
    throw refusal(`"${keyword}" of an object or array`);
  return value;
}

const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const mapValues = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

const refusal = (what: string): QwenEvalError =>
  new QwenEvalError('E_CAPABILITY', `The embedded engine's grammar cannot express ${what}.`, {
    hint: 'Use a server that enforces JSON Schema (--base-url), or simplify the schema.',
  });
