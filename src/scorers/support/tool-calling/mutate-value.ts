import type { Json, JsonObject, JsonSchema } from '../../../core/json.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function otherNumber(value: number, schema: JsonObject): number {
  const maximum = typeof schema.maximum === 'number' ? schema.maximum : Infinity;
  const minimum = typeof schema.minimum === 'number' ? schema.minimum : -Infinity;
  if (value + 1 <= maximum) return value + 1;
  return value - 1 >= minimum ? value - 1 : (value + minimum) / 2;
}

function otherText(value: string, schema: JsonObject): string {
  if (schema.format === 'date') return value === '2031-07-19' ? '2031-07-20' : '2031-07-19';
  if (schema.format === 'email') return `x${value}`;
  // A changed digit keeps patterns such as times and codes valid.
  if (/\d$/.test(value)) return value.slice(0, -1) + ((Number(value.at(-1)) + 1) % 10);
  return `${value}x`;
}

/**
 * Another value that the schema still allows: the smallest change that makes it wrong. Undefined when there is none (a single enum member,
 * an empty array).
 */
export function otherValue(value: Json, schema: JsonSchema | undefined): Json | undefined {
  const rules = isObject(schema) ? schema : {};
  if (Array.isArray(rules.enum)) return (rules.enum as readonly Json[]).find((member) => member !== value);
  if ('const' in rules) return undefined;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return otherNumber(value, rules);
  if (typeof value === 'string') return otherText(value, rules);
  if (Array.isArray(value)) {
    const [first, ...rest] = value as readonly Json[];
    if (first === undefined) return undefined;
    const other = otherValue(first, rules.items as JsonSchema | undefined);
    return other === undefined ? undefined : [other, ...rest];
  }
  if (!isObject(value)) return undefined;
  const properties = isObject(rules.properties) ? rules.properties : {};
  for (const [key, member] of Object.entries(value)) {
    const other = otherValue(member, properties[key] as JsonSchema | undefined);
    if (other !== undefined) return { ...value, [key]: other };
  }
  return undefined;
}
