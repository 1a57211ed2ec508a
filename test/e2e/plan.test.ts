import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanItem, PlanPhase } from '../../src/tracker/plan/evaluation-plan.ts';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { describeWithData, sharedDataPath } from '../support/shared-data.ts';

const folder = temporaryFolder('plan');
let server: OpenAiServer;
beforeAll(async () => {
  server = await startOpenAiServer({
    models: [{ id: 'house-model', object: 'model' }],
    behave: () => ({ kind: 'answer', text: 'I think it is \\boxed{42}.' }),
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const plan = async (...more: readonly string[]) => {
  const options = ['--base-url', server.url, '--limit', '3', '--max-tokens', '16', '--json'];
  const { code, stdout, stderr } = await runCli(['plan', ...options, ...more], { cwd: folder });
  return { code, stderr, document: JSON.parse(stdout) as PlanDocument };
};

interface PlanDocument {
  readonly phases: readonly PlanPhase[];
  readonly cost: { readonly cells: number };
  readonly ran: readonly {
    readonly cells: readonly Pick<PlanItem, 'model' | 'preset' | 'task'>[];
    readonly runId: string;
    readonly status: string;
  }[];
  readonly skipped: readonly { readonly task: string; readonly reason: string }[];
}

const left = ({ phases }: PlanDocument): readonly string[] =>
  phases.flatMap((phase) => phase.items.map((item) => `${item.model} ${item.preset} ${item.task}`));
const place = "house-model server's own settings";

it(
  'plans a server’s model before its first run, runs the next cell, then all that are left, and the boxes follow',
  { timeout: 120_000 },
  async () => {
    const tasks = ['--tasks', 'synthetic_choice,synthetic_arithmetic'];
    expect(left((await plan(...tasks)).document)).toEqual([
      `${place} synthetic_choice`,
      `${place} synthetic_arithmetic`,
    ]);

    const next = await plan(...tasks, '--run-next');
    expect(next.code).toBe(0);
    expect(next.document.ran).toMatchObject([
      { cells: [{ model: 'house-model', task: 'synthetic_choice' }], status: 'complete' },
    ]);
    expect(left((await plan(...tasks)).document)).toEqual([`${place} synthetic_arithmetic`]);

    const all = await plan(...tasks, '--run-all', '--budget-minutes', '60');
    expect(all.document.ran.map((batch) => batch.cells.map((cell) => cell.task))).toEqual([['synthetic_arithmetic']]);
    const done = await plan(...tasks, '--run-all');
    expect(done).toMatchObject({ code: 0, document: { ran: [] } });

    const tracker = readFileSync(join(folder, 'TRACKER.md'), 'utf8');
    expect(tracker).toContain("- [ ] `house-model`, server's own settings: 0 of");
    for (const batch of [...next.document.ran, ...all.document.ran]) expect(tracker).toContain(batch.runId);
  },
);

it('starts nothing that does not fit into the budget, and says why', { timeout: 60_000 }, async () => {
  const { code, document } = await plan('--tasks', 'agent_json', '--run-all', '--budget-tokens', '1');
  expect(code).toBe(2);
  expect(document).toMatchObject({
    error: { code: 'E_USAGE', message: expect.stringContaining('its tokens do not fit') as string },
  });
  const { stdout } = await runCli(['plan', '--model', 'qwen3_0_6b', '--preset', 'balanced', '--suite', 'synthetic'], {
    cwd: folder,
  });
  expect(stdout).toContain('qwen-eval run --model qwen3_0_6b --preset balanced --tasks synthetic_arithmetic');
});

it(
  'knows the built-in model by its name under every preset, and does not try again what was refused',
  { timeout: 120_000 },
  async () => {
    const home = { cwd: temporaryFolder('plan-refused') };
    const cli = (...args: readonly string[]) =>
      runCli(['plan', '--model', 'built-in-model', '--offline', ...args], home);
    const cache = ['--cache-dir', join(home.cwd, 'cache')];
    const { phases } = JSON.parse((await cli('--json')).stdout) as PlanDocument;
    const items = phases.flatMap((phase) => phase.items);
    expect([...new Set(items.map(({ preset }) => preset))]).toEqual(['performance', 'balanced', 'memory_optimized']);

    const choice = ['--preset', 'balanced', '--tasks', 'gsm8k', '--run-next', ...cache];
    const refused = await cli(...choice);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toMatch(/^complete, gsm8k refused: built-in-model balanced gsm8k → \S+$/m);
    const again = await cli(...choice);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('it would be refused again as things are');

    const all = JSON.parse((await runCli(['plan', '--json'], home)).stdout) as PlanDocument;
    const cells = all.phases.flatMap((phase) =>
      phase.items.map(({ model, preset, task, mode, choiceMode }) => [model, preset, task, mode, choiceMode].join(' ')),
    );
    expect(new Set(cells).size).toBe(cells.length);
    rmSync(home.cwd, { recursive: true });
  },
);

describeWithData('a cell that was refused for its data', () => {
  it('is run as soon as the data is there', { timeout: 120_000 }, async () => {
    const home = { cwd: temporaryFolder('plan-data') };
    const data = join(home.cwd, 'data');
    mkdirSync(data);
    const choice = [
      '--preset',
      'balanced',
      '--tasks',
      'gsm8k',
      '--limit',
      '2',
      '--max-tokens',
      '16',
      '--data-dir',
      data,
    ];
    const cli = (...args: readonly string[]) =>
      runCli(['plan', '--model', 'built-in-model', '--mode', 'non-thinking', '--offline', ...choice, ...args], home);
    const blocked = async (): Promise<readonly (string | null)[]> => {
      const { phases } = JSON.parse((await cli('--json')).stdout) as PlanDocument;
      return phases.flatMap(({ items }) => items.map((item) => item.blocked));
    };
    expect((await cli('--run-next')).code).toBe(3);
    expect(await blocked()).toEqual([expect.stringContaining('it would be refused again as things are')]);
    for (const name of ['test', 'train'])
      copyFileSync(sharedDataPath('gsm8k', `${name}.jsonl`), join(data, `${name}.jsonl`));
    expect(await blocked()).toEqual([null]);
    const ran = await cli('--run-next');
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/^complete: built-in-model balanced gsm8k → /)]);
    rmSync(home.cwd, { recursive: true });
  });
});
