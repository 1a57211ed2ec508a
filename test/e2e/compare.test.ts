import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Estimated } from '../../src/core/estimate.ts';
import type { RunComparison } from '../../src/diagnosis/compare/compare-runs.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('compare-cli');
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, 'runs');

/** A scripted run with further arguments; its run id. */
async function run(name: string, task: string, args: readonly string[] = [], answer = 'A'): Promise<string> {
  const script = join(folder, `${name}.json`);
  const rules = [{ text: `<answer> ${answer}\nANSWER: ${answer}\n\\boxed{7}`, continuations: { '*': -1 } }];
  writeFileSync(script, JSON.stringify({ rules }));
  const known = new Set(readdirSync(folder).includes('runs') ? readdirSync(out) : []);
  const model = args.includes('--model') ? [] : ['--model', 'a-model'];
  const { code, stderr } = await runCli(
    [
      'run',
      '--engine',
      'scripted',
      ...model,
      '--tasks',
      task,
      '--out',
      out,
      '--tracker',
      'none',
      '--engine-options',
      JSON.stringify({ script }),
      ...(args.includes('--limit') ? [] : ['--limit', '40']),
      ...args,
    ],
    { cwd: folder },
  );
  expect([code, stderr.includes('E_')]).toEqual([0, false]);
  return readdirSync(out).find((id) => !known.has(id)) ?? 'none';
}

const compare = async (...args: readonly string[]) => {
  const { code, stdout } = await runCli(['compare', ...args, '--out', out, '--json'], { cwd: folder });
  return {
    code,
    ...(JSON.parse(stdout) as Partial<RunComparison> & {
      readonly error?: { code: string; message: string; hint: string };
    }),
  };
};

