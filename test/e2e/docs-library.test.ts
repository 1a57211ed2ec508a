import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/run-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder('docs-library');
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'qwen-eval'));

const page = readFileSync(join(root, 'docs', 'library.md'), 'utf8');
const examples = [...page.matchAll(/## ([^\n]+)\n(?:(?!\n## )[\s\S])*?```js\n([\s\S]*?)```/g)].map(
  ([, title = '', code = '']) => ({ title, code }),
);

it('finds the examples of the page', () => {
  expect(examples.map(({ title }) => title)).toEqual([
    'Run an evaluation',
    'Plan without running',
    'Score answers that another tool made',
    'Define a task',
    'Define an engine',
  ]);
});

it.each(examples)('$title: the example prints what the page says', ({ title, code }) => {
  const file = join(folder, `${title.replaceAll(/\W+/g, '-')}.mjs`);
  writeFileSync(file, code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--preserve-symlinks', file], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  expect(promised.length).toBeGreaterThan(0);
  expect(stdout.trim().split('\n')).toEqual(promised);
});

it('importing the library touches nothing and knows its names', () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', "const m = await import('qwen-eval'); console.log(Object.keys(m).sort().join(' '))"],
    { cwd: folder, encoding: 'utf8', env: {} },
  );
  expect(status).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "QwenEvalError certifyTask defineConfig defineEngine defineMetric defineSandbox defineScorer defineTask exitCodeOf formatEstimate isEstimated isQwenEvalError plan readJournal rescore resume run score supported unsupported
    "
  `);
});
