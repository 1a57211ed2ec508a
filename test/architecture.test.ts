import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src');

const pure = ['core', 'stats', 'text'];
const adapters = ['datasets', 'engines', 'sandbox', 'telemetry', 'scheduling', 'store'];
const readers = ['core', 'stats', 'text', 'presets', 'config', 'store'];

/** Folder → folders it may import. A folder that is not listed here fails the test. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  stats: ['core'],
  text: ['core'],
  presets: ['core'],
  config: ['core'],
  prompt: pure,
  metrics: pure,
  scorers: pure,
  tasks: [...pure, 'prompt', 'metrics', 'scorers'],
  ...Object.fromEntries(adapters.map((folder) => [folder, ['core', 'text']])),
  runner: [...pure, ...adapters, 'presets', 'config', 'prompt', 'metrics', 'scorers', 'tasks', 'diagnosis'],
  diagnosis: readers,
  tracker: [...readers, 'diagnosis'],
  reports: [...readers, 'diagnosis', 'tracker'],
  importers: [...readers, 'runner', 'metrics', 'diagnosis', 'tracker'],
  cli: [
    ...pure,
    ...adapters,
    'presets',
    'config',
    'prompt',
    'metrics',
    'scorers',
    'tasks',
    'runner',
    'diagnosis',
    'tracker',
    'reports',
    'importers',
  ],
  '.': [
    ...pure,
    ...adapters,
    'presets',
    'config',
    'prompt',
    'metrics',
    'scorers',
    'tasks',
    'runner',
    'diagnosis',
    'tracker',
    'reports',
  ],
};

/** Packages that only some places may import (path prefixes relative to src). */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  undici: ['engines/', 'datasets/', 'telemetry/'],
  'eventsource-parser': ['engines/'],
  '@duckdb/node-api': ['store/'],
  commander: ['cli/'],
  'node-llama-cpp': ['engines/'],
  pyodide: ['sandbox/'],
  hyparquet: ['datasets/'],
  'node:child_process': ['engines/', 'sandbox/', 'store/', 'telemetry/', 'runner/', 'cli/'],
};

function modules(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return modules(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
  });
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

const folderOf = (path: string): string => {
  const parts = relative(source, path).split(sep);
  return parts.length === 1 ? '.' : (parts[0] ?? '.');
};

const all = modules(source);

describe('architecture', () => {
  it('visits the whole tree', () => {
    expect(all.length).toBeGreaterThan(15);
    expect([...new Set(all.map(folderOf))].filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  it('lets arrows point one way', () => {
    const wrong = all.flatMap((path) =>
      importsOf(path)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => ({
          from: folderOf(path),
          to: folderOf(resolve(dirname(path), specifier)),
          path,
          specifier,
        }))
        .filter(({ from, to }) => from !== to && !(mayImport[from] ?? []).includes(to))
        .map(({ path, specifier }) => `${relative(root, path)} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps plugins apart: no engine, task, sandbox or scorer imports another one', () => {
    const wrong = all.flatMap((path) => {
      const parts = relative(source, path).split(sep);
      if (parts.length !== 2 || !['engines', 'tasks', 'sandbox', 'reports'].includes(parts[0] ?? '')) return [];
      return importsOf(path)
        .filter((specifier) => /^\.\/[^/]+\.ts$/.test(specifier))
        .map((specifier) => `${relative(root, path)} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps core pure and packages at home', () => {
    const wrong = all.flatMap((path) => {
      const where = relative(source, path).split(sep).join('/');
      return importsOf(path).flatMap((specifier) => {
        if (/^(core|stats|text)\//.test(where) && specifier.startsWith('node:'))
          return [`${where} imports ${specifier}`];
        const homes = packageHomes[specifier];
        return homes && !homes.some((home) => where.startsWith(home)) ? [`${where} imports ${specifier}`] : [];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('keeps clocks and randomness out of pure code', () => {
    const wrong = all
      .filter((path) =>
        ['core', 'stats', 'text', 'prompt', 'metrics', 'scorers', 'tasks', 'diagnosis'].includes(folderOf(path)),
      )
      .filter((path) =>
        /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bperformance\.now\(/.test(readFileSync(path, 'utf8')),
      )
      .map((path) => relative(root, path));
    expect(wrong).toEqual([]);
  });

  it('names files after what they hold', () => {
    const wrong = all.filter(
      (path) =>
        /(^|[/\\])(utils?|helpers?|common|types|misc|manager|base)\.ts$/.test(path) ||
        !/^[a-z0-9.-]+$/.test(path.split(sep).at(-1) ?? ''),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps source files under 400 lines', () => {
    const long = all
      .filter((path) => readFileSync(path, 'utf8').split('\n').length > 401)
      .map((path) => relative(root, path));
    expect(long).toEqual([]);
  });
});
