import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const app = mkdtempSync(join(tmpdir(), 'qwen-eval-package-'));
const minutes = 60_000;
const megabyte = 1e6;

interface Entry {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Every file and folder below a folder; a file counts the blocks it takes. */
function entries(folder: string): Entry[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return [{ path, sizeBytes: 0 }, ...entries(path)];
    const { size, blocks } = statSync(path);
    return [{ path, sizeBytes: Math.max(size, 512 * (blocks ?? 0)) }];
  });
}

const names = (list: readonly Entry[], pattern: RegExp): readonly string[] =>
  list.map(({ path }) => path.slice(app.length)).filter((path) => pattern.test(path));

/** npm as a user runs it: none of the settings of this project or of the npm that runs the tests. */
function npm(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(?!config_(cache|registry|userconfig)$)/i.test(key)),
  );
  return run('npm', args, { cwd: app, env: environment, maxBuffer: 2 ** 28 });
}

afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the packed package in an empty folder', () => {
  let log = '';
  let installed: Entry[] = [];

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [join(root, 'tools/pack.mjs'), app], { maxBuffer: 2 ** 28 });
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
    const flags = ['--ignore-scripts=false', '--foreground-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    const result = await npm(['install', basename(stdout.trim()), ...flags]);
    log = result.stdout + result.stderr;
    installed = entries(join(app, 'node_modules'));
  }, 10 * minutes);

  it('installs without a warning, in 220 MB', () => {
    expect(log).not.toMatch(/warn|deprecated/i);
    const total = installed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(total / megabyte).toBeLessThan(220);
    expect(total / megabyte).toBeGreaterThan(50);
  });

  it('runs no install script, and no package has one', () => {
    expect(log).not.toMatch(/^> /m);
    expect(readFileSync(join(app, 'node_modules/.package-lock.json'), 'utf8')).not.toMatch(/hasInstallScript/);
    const manifests = installed.filter(({ path }) =>
      /node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+[/\\]package\.json$/.test(path),
    );
    expect(manifests.length).toBeGreaterThan(80);
    const scripted = manifests.filter(({ path }) => {
      const { scripts = {} } = JSON.parse(readFileSync(path, 'utf8')) as { readonly scripts?: Record<string, string> };
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    expect(scripted.map(({ path }) => path)).toEqual([]);
  });

  it('brings CPU binaries only, no sources of the engine and nothing that was built or fetched', () => {
    expect(names(installed, /@node-llama-cpp[/\\][^/\\]*(cuda|vulkan)/)).toEqual([]);
    expect(
      names(installed, /gitRelease\.bundle|llama[/\\](addon|CMakeLists|localBuilds|llama\.cpp$)|node-gyp|cmake-js/),
    ).toEqual([]);
    expect(names(installed, /[/\\](build[/\\]Release|CMakeCache\.txt)$/)).toEqual([]);
    expect(names(installed, /@node-llama-cpp[/\\].*\.node$/).length).toBeGreaterThan(0);
  });

  it('runs as a command', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    expect((await run('npx', ['--no-install', 'qwen-eval', '--version'], { cwd: app })).stdout.trim()).toBe(version);
  });

  it('evaluates the built-in model', async () => {
    const args = [
      '--no-install',
      'qwen-eval',
      'run',
      '--tasks',
      'synthetic_arithmetic',
      '--limit',
      '4',
      '--mode',
      'non-thinking',
      '--offline',
      '--json',
    ];
    const { stdout } = await run('npx', args, { cwd: app, env: { ...process.env, QE_CACHE_DIR: join(app, 'cache') } });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'complete', tasks: [{ counts: { planned: 4, scored: 4 } }] });
    expect(readdirSync(app)).toContain('TRACKER.md');
  });

  it('answers through its engine alone', async () => {
    writeFileSync(
      join(app, 'ask.js'),
      `import llamaCpp from 'qwen-eval/engines/llama-cpp';
      const deadlines = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };
      const engine = await llamaCpp.open(
        { model: null, baseUrls: [], apiKey: null, sequences: 2, contextLength: 512, threads: 1, batchSize: null,
          kvCacheType: null, extraBody: {}, deadlines, engineOptions: {} },
        { nowMs: () => performance.now(), random: Math.random, log: (...line) => console.error(...line) },
      );
      const sampling = { temperature: 0, topP: null, topK: null, minP: null, presencePenalty: null,
        repetitionPenalty: null, seed: null };
      const prompt = { kind: 'text', text: 'Once' };
      const request = { model: 'm', prompt, maxTokens: 5, stop: [], sampling, responseFormat: { kind: 'text' } };
      for await (const delta of engine.generate(request)) if (delta.kind === 'finish') console.log(delta.usage.completionTokens);
      await engine.close();`,
    );
    const { stdout, stderr } = await run(process.execPath, ['ask.js'], { cwd: app });
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: '5', stderr: '' });
  });

  it('can be imported by its sub-paths, with types, and keeps its inside to itself', async () => {
    writeFileSync(
      join(app, 'use.ts'),
      `import { run, type RunPlan } from 'qwen-eval';
      import llamaCpp from 'qwen-eval/engines/llama-cpp';
      import { defineEngine, type EnginePlugin } from 'qwen-eval/core/ports/engine';
      import { StopFilter } from 'qwen-eval/engines/support/stop-filter';
      export const plugin: EnginePlugin = defineEngine({ ...llamaCpp, id: 'mine' });
      export const wrong: number = llamaCpp.id;
      export const planned: RunPlan | null = null;
      void StopFilter, run;`,
    );
    const compiler = join(root, 'node_modules/.bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      '',
    ];
    const problems = await run(compiler, [...flags, 'use.ts'], { cwd: app }).then(
      () => 'none',
      (error: unknown) => (error as { readonly stdout: string }).stdout,
    );
    expect(problems.trim().split('\n')).toEqual([
      expect.stringMatching(/^use\.ts\(4,.*TS2307.*support\/stop-filter/),
      expect.stringMatching(/^use\.ts\(6,.*TS2322.*'string' is not assignable to type 'number'/),
    ]);
    await expect(
      run(process.execPath, ['-e', `import('qwen-eval/engines/support/stop-filter')`], { cwd: app }),
    ).rejects.toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});
