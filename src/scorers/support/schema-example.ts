import type { Json, JsonObject, JsonSchema } from '../../core/json.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const scalarOf = (schema: JsonObject, type: string): Json => {
  if (type === 'integer' || type === 'number') return typeof schema.minimum === 'number' ? schema.minimum : 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (schema.format === 'date') return '2000-01-01';
  if (schema.format === 'date-time') return '2000-01-01T00:00:00Z';
  return schema.format === 'email' ? 'user@example.com' : 'string';
};

/**
 * A value made from a schema alone, as an agent would that copies the schema without reading the request: the first enum member, the
 * minimum, `string`, one item an array, every property of an object.
 */
export function schemaExample(schema: JsonSchema | undefined): Json {
  if (!isObject(schema)) return null;
  if ('const' in schema) return schema.const ?? null;
  if (Array.isArray(schema.enum)) return (schema.enum as readonly Json[])[0] ?? null;
  const options = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(options)) return schemaExample(options[0] as JsonSchema | undefined);
  const type = Array.isArray(schema.type) ? String(schema.type[0]) : String(schema.type);
  if (type === 'array') return [schemaExample(schema.items as JsonSchema | undefined)];
  if (type !== 'object') return scalarOf(schema, type);
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, schemaExample(property as JsonSchema)]),
  );
}
