import { z } from 'zod';
import { isQwenEvalError } from '../core/errors.ts';
import type { EnginePlugin } from '../core/ports/engine.ts';
import { engineIds, loadEngine } from '../runner/load-plugin.ts';
import type { Detail } from './detail.ts';

/** An engine in full: its own options, and for one that is started whether its program is here. Null when there is no such engine. */
export async function engineDetail(id: string): Promise<Detail | null> {
  if (!engineIds().includes(id)) return null;
  const plugin = await loadEngine(id);
  const { title, local, modelSource = null } = plugin;
  const options = optionsOf(plugin);
  const program = plugin.locate ? await programOf(plugin) : null;
  return {
    document: { id, title, local, modelSource, program, options },
    text: [
      `${id}: ${title}`,
      ...(program === null ? [] : [`program: ${program}`]),
      'options (--engine-options):',
      ...Object.entries(options).map(([name, schema]) => `  ${name}: ${schemaText(schema)}`),
      ...(Object.keys(options).length === 0 ? ['  none'] : []),
    ].join('\n'),
  };
}

type Schema = z.core.JSONSchema.BaseSchema;

function optionsOf({ optionsSchema }: EnginePlugin): Readonly<Record<string, Schema>> {
  const schema = z.toJSONSchema(optionsSchema, { io: 'input', unrepresentable: 'any' });
  const properties = Object.entries(schema.properties ?? {});
  return Object.fromEntries(properties.filter((entry): entry is [string, Schema] => typeof entry[1] === 'object'));
}

/** What a value may be, in words: `integer, 1 to 65535`. */
function schemaText(schema: Schema): string {
  const { anyOf, enum: values, items, type, minimum, maximum, exclusiveMinimum, default: usual } = schema;
  const kind =
    anyOf?.map((each) => (typeof each === 'object' ? schemaText(each) : 'anything')).join(' or ') ??
    values?.map(String).join(' or ') ??
    (type === 'array'
      ? `list of ${typeof items === 'object' && !Array.isArray(items) ? schemaText(items) : 'anything'}s`
      : type) ??
    'anything';
  const range =
    minimum !== undefined && maximum !== undefined
      ? `, ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `, ${minimum} or more`
        : exclusiveMinimum !== undefined
          ? `, above ${exclusiveMinimum}`
          : '';
  return `${kind}${range}${usual === undefined ? '' : ` (default: ${JSON.stringify(usual)})`}`;
}

async function programOf(plugin: EnginePlugin): Promise<string> {
  try {
    const found = await plugin.locate?.({});
    return found ? `${found.command.join(' ')} (${found.version ?? 'version not known'})` : 'not found';
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    return `${error.message}; ${error.hint ?? ''}`;
  }
}
