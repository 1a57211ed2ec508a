import { flagOf, type OptionDefinition } from '../config/option-definition.ts';
import { options as optionTable } from '../config/options.ts';
import type { Json } from '../core/json.ts';
import type { RunDocument } from '../core/run-document.ts';

/** Options that say where things are put, not what is asked; the folder of the data is kept, for without it the task cannot be asked again. */
const elsewhere = new Set(['out', 'tracker', 'config', 'json', 'debug', 'cacheDir', 'offline']);

/** What to change in a run, by option name; null leaves the option out. */
export type OptionChanges = Readonly<Record<string, Json>>;

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const isDefault = ({ default: given }: OptionDefinition, value: Json): boolean =>
  JSON.stringify(given) === JSON.stringify(value);

function flagText(definition: OptionDefinition, value: Json): readonly string[] {
  if (definition.type === 'boolean') return value === true ? [flagOf(definition)] : [];
  const text = Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value);
  return [`${flagOf(definition)} ${quoted(text)}`];
}

/** The command line that does one task of a run (or all of it) again with some options changed; options at their default are left out. */
export function rerunCommand(
  document: Pick<RunDocument, 'options'>,
  task: string | null,
  changes: OptionChanges,
): string {
  const given: Record<string, Json> = { ...document.options };
  if (task !== null) {
    given['tasks'] = [task];
    given['suite'] = null;
  }
  Object.assign(given, changes);
  const flags = (optionTable as readonly OptionDefinition[])
    .filter(({ commands }) => commands.includes('run') || commands.includes('*'))
    .flatMap((definition) => {
      const value = given[definition.name] ?? null;
      const isKept = definition.name in changes || (!elsewhere.has(definition.name) && !isDefault(definition, value));
      return value === null || !isKept ? [] : flagText(definition, value);
    });
  return ['qwen-eval run', ...flags].join(' ');
}
