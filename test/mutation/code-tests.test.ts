import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxVerdict } from '../../src/core/ports/sandbox.ts';
import type { Task } from '../../src/core/ports/task.ts';
import { probeConfinement } from '../../src/sandbox/native/confinement.ts';
import { openNative } from '../../src/sandbox/native/open-native.ts';
import { quickestSandbox } from '../support/open-sandboxes.ts';
import { codeTaskFiles, misjudgedCode } from './code-cases.ts';
import { codeMutants, judgeMutants } from './code-mutants.ts';
import { mutantFolder, mutatedFiles, sourceOf } from './mutated-scorers.ts';

const place = mutantFolder('code-tests');
const taskFiles = codeTaskFiles.map((file) => `tasks/${file}.ts`);
const minutes = (count: number): number => count * 60_000;

const original = async (file: string): Promise<Task> =>
  ((await import(`../../src/tasks/${file}.ts`)) as { readonly default: Task }).default;

const limitMs = 1000;

/** A sandbox without long waits: no program here needs more than some milliseconds. */
const impatient = (sandbox: Sandbox): Sandbox => ({
  ...sandbox,
  run: (program) => sandbox.run({ ...program, timeLimitMs: Math.min(limitMs, program.timeLimitMs) }),
});

/** A sandbox that runs equal programs with equal tests once, whichever mutant asks. */
function rememberPrograms(sandbox: Sandbox): Sandbox {
  const known = new Map<string, Promise<SandboxVerdict>>();
  return {
    ...sandbox,
    run: ({ id, ...program }) => {
      const key = JSON.stringify(program);
      const verdict = known.get(key) ?? sandbox.run({ id, ...program });
      known.set(key, verdict);
      return verdict;
    },
  };
}

beforeAll(() => rmSync(place, { recursive: true, force: true }));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the code scorer and its certificate notice a changed rule', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = rememberPrograms(impatient(await quickestSandbox.open('strict')));
  });
  afterAll(() => sandbox.close());

  it('the unchanged scorer judges every answer rightly', async () => {
    expect(await misjudgedCode(original, sandbox)).toEqual([]);
  });

  it.each(codeMutants.map((mutant, index) => ({ ...mutant, index })))('$name', async ({ index, ...mutant }) => {
    expect(sourceOf(mutant.file).split(mutant.find)).toHaveLength(2);
    const folder = join(place, String(index));
    const load = mutatedFiles(mutant, folder, taskFiles);
    const wrong = await misjudgedCode((file) => load<Task>(`tasks/${file}.ts`), sandbox);
    rmSync(folder, { recursive: true });
    expect(wrong.length).toBeGreaterThan(0);
  });
});

const confinement = probeConfinement();

// The judging in Python is the same in both sandboxes; this one starts it from any folder.
const skipped = 'reason' in confinement ? ` [skipped: ${confinement.reason}]` : '';
describe.skipIf(skipped !== '')(`the certificate notices a changed rule of judging${skipped}`, () => {
  it.each(judgeMutants.map((mutant, index) => ({ ...mutant, index })))(
    '$name',
    async ({ index, file, find, replace }) => {
      if ('reason' in confinement) throw new Error(confinement.reason);
      const source = sourceOf(`sandbox/python/${file}`);
      expect(source.split(find)).toHaveLength(2);
      const pythonFolder = join(place, `python-${index}`);
      cpSync(confinement.pythonFolder, pythonFolder, { recursive: true });
      writeFileSync(
        join(pythonFolder, file),
        source.replace(find, () => replace),
      );
      const settings = { mode: 'strict', workers: 2, memoryBytes: 256 * 1024 * 1024, timeFactor: 1 } as const;
      // A sandbox that does not pass its own test has noticed.
      const sandbox = await openNative(settings, { ...confinement, pythonFolder }).catch(() => null);
      if (sandbox === null) return;
      try {
        expect((await misjudgedCode(original, impatient(sandbox))).length).toBeGreaterThan(0);
      } finally {
        await sandbox.close();
      }
    },
    minutes(3),
  );
});
