import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command as CommanderCommand, CommanderError, Option } from 'commander';
import { environmentOf, flagOf, type OptionDefinition } from '../config/option-definition.ts';
import { loadConfig } from '../config/load-config.ts';
import { options as optionTable, optionsOf } from '../config/options.ts';
import { resolveOptions } from '../config/resolve-options.ts';
import { closest } from '../core/closest.ts';
import { exitCodeOf, exitCodes, isQwenEvalError, QwenEvalError, type ExitCode } from '../core/errors.ts';
import { packageVersion } from '../runner/package-version.ts';
import type { Command, CommandStreams } from './command.ts';
import { followSignals } from './signals.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Ids of all commands: the names of the files in commands/. */
const commandIds = (): readonly string[] =>
  readdirSync(fileURLToPath(new URL('commands/', import.meta.url)))
    .filter((name) => /^[a-z-]+\.(?:js|ts)$/.test(name))
    .map((name) => name.replace(/\.(?:js|ts)$/, ''))
    .toSorted();

async function loadCommand(id: string): Promise<Command> {
  const module = (await import(new URL(`commands/${id}.${extension}`, import.meta.url).href)) as { default: Command };
  return module.default;
}

/** Runs the command line and gives the exit code; never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const streams: CommandStreams = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isLive: process.stderr.isTTY && !process.env['CI'],
    columns: process.stderr.columns ?? 100,
  };
  const wantsJson = args.includes('--json') || ['1', 'true'].includes(process.env['QE_JSON'] ?? '');
  try {
    return await execute(args, streams);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    reportError(error instanceof CommanderError ? usageError(error, args) : error, {
      streams,
      wantsJson,
      wantsStack: args.includes('--debug'),
    });
    return exitCodeOf(error instanceof CommanderError ? usageError(error, args) : error);
  }
}

const usageError = (error: CommanderError, args: readonly string[]): QwenEvalError =>
  new QwenEvalError('E_USAGE', error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' '), {
    hint: `see \`qwen-eval help ${args[0] ?? ''}\``,
  });

async function execute(args: readonly string[], streams: CommandStreams): Promise<ExitCode> {
  const ids = commandIds();
  const [first] = args;
  if (first === '--version' || first === '-V') {
    streams.out(`${packageVersion()}\n`);
    return exitCodes.ok;
  }
  const asked = first === 'help' ? args[1] : first;
  if (asked === undefined || asked.startsWith('-')) return showOverview(ids, streams);
  if (!ids.includes(asked)) {
    const suggestion = closest(asked, ids);
    throw new QwenEvalError('E_USAGE', `there is no command ${asked}`, {
      hint: `${suggestion ? `did you mean ${suggestion}? ` : ''}commands: ${ids.join(', ')}`,
    });
  }
  const command = await loadCommand(asked);
  const parser = parserOf(command, streams);
  if (first === 'help') {
    streams.out(parser.helpInformation());
    return exitCodes.ok;
  }
  parser.parse(args.slice(1), { from: 'user' });
  return invoke(command, { parser, streams });
}

async function invoke(
  command: Command,
  input: { readonly parser: CommanderCommand; readonly streams: CommandStreams },
): Promise<ExitCode> {
  const { parser, streams } = input;
  const flags = parser.opts<Record<string, unknown>>();
  const configPath = flags['config'] ?? process.env['QE_CONFIG'];
  const config = await loadConfig(typeof configPath === 'string' ? configPath : null, process.cwd());
  const resolved = resolveOptions({ flags, environment: process.env, config: config.values });
  const signals = followSignals(streams);
  try {
    const outcome = await command.run({
      arguments: parser.args,
      options: resolved.values,
      sources: resolved.sources,
      config,
      streams,
      control: signals.control,
    });
    if (resolved.values.json && outcome.document !== undefined)
      streams.out(`${JSON.stringify(outcome.document, null, 2)}\n`);
    else if (outcome.text !== '') streams.out(`${outcome.text}\n`);
    return outcome.exitCode;
  } finally {
    signals.dispose();
  }
}

function parserOf(command: Command, streams: CommandStreams): CommanderCommand {
  const parser = new CommanderCommand(`qwen-eval ${command.id}`)
    .description(command.summary)
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: streams.out, writeErr: () => undefined })
    .addHelpText('after', `\nExample:\n  ${command.example}\n`);
  for (const argument of command.arguments) {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    parser.argument(argument.required ? `<${name}>` : `[${name}]`, argument.description);
  }
  for (const option of optionsOf(command.id)) if (!option.environmentOnly) parser.addOption(flagFor(option));
  return parser;
}

function flagFor(definition: OptionDefinition): Option {
  const value =
    definition.type === 'boolean' ? '' : ` <${definition.placeholder ?? definition.choices?.join('|') ?? 'VALUE'}>`;
  const notes = [
    definition.choices && definition.placeholder !== undefined ? definition.choices.join(', ') : null,
    definition.default === undefined || definition.type === 'boolean' ? null : `default: ${String(definition.default)}`,
    `env: ${environmentOf(definition).join(', ')}`,
  ].filter((note) => note !== null);
  const option = new Option(`${flagOf(definition)}${value}`, `${definition.description} (${notes.join('; ')})`);
  if (definition.type === 'list')
    option.argParser((text: string, previous: readonly string[] | undefined) => [...(previous ?? []), text]);
  return option;
}

/** Summaries of all commands, which the build writes so that the help need not load what the commands do. */
const overviewFile = new URL('overview.json', import.meta.url);

type Summary = Pick<Command, 'id' | 'summary'>;

/** The summaries as the build wrote them, or of the commands themselves where nothing was built. */
const summaries = async (ids: readonly string[]): Promise<readonly Summary[]> =>
  existsSync(overviewFile)
    ? (JSON.parse(readFileSync(overviewFile, 'utf8')) as readonly Summary[])
    : Promise.all(ids.map(loadCommand));

async function showOverview(ids: readonly string[], streams: CommandStreams): Promise<ExitCode> {
  const commands = await summaries(ids);
  const width = Math.max(...ids.map((id) => id.length));
  const lines = commands.map((command) => `  ${command.id.padEnd(width)}  ${command.summary}`);
  streams.out(
    `qwen-eval: evaluates Qwen models so that the numbers can be believed\n\nUsage: qwen-eval <command> [options]\n\nCommands:\n${lines.join('\n')}\n\n` +
      `Every option has an environment variable (${environmentOf(optionTable[0])[0]} and so on) and a key in qwen-eval.config.yaml.\n` +
      `\`qwen-eval help <command>\` shows options and an example. Start with:\n  qwen-eval run\n`,
  );
  return exitCodes.ok;
}

function reportError(
  error: unknown,
  input: { readonly streams: CommandStreams; readonly wantsJson: boolean; readonly wantsStack: boolean },
): void {
  const { streams, wantsJson, wantsStack } = input;
  const known = isQwenEvalError(error);
  const code = known ? error.code : 'E_BUG';
  const message = error instanceof Error ? error.message : String(error);
  const hint = known ? error.hint : 'this is a fault of qwen-eval: please report it with the output of --debug';
  if (wantsJson) streams.out(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
  else streams.err(`${code}: ${message}\n${hint ? `  ${hint}\n` : ''}`);
  if (wantsStack && error instanceof Error) streams.err(`${error.stack ?? ''}\n`);
}
