// Writes docs/reference.md from the option table and the commands; --check fails when it is not current. Needs a build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
const { options, optionsOf } = await load('config/options.js');
const { environmentOf, flagOf } = await load('config/option-definition.js');
const { errorExitCodes } = await load('core/errors.js');

const commandFiles = readdirSync(join(root, 'dist/cli/commands'))
  .filter((name) => name.endsWith('.js'))
  .toSorted();
const commands = await Promise.all(commandFiles.map(async (name) => (await load(`cli/commands/${name}`)).default));

const cell = (text) => text.replaceAll('|', '\\|');
const limits = ({ minimum, maximum, choices }) =>
  choices
    ? choices.join(', ')
    : minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : minimum !== undefined
        ? `≥ ${minimum}`
        : '';
const optionRow = (option) =>
  `| ${option.environmentOnly ? '–' : `\`${flagOf(option)}\``} | ${cell(option.description)} | ${cell(limits(option))} | ${option.default === undefined ? '' : `\`${String(option.default)}\``} | ${environmentOf(
    option,
  )
    .map((name) => `\`${name}\``)
    .join(', ')} |`;
const usage = (command) =>
  [
    'qwen-eval',
    command.id,
    ...command.arguments.map(({ name, required, variadic }) =>
      required ? `<${name}${variadic ? '...' : ''}>` : `[${name}]`,
    ),
    '[options]',
  ].join(' ');
const commandSection = (command) => {
  const own = optionsOf(command.id).filter((option) => !option.commands.includes('*') && !option.environmentOnly);
  return [
    `### ${command.id}`,
    `${command.summary[0].toUpperCase()}${command.summary.slice(1)}.`,
    ['```', usage(command), command.example, '```'].join('\n'),
    own.length === 0 ? null : `Options: ${own.map((option) => `\`${flagOf(option)}\``).join(' ')}`,
  ]
    .filter((part) => part !== null)
    .join('\n\n');
};

const text = `# Reference
Generated from the option table and the commands by \`node tools/generate-docs.mjs\`; do not edit.

Values are taken from flags, then the environment, then the config file (\`qwen-eval.config.yaml\`, \`.yml\`, \`.json\` or \`.mjs\`; keys are the
flag names in camelCase), then the defaults.

## Commands

${commands.map(commandSection).join('\n\n')}

## Options

| flag | meaning | values | default | environment |
|---|---|---|---|---|
${options.map(optionRow).join('\n')}

## Error codes

| code | exit code |
|---|---|
${Object.entries(errorExitCodes)
  .map(([code, exit]) => `| \`${code}\` | ${exit} |`)
  .join('\n')}
`;

const path = join(root, 'docs/reference.md');
if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  console.error('docs/reference.md is not current: run `node tools/generate-docs.mjs`');
  process.exitCode = 1;
}
