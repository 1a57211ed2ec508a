import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { OptionDefinition } from '../src/config/option-definition.ts';
import { options } from '../src/config/options.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

const source = fileURLToPath(new URL('../src/', import.meta.url));

function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesOf(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
  });
}

const commands = readdirSync(join(source, 'cli/commands')).map((name) => name.replace(/\.ts$/, ''));
const users = filesOf(source)
  .filter((path) => !path.startsWith(join(source, 'config')))
  .map((path) => readFileSync(path, 'utf8'));
const table: readonly OptionDefinition[] = options;

it('shows every command with its summary in the help, without loading what the commands do', async () => {
  const folder = temporaryFolder('help');
  const { code, stdout } = await runCli(['--help'], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
  for (const id of commands) {
    const module = (await import(`../src/cli/commands/${id}.ts`)) as { readonly default: { readonly summary: string } };
    expect(stdout).toContain(`${id.padEnd(9)}  ${module.default.summary}`);
  }
});

describe('the option table', () => {
  it('has no option that is accepted and dropped', () => {
    const dropped = table
      .map((option) => option.name)
      .filter((name) => !users.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
    expect(dropped).toEqual([]);
  });

  it('gives options to commands that exist, and to no command twice', () => {
    const strangers = table.flatMap((option) =>
      option.commands
        .filter((command) => command !== '*' && !commands.includes(command))
        .map((command) => `${option.name}: ${command}`),
    );
    expect(strangers).toEqual([]);
    const repeated = table.filter((option) => new Set(option.commands).size < option.commands.length);
    expect(repeated.map((option) => option.name)).toEqual([]);
  });
});