const data = (last: string): readonly string[] => {
  const rows = Array.from({ length: 10 }, (_, index) => ({
    question: `${last} had ${index} apples and bought one more. How many are there?`,
    answer: `${index} + 1 = ${index + 1}\n#### ${index + 1}`,
  }));
  const path = join(folder, `data-${last}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'gsm8k-test.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return ['--data-dir', path, '--allow-unverified-data', '--offline', '--limit', '10'];
};

describe('what must be equal', () => {
  const choice = 'synthetic_choice';
  it.each([
    ['samples', choice, [], ['--limit', '30']],
    ['samples', choice, [], ['--sample-seed', '5', '--limit', '20']],
    ['prompt', choice, [], ['--prompt-variant', 'careful']],
    ['workflow', choice, [], ['--self-check']],
    ['shots', choice, [], ['--num-fewshot', '2']],
    ['choice-mode', choice, [], ['--choice-mode', 'loglikelihood']],
    ['tool-format', 'agent_function_calling', ['--tool-format', 'hermes'], ['--tool-format', 'xml']],
    ['dataset', 'gsm8k', data('Ada'), data('Bob')],
  ])(
    'is refused by name and may be allowed: %s (%s)',
    async (identity, task, first, second) => {
      const name = `${identity}-${second.length}`;
      const [a, b] = [await run(`${name}-a`, task, first), await run(`${name}-b`, task, second)];
      const refused = await compare(a, b);
      expect([refused.code, refused.error?.code]).toEqual([2, 'E_NOT_COMPARABLE']);
      const named = identity.replace('-', ' ');
      expect(refused.error?.message).toMatch(new RegExp(`they differ in ${named}[^;]* \\(${task}\\): .* against `));
      expect(refused.error?.hint).toMatch(new RegExp(`--allow-different ${identity}`));
      // Another name does not help, and one that is none is an error of its own.
      const other = identity === 'shots' ? 'samples' : 'shots';
      expect((await compare(a, b, '--allow-different', other)).error?.code).toBe('E_NOT_COMPARABLE');
      const unknown = await compare(a, b, '--allow-different', `${identity},nothing-such`);
      expect([unknown.code, unknown.error?.code]).toEqual([2, 'E_OPTION_INVALID']);
      const allowed = await compare(a, b, '--allow-different', identity);
      expect([allowed.code, allowed.comparable]).toEqual([0, false]);
      expect(allowed.differingIdentity?.[0]?.identity).toMatch(named);
      expect(allowed.comparisons?.[0]?.task).toBe(task);
    },
    120_000,
  );
});

describe('what may differ', () => {
  let pair: readonly [string, string];
  beforeAll(async () => {
    pair = [
      await run('plain', 'synthetic_choice,synthetic_arithmetic', ['--mode', 'non-thinking']),
      await run(
        'other',
        'synthetic_choice,synthetic_arithmetic',
        [
          '--model',
          'qwen3_8b',
          '--mode',
          'thinking',
          '--preset',
          'performance',
          '--temperature',
          '0.6',
          '--top-p',
          '0.9',
        ],
        'B',
      ),
    ];
  }, 60_000);

  it('is listed with both values, and only the members that differ', async () => {
    const { code, comparable, differingIdentity } = await compare(...pair);
    expect([code, comparable]).toEqual([0, true]);
    const listed = Object.fromEntries((differingIdentity ?? []).map(({ identity, a, b }) => [identity, [a, b]]));
    expect(listed).toMatchObject({
      model: ['a-model', 'qwen3_8b'],
      preset: ['balanced', 'performance'],
      mode: ['non-thinking', 'thinking'],
    });
    expect(listed['sampling']?.[1]).toMatch(/temperature 0\.6.*topP 0\.9/);
    expect(differingIdentity?.every(({ mustBeEqual }) => !mustBeEqual)).toBe(true);
  });

  it('is compared: verdict, flips by sample and category, costs', async () => {
    const { comparisons, system } = await compare(...pair);
    const [choice, arithmetic] = comparisons ?? [];
    expect(choice).toMatchObject({ task: 'synthetic_choice', pairs: 40, averaged: 'samples' });
    const { gained = 0, lost = 0, samples = [] } = choice?.flips ?? {};
    expect(samples).toHaveLength(gained + lost);
    expect(samples.filter(({ a, b }) => a > b)).toHaveLength(gained);
    expect(samples.every(({ category }) => category !== null)).toBe(true);
    expect((choice?.categories ?? []).reduce((sum, { pairs }) => sum + pairs, 0)).toBe(40);
    // Both answer 7 to every question: no flip, too few samples for a tie within two points, and enough for one within thirty.
    expect(arithmetic).toMatchObject({ verdict: 'undecided', flips: { gained: 0, lost: 0 } });
    expect(arithmetic?.pairsToDecide).toBeGreaterThan(40);
    const wide = await compare(...pair, '--tasks', 'synthetic_arithmetic', '--delta', '0.3');
    expect(wide.comparisons).toMatchObject([{ task: 'synthetic_arithmetic', verdict: 'tied', delta: 0.3 }]);
    expect([system?.a.samplesPerSecond, system?.b.samplesPerSecond].every((speed) => (speed ?? 0) > 0)).toBe(true);
  });

  it('is shown as tables', async () => {
    const { code, stdout } = await runCli(['compare', ...pair, '--out', out], { cwd: folder });
    expect(code).toBe(0);
    for (const part of [
      /^task +a +b +a − b +verdict +pairs/m,
      /^differs +a +b$/m,
      /^cost +a +b$/m,
      /by category +a − b +pairs/,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).toMatch(/synthetic_choice, scored differently: \S+ \([01] → [01], answer\.wrong\)/);
  });
});

describe('the headline of a task', () => {
  it.each([
    ['agent_function_calling', 'categories', ['--tool-format', 'hermes', '--limit', '140']],
    ['agent_reasoning', 'items', ['--limit', '120']],
    ['synthetic_choice', 'samples', []],
  ])(
    'of %s is compared as the runs report it: the mean over %s',
    async (task, averaged, args) => {
      const pair = [await run(`${task}-one`, task, args, 'no'), await run(`${task}-two`, task, args, 'A')] as const;
      const { code, comparisons } = await compare(...pair);
      expect(code).toBe(0);
      const comparison = comparisons?.[0];
      if (comparison === undefined) throw new Error(`${task} was not compared`);
      expect(comparison.averaged).toBe(averaged);
      expect(comparison.unpaired).toEqual({ a: 0, b: 0 });
      for (const side of ['a', 'b'] as const) {
        const { value, low, high } = comparison.headlines[side] as Estimated;
        const shown = comparison[side] as Estimated;
        expect([shown.value, shown.low, shown.high].map((limit) => limit.toFixed(9))).toEqual(
          [value, low, high].map((limit) => limit.toFixed(9)),
        );
      }
      const [a, b] = [comparison.a, comparison.b] as [Estimated, Estimated];
      expect((comparison.difference as Estimated).value).toBeCloseTo(a.value - b.value, 9);
    },
    120_000,
  );
});
