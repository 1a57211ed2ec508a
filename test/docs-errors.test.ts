import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flagOf } from '../src/config/option-definition.ts';
import { options } from '../src/config/options.ts';
import { errorExitCodes, exitCodes } from '../src/core/errors.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');

/** Code to the exit code that its row or the heading above it states. */
function documentedExitCodes(): Record<string, number> {
  const found: Record<string, number> = {};
  let ofSection: number | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) ofSection = Number(/exit code (\d+)/.exec(line)?.[1] ?? Number.NaN);
    const [, code, second] = /^\| `(E_\w+)` \| ([^|]*) \|/.exec(line) ?? [];
    if (code !== undefined)
      found[code] = /^\d+$/.test(second?.trim() ?? '') ? Number(second) : (ofSection ?? Number.NaN);
  }
  return found;
}

describe('docs/errors.md', () => {
  it('has every code, once, with its exit code', () => {
    expect(documentedExitCodes()).toEqual(errorExitCodes);
    for (const code of Object.keys(errorExitCodes)) expect(text.split(`| \`${code}\` |`)).toHaveLength(2);
  });

  it('has every exit code', () => {
    for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });

  it('names no flag that does not exist', () => {
    const known = new Set(options.map(flagOf));
    const named = [...text.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });
});
