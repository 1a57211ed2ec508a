import type { Json, JsonObject, JsonSchema } from '../../core/json.ts';
import { readJson } from '../json-reader.ts';

/** A parameter value that was written as untyped text. */
export interface CoercedParameter {
  readonly value: Json;
  /** True when the text had to be mended (Python literals, single quotes, trailing comma …). */
  readonly isMended: boolean;
  /** False when the text fits none of the schema's types: the value is then the text itself. */
  readonly fits: boolean;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON types a schema allows; empty when it does not say. */
function typesOf(schema: JsonSchema | undefined): readonly string[] {
  if (!isObject(schema)) return [];
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((item): item is string => typeof item === 'string');
  const options = schema.anyOf ?? schema.oneOf;
  return Array.isArray(options) ? options.flatMap((option) => (isObject(option) ? typesOf(option) : [])) : [];
}

const isInteger = (value: Json): boolean => typeof value === 'number' && Number.isInteger(value);

function matchesType(value: Json, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return isInteger(value);
  return typeof value === type;
}

/** A value of the enum or the const whose text is the given one; undefined when there is none. */
function namedValue(schema: JsonSchema | undefined, text: string): Json | undefined {
  if (!isObject(schema)) return undefined;
  const allowed = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const ?? null] : [];
  return allowed.find((value) => (typeof value === 'string' ? value : JSON.stringify(value)) === text);
}

const pythonWords: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/**
 * Types a parameter that the XML form carries as text: the schema decides. A string stays the text as it stands, however numeric it looks;
 * other types are read as JSON (`True`, `False` and `None` as the form's own template writes them); null is null whatever the type. Text that fits no type is kept as text.
 */
export function coerceParameter(text: string, schema: JsonSchema | undefined): CoercedParameter {
  const types = typesOf(schema);
  const asText: CoercedParameter = {
    value: text,
    isMended: false,
    fits: types.length === 0 || types.includes('string'),
  };
  const named = namedValue(schema, text);
  if (named !== undefined) return { value: named, isMended: false, fits: true };
  if (types.every((type) => type === 'string')) return asText;
  const trimmed = text.trim();
  // Parameters that may be left out are written as null even where the schema has no null.
  if (trimmed === 'null') return { value: null, isMended: false, fits: types.includes('null') };
  const word = pythonWords.get(trimmed);
  if (word !== undefined) {
    return types.some((type) => matchesType(word, type)) ? { value: word, isMended: false, fits: true } : asText;
  }
  const read = readJson(trimmed);
  if (read.fatal !== null || read.value === undefined || read.end < trimmed.length) return asText;
  const { value } = read;
  // A quoted string of a union with string is the text itself: unquoting it would change its meaning.
  if (
    typeof value === 'string' ||
    !types.some((type) => matchesType(value, type) || (type === 'integer' && typeof value === 'number'))
  ) {
    return asText;
  }
  return { value, isMended: read.mended.length > 0, fits: true };
}
