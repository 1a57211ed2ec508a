import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const text = readFileSync(join(root, 'docs/statistics.md'), 'utf8');
const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '');

const folder = join(root, 'src/stats');
const modules = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(async (name) => (await import(pathToFileURL(join(folder, name)).href)) as Record<string, unknown>),
);
const exported: Record<string, unknown> = Object.assign({}, ...modules);

/** Values agree when all numbers agree to the twelve digits that are printed. */
function expectAgreement(actual: unknown, expected: unknown, line: string): void {
  if (typeof expected === 'number') {
    const allowed = 1e-10 * Math.max(1e-3, Math.abs(expected));
    expect(Math.abs((actual as number) - expected), `${line}: ${String(actual)}`).toBeLessThanOrEqual(allowed);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object), line).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected))
      expectAgreement((actual as Record<string, unknown>)[key], value, line);
  } else expect(actual, line).toBe(expected);
}

describe('docs/statistics.md', () => {
  it.each(blocks.map((block) => [block.split('\n')[0], block]))('%s', (_, block) => {
    const context = createContext({ ...exported });
    for (const line of (block ?? '').split('\n')) {
      const [, expression, expected] = /^(.*) \/\/ → (.*)$/.exec(line) ?? [];
      if (expression === undefined) runInContext(line, context);
      else expectAgreement(runInContext(expression, context), runInContext(`(${expected})`, context), line);
    }
  });

  it('has an example in every code block', () => {
    expect(blocks.length).toBeGreaterThan(12);
    for (const block of blocks) expect(block).toContain(' // → ');
  });

  it('names everything that src/stats exports', () => {
    const missing = Object.keys(exported).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(Object.keys(exported).length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });
});
