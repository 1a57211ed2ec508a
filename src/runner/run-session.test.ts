import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '../core/json.ts';
import type { ResultDocument } from '../core/result-document.ts';
import type { RunEvent } from '../core/run-event.ts';
import { readJournal } from '../store/journal.ts';
import { createRunDirectory, loadResultDocument, runDirectoryAt, type RunDirectory } from '../store/run-directory.ts';
import { engineSettings } from '../../test/support/engine-settings.ts';
import { echoTask, preparedRun, runDocument, testDependencies } from '../../test/support/prepared-run.ts';
import { loadEngine } from './load-plugin.ts';
import type { RunOptions } from './run.ts';
import { RunSession } from './run-session.ts';

const out = mkdtempSync(join(tmpdir(), 'session-'));
afterAll(() => rmSync(out, { recursive: true }));

const never = (): AbortSignal => new AbortController().signal;
let runs = 0;

interface Sitting {
  readonly rules: readonly Json[];
  readonly count?: number;
  readonly options?: RunOptions;
  readonly directory?: RunDirectory;
  readonly drain?: AbortSignal;
  readonly stop?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** One sitting with the scripted engine; a directory of an earlier one is gone on with. */
async function sit(sitting: Sitting) {
  const plugin = await loadEngine('scripted');
  const engine = await plugin.open(engineSettings({ engineOptions: { rules: sitting.rules } }), {
    nowMs: () => performance.now(),
    random: Math.random,
    log: () => undefined,
  });
  const prepared = await preparedRun({
    engine,
    tasks: [echoTask(sitting.count ?? 20)],
    options: { retries: 3, ...sitting.options },
  });
  const document = runDocument(prepared, `run-${sitting.directory ? runs : ++runs}`);
  const directory = sitting.directory ?? createRunDirectory(out, document);
  const session = new RunSession(prepared, {
    directory,
    document,
    control: { drain: sitting.drain ?? never(), stop: sitting.stop ?? never() },
    dependencies: { ...testDependencies, random: () => 0 },
    services: { sandbox: null, judge: null },
    certify: () => Promise.resolve(null),
  });
  const events: RunEvent[] = [];
  for await (const event of session.run()) {
    events.push(event);
    sitting.onEvent?.(event);
  }
  await engine.close();
  const last = events.at(-1);
  if (last?.kind !== 'runEnded') throw new Error('the run did not end');
  return { directory, events, result: last.result, reason: last.reason };
}

const answers = [{ echo: true }];

/** What must be equal however often a run was interrupted. */
const essence = ({ model, status, tasks, usage }: ResultDocument) => ({
  model,
  status,
  tasks,
  tokens: [usage.promptTokens, usage.completionTokens],
});

describe('RunSession', () => {
  it('does every sample once and leaves journal, result and Parquet', async () => {
    const { directory, result, reason } = await sit({ rules: answers });
    expect(reason).toBe('complete');
    expect(loadResultDocument(directory)).toEqual(result);
    expect([...readJournal(directory.samplesFile)].map((record) => record.sampleId).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, index) => `n/${index}`).toSorted(),
    );
    expect(result.tasks[0]).toMatchObject({
      metrics: { accuracy: { value: 1, high: 1, method: 'wilson', n: 20 } },
      counts: { planned: 20, scored: 20, unscored: 0, truncated: 0, byCode: {} },
      categories: { even: { n: 10 }, odd: { n: 10 } },
      coverage: 1,
    });
  });

  it('tries again after faults that pass, and counts the attempts', async () => {
    const { result, directory } = await sit({
      rules: [{ when: 'what is <3>', times: 2, fault: { code: 'E_ENGINE_SERVER' } }, { echo: true }],
    });
    expect(result.tasks[0]?.counts).toMatchObject({ scored: 20, unscored: 0 });
    const record = [...readJournal(directory.samplesFile)].find(({ sampleId }) => sampleId === 'n/3');
    expect(record?.attempts).toBe(3);
  });

