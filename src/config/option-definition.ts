import type { JsonObject } from '../core/json.ts';

/** Shape of an option's value. `list` is comma-separated or repeated; `json` is a JSON object. */
export type OptionType = 'string' | 'integer' | 'number' | 'boolean' | 'list' | 'json';

export type OptionValue = string | number | boolean | readonly string[] | JsonObject;

export interface OptionDefinition {
  /** camelCase name; flag, env variable and config key derive from it. */
  readonly name: string;
  readonly type: OptionType;
  /** Shown in help and docs: one clause, no full stop. */
  readonly description: string;
  /** Commands that take it; `*` is every command. */
  readonly commands: readonly string[];
  readonly default?: OptionValue;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Name of the value in help. */
  readonly placeholder?: string;
  /** Further env variables that are honoured, the `QE_` one first. */
  readonly environment?: readonly string[];
  /** Never written to files or shown. */
  readonly secret?: boolean;
  /** Only from the environment, never a flag or a file. */
  readonly environmentOnly?: boolean;
}

/** `maxTokens` → `--max-tokens`. */
export const flagOf = (option: { readonly name: string }): string =>
  `--${option.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Env variables of an option in order of precedence: `QE_MAX_TOKENS`, then the ones other tools use. */
export const environmentOf = (option: OptionDefinition): readonly string[] => [
  `QE_${option.name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  ...(option.environment ?? []),
];
