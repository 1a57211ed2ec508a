import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findRunDirectory } from '../store/run-directory.ts';
import { completeOptions, run } from './run.ts';
import { systemDependencies } from './system-dependencies.ts';

const folder = mkdtempSync(join(tmpdir(), 'qwen-eval-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('orders runs that start within one second', async () => {
  const script = join(folder, 'script.json');
  writeFileSync(script, JSON.stringify({ rules: [{ text: '12' }] }));
  const runAt = async (now: string, random: number): Promise<string> => {
    const options = completeOptions({
      engine: 'scripted',
      model: 'a-model',
      tasks: ['synthetic_arithmetic'],
      limit: 1,
      out: folder,
      tracker: 'none',
      engineOptions: { script },
    });
    const system = systemDependencies(options);
    const dependencies = { ...system, clock: { ...system.clock, now: () => now }, random: () => random };
    const events = run(options, { dependencies });
    for await (const event of events) if (event.kind === 'runStarted') return findRunDirectory(folder, 'latest').runId;
    throw new Error('the run did not start');
  };
  const first = await runAt('2026-01-01T00:00:00.100Z', 0.9);
  const second = await runAt('2026-01-01T00:00:00.200Z', 0.1);
  expect(first).toMatch(/^20260101T000000100Z-[0-9a-f]{8}-w{4}$/);
  expect(second).toMatch(/^20260101T000000200Z-[0-9a-f]{8}-3{4}$/);
});