  it('never scores a transport fault: the run is incomplete, and a resume completes it to the same result', async () => {
    const broken = await sit({
      rules: [{ when: 'what is <[47]>', fault: { code: 'E_ENGINE_STREAM' } }, { echo: true }],
    });
    expect(broken.reason).toBe('incomplete');
    expect(broken.result.status).toBe('incomplete');
    expect(broken.result.tasks[0]).toMatchObject({
      counts: { planned: 20, scored: 18, unscored: 2, byCode: { 'infra.network': 2 } },
      metrics: { accuracy: { unavailable: expect.stringContaining('only 90.0 % of the samples are scored') } },
      bounds: { worst: 0.9, best: 1 },
    });
    const mended = await sit({ rules: answers, directory: broken.directory });
    const whole = await sit({ rules: answers });
    expect(mended.events.filter((event) => event.kind === 'sampleFinished')).toHaveLength(2);
    expect(essence(mended.result)).toEqual(essence(whole.result));
  });

  it('keeps a sample whose prompt exceeds the context as unscored, and does not try it again', async () => {
    const first = await sit({
      rules: [{ when: 'what is <5>', fault: { code: 'E_CONTEXT_EXCEEDED' } }, { echo: true }],
      count: 100,
    });
    expect(first.reason).toBe('complete');
    expect(first.result.tasks[0]?.counts).toMatchObject({ scored: 99, unscored: 1, byCode: { 'ctx.exceeded': 1 } });
    const again = await sit({ rules: answers, count: 100, directory: first.directory });
    expect(again.events.some((event) => event.kind === 'sampleFinished')).toBe(false);
  });

  it('drains on request: what is in flight finishes, nothing new starts', async () => {
    const drain = new AbortController();
    const { result, reason, directory } = await sit({
      rules: [{ echo: true, latencyMs: 20 }],
      count: 400,
      drain: drain.signal,
      onEvent: (event) => {
        if (event.kind === 'sampleFinished') drain.abort();
      },
    });
    expect(reason).toBe('interrupted');
    expect(result.status).toBe('incomplete');
    const done = [...readJournal(directory.samplesFile)].length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(100);
  });

  it('stops at once on a second request', async () => {
    const stop = new AbortController();
    const before = performance.now();
    const { reason } = await sit({
      rules: [{ echo: true, latencyMs: 30_000 }],
      stop: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'runStarted') setTimeout(() => stop.abort(), 50);
      },
    });
    expect(reason).toBe('interrupted');
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('gives up early when the engine is plainly not there', async () => {
    const { reason, result } = await sit({
      rules: [{ fault: { code: 'E_ENGINE_UNREACHABLE' } }],
      count: 1000,
      options: { retries: 0, maxConnections: 4 },
    });
    expect(reason).toBe('error_budget');
    expect(result.tasks[0]?.counts.scored).toBe(0);
    expect(result.tasks[0]?.counts.byCode['infra.network']).toBeLessThan(40);
  });

  it('throws what no request can survive, with everything finished saved', async () => {
    await expect(
      sit({ rules: [{ when: '<7>', fault: { code: 'E_ENGINE_AUTH' } }, { echo: true }] }),
    ).rejects.toMatchObject({
      code: 'E_ENGINE_AUTH',
    });
    const directory = runDirectoryAt(join(out, `run-${runs}`));
    expect(loadResultDocument(directory)?.status).toBe('incomplete');
  });

  it('gives epochs of their own', async () => {
    const { result, directory } = await sit({ rules: answers, options: { epochs: 3 }, count: 5 });
    expect(result.tasks[0]?.counts).toMatchObject({ planned: 15, scored: 15 });
    expect(new Set([...readJournal(directory.samplesFile)].map((record) => record.epoch))).toEqual(new Set([0, 1, 2]));
  });
});
