import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flagOf, type OptionDefinition } from '../src/config/option-definition.ts';
import { optionsOf } from '../src/config/options.ts';
import { loadAllTasks } from '../src/runner/load-plugin.ts';
import { suites } from '../src/runner/suites.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = readdirSync(join(root, 'src/cli/commands')).map((name) => name.replace(/\.ts$/, ''));
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts;

describe.each(['README.md', 'docs/tutorial.md'])('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = [...text.matchAll(/^(?:npx )?qwen-eval ([a-z-]+)(.*)$/gm)].map(([, command = '', rest = '']) => ({
    command,
    flags: (rest.split(' # ')[0] ?? '').match(/--[a-z-]+/g) ?? [],
  }));

  it('names commands that exist', () => {
    const named = [...text.matchAll(/`(?:npx )?qwen-eval ([a-z]+)\b/g)].map(([, command = '']) => command);
    expect(lines.length).toBeGreaterThan(5);
    const all = [...named, ...lines.map(({ command }) => command)];
    expect(all.filter((command) => ![...commands, 'help'].includes(command))).toEqual([]);
    const npm = [...text.matchAll(/npm (?:run )?([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(npm.filter((name) => !(name in scripts) && name !== 'ci' && name !== 'install')).toEqual([]);
  });

  it('gives each command only flags it has', () => {
    const wrong = lines.flatMap(({ command, flags }) => {
      if (command === 'help') return [];
      const known = new Set(optionsOf(command).map((option: OptionDefinition) => flagOf(option)));
      return flags.filter((flag) => !known.has(flag)).map((flag) => `${command} ${flag}`);
    });
    expect(wrong).toEqual([]);
  });

  it('leads to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
  });
});

describe('README.md', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');

  it('is a page and a half at most', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(151);
  });

  it('lists tasks that exist, and leaves out none but those it counts', async () => {
    const ids = (await loadAllTasks()).map((task) => task.id);
    const table = text.slice(text.indexOf('| | tasks |'), text.indexOf('The same run measures'));
    const named = [...table.matchAll(/`([a-z0-9_]+)`/g)].map(([, id = '']) => id);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    const others = ids.filter((id) => !named.includes(id));
    expect(others.every((id) => id.startsWith('bfcl_'))).toBe(true);
    expect(table).toContain(`and ${others.length} more of BFCL v4`);
  });

  it('shows what the default run prints', () => {
    const capture = text.slice(text.indexOf('<!-- capture:begin -->'), text.indexOf('<!-- capture:end -->'));
    for (const { task } of suites['synthetic'] ?? []) expect(capture).toContain(task);
    expect(capture).toContain('score [95 % interval]');
    expect(capture).toContain('thinking compared with non-thinking');
  });
});
