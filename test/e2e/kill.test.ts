import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { seededRng } from '../../src/stats/rng.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory, listRunDirectories } from '../../src/store/run-directory.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('kill');
afterAll(() => rmSync(folder, { recursive: true }));

const kills = 50;
const samples = 2000;

const answers = {
  rules: [
    { when: 'apples|buys', text: 'We add up: \\boxed{12}.', latencyMs: 15 },
    { text: 'It is \\boxed{7}.', latencyMs: 15 },
  ],
};
const run = (out: string): string[] =>
  [
    'run',
    '--engine',
    'scripted',
    '--engine-options',
    JSON.stringify(answers),
    '--tasks',
    'synthetic_arithmetic',
    '--limit',
    String(samples),
  ].concat(['--max-connections', '4', '--tracker', 'none', '--out', out, '--json']);

/** Everything in result.json but the fields that a resumed run may have otherwise. */
const essence = (result: ResultDocument) => {
  const { runId, timings: _timings, system: _system, usage, ...rest } = result;
  return {
    // Advice names the run.
    ...(JSON.parse(JSON.stringify(rest).replaceAll(runId, 'RUN')) as typeof rest),
    usage: { promptTokens: usage.promptTokens, completionTokens: usage.completionTokens },
  };
};

/** Bytes of all journals. */
const journalBytes = (out: string): number =>
  listRunDirectories(out).reduce(
    (sum, { samplesFile }) => sum + (existsSync(samplesFile) ? statSync(samplesFile).size : 0),
    0,
  );

/** Waits until a journal has grown. */
async function growth(out: string): Promise<void> {
  const before = journalBytes(out);
  while (journalBytes(out) <= before) await sleep(5);
}

it(
  `survives ${kills} SIGKILLs at random moments: the resumed result is the uninterrupted one`,
  { timeout: 600_000 },
  async () => {
    const out = join(folder, 'killed');
    const rng = seededRng('kill moments');
    let killed = 0;
    while (killed < kills) {
      const args =
        listRunDirectories(out).length === 0
          ? run(out)
          : ['resume', 'latest', '--out', out, '--max-connections', '4', '--json'];
      // Some are killed while they start, most at a moment within the time in which samples are written.
      const startMs = rng.chance(0.25) ? rng.integer(0, 600) : null;
      const writingMs = rng.integer(0, 160);
      const moment = async (): Promise<void> => {
        if (startMs === null) await growth(out);
        await sleep(startMs ?? writingMs);
      };
      const ended = await runCli(args, {
        cwd: folder,
        onStart: (child) => void moment().then(() => child.kill('SIGKILL')),
      });
      if (ended.code === 'SIGKILL') killed += 1;
      else break;
    }
    expect(killed).toBe(kills);
    const journal = [...readJournal(findRunDirectory(out, 'latest').samplesFile)];
    expect(journal.length).toBeGreaterThan(50);
    const [resumed, whole] = await Promise.all([
      runCli(['resume', 'latest', '--out', out, '--max-connections', '64', '--json'], { cwd: folder }),
      runCli(run(join(folder, 'whole')).concat('--max-connections', '64'), { cwd: folder }),
    ]);
    expect(resumed.code).toBe(0);
    expect(whole.code).toBe(0);
    const results = [resumed, whole].map(({ stdout }) => essence(JSON.parse(stdout) as ResultDocument));
    expect({ ...results[0], planHash: null }).toEqual({ ...results[1], planHash: null });
    const records = [...readJournal(findRunDirectory(out, 'latest').samplesFile)];
    expect(records).toHaveLength(samples);
    expect(new Set(records.map((record) => record.sampleId)).size).toBe(samples);
  },
);
