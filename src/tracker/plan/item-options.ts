import { flagOf, type OptionDefinition } from '../../config/option-definition.ts';
import { optionsOf } from '../../config/options.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import { serverSettings } from '../tracker-preset.ts';

/** Options that say what is evaluated or where things lie, and are therefore not taken over from an earlier run. */
const notTaken: ReadonlySet<string> = new Set(
  'tasks suite preset mode choiceMode taskOptions out dataDir tracker offline config json debug cacheDir'.split(' '),
);

const isSame = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Options of an earlier run that differ from the defaults and decide what is asked of whom. */
const inheritedOptions = (options: JsonObject): JsonObject =>
  Object.fromEntries(
    optionsOf('run')
      .filter(({ name, environmentOnly }) => !environmentOnly && !notTaken.has(name))
      .flatMap((definition) => {
        const value = options[definition.name];
        const unchanged = value === undefined || value === null || isSame(value, definition.default);
        return unchanged ? [] : [[definition.name, value] as const];
      }),
  );

/** Options that say which model answers and how it is reached. */
const reaching: ReadonlySet<string> = new Set(
  'model engine baseUrl engineOptions extraBody quantization maxModelLen threads'.split(' '),
);

/** How the model of an earlier run was reached, without what it was asked. */
export const reachingOptions = (options: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(inheritedOptions(options)).filter(([name]) => reaching.has(name)));

/** Options that ask one task of a run again as it was asked. */
export function repeatOptions(document: RunDocument, task: TaskPlan): JsonObject {
  const { plan, options } = document;
  const { extra, choiceMode } = task.settings;
  return {
    ...inheritedOptions(options),
    ...(plan.model.registryId !== null && options['model'] === undefined && options['baseUrl'] === undefined
      ? { model: plan.model.registryId }
      : {}),
    ...presetOption(plan.preset.requested, plan.preset.confirmed),
    tasks: [task.task],
    ...(plan.mode === 'unspecified' ? {} : { mode: plan.mode }),
    ...(choiceMode === null ? {} : { choiceMode }),
    ...(Object.keys(extra).length === 0 ? {} : { taskOptions: extra }),
  };
}

const presetOption = (preset: string, confirmed: string): JsonObject => (confirmed === 'yes' ? { preset } : {});

/** Options that evaluate a cell for the first time. `earlier` are those of a run of the same model, null where there is none. */
export const firstOptions = (
  cell: { readonly model: string; readonly preset: string; readonly task: string },
  earlier: JsonObject | null,
): JsonObject => ({
  ...(earlier ?? { model: cell.model }),
  ...(cell.preset === serverSettings ? {} : { preset: cell.preset }),
  tasks: [cell.task],
});

/** Options that choose the cell or the place of files, not how it is asked. */
const choosing: ReadonlySet<string> = new Set(
  'model engine baseUrl preset presets tasks suite out tracker config json debug cacheDir'.split(' '),
);

/** True when options that are given now ask something of another run than those it was made with. */
export const asksOtherwise = (given: JsonObject, made: JsonObject): boolean =>
  optionsOf('run').some(
    ({ name }) => !choosing.has(name) && given[name] !== undefined && !isSame(given[name], made[name]),
  );

/** `qwen-eval run --model … --preset … --tasks …`. */
export function runCommand(options: JsonObject): string {
  const definitions = optionsOf('run').filter(({ name }) => options[name] !== undefined && options[name] !== null);
  return [
    'qwen-eval run',
    ...definitions.map((definition) => argumentOf(definition, options[definition.name] as Json)),
  ].join(' ');
}

function argumentOf(definition: OptionDefinition, value: Json): string {
  const flag = flagOf(definition);
  if (definition.type === 'boolean') return flag;
  const text = Array.isArray(value)
    ? value.join(',')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return `${flag} ${/^[\w.,:/@+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`}`;
}
