import type { JsonObject } from '../core/json.ts';
import { analysisOptions } from './analysis-options.ts';
import { costOptions } from './cost-options.ts';
import { generationOptions } from './generation-options.ts';
import type { OptionDefinition } from './option-definition.ts';
import { recommendOptions } from './recommend-options.ts';
import { planningOptions } from './planning-options.ts';
import { runOptions } from './run-options.ts';
import { workflowOptions } from './workflow-options.ts';

/** THE option table: flags, env variables, config keys, help and docs derive from it. */
export const options = [
  ...generationOptions,
  ...runOptions,
  ...costOptions,
  ...analysisOptions,
  ...planningOptions,
  ...workflowOptions,
  ...recommendOptions,
] as const satisfies readonly OptionDefinition[];

type Definition = (typeof options)[number];

type ValueOf<D> = D extends { readonly type: 'string'; readonly choices: readonly (infer C)[] }
  ? C
  : D extends { readonly type: 'string' }
    ? string
    : D extends { readonly type: 'integer' | 'number' }
      ? number
      : D extends { readonly type: 'boolean' }
        ? boolean
        : D extends { readonly type: 'list' }
          ? readonly string[]
          : JsonObject;

/** Name of an option. */
export type OptionName = Definition['name'];

/** Every option with its typed value; null where it was not given and has no default. */
export type Options = {
  readonly [D in Definition as D['name']]: D extends { readonly default: unknown } ? ValueOf<D> : ValueOf<D> | null;
};

/** The options one command takes, in table order. */
export const optionsOf = (command: string): readonly OptionDefinition[] =>
  (options as readonly OptionDefinition[]).filter(
    (option) => option.commands.includes('*') || option.commands.includes(command),
  );
