import { QwenEvalError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { environmentOf, flagOf, type OptionDefinition, type OptionValue } from './option-definition.ts';
import { options, type OptionName, type Options } from './options.ts';

/** Where a value came from. */
export type OptionSource = 'flag' | 'env' | 'config' | 'default' | 'unset';

export interface ResolvedOptions {
  readonly values: Options;
  readonly sources: Readonly<Record<OptionName, OptionSource>>;
}

export interface OptionInputs {
  /** Values by option name as the command line gave them (text or already typed). */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly config: Readonly<Record<string, unknown>>;
}

const definitions: readonly OptionDefinition[] = options;

/** Merges flags over environment over config file over defaults, checks every value, and freezes the outcome. Errors name the option and where its value came from. */
export function resolveOptions(inputs: OptionInputs): ResolvedOptions {
  const values: Record<string, OptionValue | null> = {};
  const sources: Record<string, OptionSource> = {};
  for (const definition of definitions) {
    const found = findValue(definition, inputs);
    values[definition.name] =
      found.raw === undefined ? (definition.default ?? null) : parseOption(definition, found.raw, found.where);
    sources[definition.name] = found.source;
  }
  return Object.freeze({
    values: Object.freeze(values) as unknown as Options,
    sources: Object.freeze(sources),
  });
}

function findValue(
  definition: OptionDefinition,
  inputs: OptionInputs,
): { raw: unknown; source: OptionSource; where: string } {
  const flag = inputs.flags[definition.name];
  if (flag !== undefined && !definition.environmentOnly)
    return { raw: flag, source: 'flag', where: flagOf(definition) };
  for (const name of environmentOf(definition)) {
    const value = inputs.environment[name];
    if (value !== undefined && value !== '') return { raw: value, source: 'env', where: name };
  }
  const configured = inputs.config[definition.name];
  if (configured !== undefined && !definition.secret) {
    return { raw: configured, source: 'config', where: `config key ${definition.name}` };
  }
  return { raw: undefined, source: definition.default === undefined ? 'unset' : 'default', where: '' };
}

/** Parses one raw value (text, or a typed value of a config file or library call) by its definition. Throws E_OPTION_INVALID. */
export function parseOption(
  definition: OptionDefinition,
  raw: unknown,
  where: string = flagOf(definition),
): OptionValue {
  switch (definition.type) {
    case 'integer':
    case 'number':
      return parseNumber(definition, raw, where);
    case 'boolean':
      return parseBoolean(raw, where);
    case 'list':
      return parseList(raw, where);
    case 'json':
      return parseJsonObject(raw, where);
    case 'string':
      return parseText(definition, raw, where);
  }
}

const invalid = (where: string, raw: unknown, wanted: string): QwenEvalError =>
  new QwenEvalError('E_OPTION_INVALID', `${where} is ${JSON.stringify(raw) ?? String(raw)}, but must be ${wanted}`, {
    hint: `give ${where} ${wanted}`,
  });

function parseNumber(definition: OptionDefinition, raw: unknown, where: string): number {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
  const { minimum = -Infinity, maximum = Infinity } = definition;
  const kind = definition.type === 'integer' ? 'a whole number' : 'a number';
  const range =
    minimum > -Infinity && maximum < Infinity
      ? ` from ${minimum} to ${maximum}`
      : minimum > -Infinity
        ? ` of at least ${minimum}`
        : maximum < Infinity
          ? ` of at most ${maximum}`
          : '';
  const isWhole = definition.type !== 'integer' || Number.isSafeInteger(value);
  if (!Number.isFinite(value) || !isWhole || value < minimum || value > maximum)
    throw invalid(where, raw, `${kind}${range}`);
  return value;
}

function parseBoolean(raw: unknown, where: string): boolean {
  if (typeof raw === 'boolean') return raw;
  const text = String(raw).toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  if (['0', 'false', 'no', 'off'].includes(text)) return false;
  throw invalid(where, raw, 'true or false');
}

function parseList(raw: unknown, where: string): readonly string[] {
  const parts = Array.isArray(raw) ? raw : [raw];
  const items = parts.flatMap((part) => {
    if (typeof part !== 'string') throw invalid(where, raw, 'a list of names');
    return part.split(',').map((item) => item.trim());
  });
  const kept = items.filter((item) => item !== '');
  if (kept.length === 0) throw invalid(where, raw, 'a list of at least one name');
  return Object.freeze([...new Set(kept)]);
}

function parseJsonObject(raw: unknown, where: string): JsonObject {
  let value: unknown = raw;
  if (typeof raw === 'string') {
    try {
      value = JSON.parse(raw);
    } catch {
      throw invalid(where, raw, 'a JSON object such as {"key": 1}');
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(where, raw, 'a JSON object such as {"key": 1}');
  return Object.freeze(value) as JsonObject;
}

function parseText(definition: OptionDefinition, raw: unknown, where: string): string {
  if (typeof raw !== 'string' || raw.trim() === '') throw invalid(where, raw, 'a text that is not empty');
  if (definition.choices && !definition.choices.includes(raw))
    throw invalid(where, raw, `one of ${definition.choices.join(', ')}`);
  return raw;
}
