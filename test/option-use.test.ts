import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { OptionDefinition } from '../src/config/option-definition.ts';
import { options } from '../src/config/options.ts';

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
