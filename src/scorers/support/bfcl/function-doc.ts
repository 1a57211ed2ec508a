import type { JsonObject, JsonSchema, Json } from '../../../core/json.ts';
import type { ToolDefinition } from '../../../core/message.ts';

/** Language whose literals the arguments are written in. */
export type BfclLanguage = 'python' | 'java' | 'javascript';

/** A function as the BFCL files describe it, with their own names of types. */
export interface FunctionDoc {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name under which a function is offered: dots are not allowed there. */
export const toolNameOf = (name: string): string => name.replaceAll('.', '_');

/** The parameters of a function with their own descriptions of types. */
export const parametersOf = (doc: FunctionDoc): JsonObject =>
  isObject(doc.parameters.properties) ? doc.parameters.properties : {};

/** Names of the parameters that must be given. */
export const requiredOf = (doc: FunctionDoc): readonly string[] =>
  Array.isArray(doc.parameters.required) ? (doc.parameters.required as readonly string[]) : [];

/** The files' name of a parameter's type, e.g. `integer`, `dict`, `ArrayList`; '' when it says none. */
export const typeNameOf = (parameter: Json | undefined): string =>
  isObject(parameter) && typeof parameter.type === 'string' ? parameter.type : '';

/** The schema of a list's items. */
export const itemsOf = (parameter: Json | undefined): Json | undefined =>
  isObject(parameter) ? parameter.items : undefined;

const jsonTypes: Readonly<Record<string, string>> = {
  dict: 'object',
  float: 'number',
  tuple: 'array',
  any: 'string',
  '': 'string',
};

/** A schema with JSON Schema's names of types. */
function schemaOf(node: JsonObject): JsonObject {
  const { optional: _, ...rest } = node;
  const members = Object.entries(rest).map(([key, value]): [string, Json] => {
    if (key === 'type') return [key, typeof value === 'string' ? (jsonTypes[value] ?? value) : value];
    if (key === 'properties' && isObject(value)) {
      return [
        key,
        Object.fromEntries(
          Object.entries(value).map(([name, inner]) => [name, isObject(inner) ? schemaOf(inner) : inner]),
        ),
      ];
    }
    return [key, key === 'items' && isObject(value) ? schemaOf(value) : value];
  });
  return Object.fromEntries(members);
}

/** A parameter whose value is written as a literal of another language. */
function literalSchema(parameter: Json, language: 'Java' | 'JavaScript'): JsonObject {
  const inner = typeNameOf(itemsOf(parameter));
  const type = `${typeNameOf(parameter)}${inner === '' ? '' : ` of ${inner}`}`;
  const description =
    isObject(parameter) && typeof parameter.description === 'string' ? `${parameter.description} ` : '';
  return { type: 'string', description: `${description}Give it as text: a ${language} literal of type ${type}.` };
}

/** A function as a tool; arguments of Java and JavaScript functions are literals written as text. */
export function toolOf(doc: FunctionDoc, language: BfclLanguage): ToolDefinition {
  const name = toolNameOf(doc.name);
  if (language === 'python') {
    const parameters: JsonSchema = schemaOf(doc.parameters);
    return { name, description: doc.description, parameters };
  }
  const word = language === 'java' ? 'Java' : 'JavaScript';
  const properties = Object.entries(parametersOf(doc)).map(([key, parameter]) => [key, literalSchema(parameter, word)]);
  return {
    name,
    description: doc.description,
    parameters: { type: 'object', properties: Object.fromEntries(properties) as JsonObject, required: requiredOf(doc) },
  };
}
