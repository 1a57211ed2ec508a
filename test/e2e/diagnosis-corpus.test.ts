import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { familyOf } from '../../src/core/failure-code.ts';
import type { ResultDocument } from '../../src/core/result-document.ts';
import type { RunDiagnosis } from '../../src/diagnosis/diagnose-loaded.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { corpus, corpusScript, type CorpusCase } from '../support/diagnosis-corpus.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('diagnosis-corpus');
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly entry: CorpusCase;
  readonly code: number | string;
  readonly stderr: string;
  readonly verdicts: ResultDocument['diagnosis'];
  readonly usage: ResultDocument['usage'];
  /** Codes as labelled and as found, by sample; a request that failed is found in the counts. */
  readonly pairs: readonly { readonly expected: string | null; readonly found: string | null }[];
}

async function provoke(entry: CorpusCase, index: number): Promise<Outcome> {
  const { rules, codes } = await corpusScript(entry);
  const script = join(folder, `script-${index}.json`);
  writeFileSync(script, JSON.stringify({ rules }));
  const out = join(folder, `runs-${index}`);
  const options = ['--engine-options', JSON.stringify({ script }), '--out', out, '--tracker', 'none', '--json'];
  const model = entry.args?.includes('--model') ? [] : ['--model', 'a-model'];
  const { code, stdout, stderr } = await runCli(
    [
      'run',
      '--engine',
      'scripted',
      ...model,
      '--tasks',
      entry.task,
      '--limit',
      String(entry.samples),
      ...options,
      ...(entry.args ?? []),
    ],
    { cwd: folder },
  );
  const result = JSON.parse(stdout) as ResultDocument;
  const found = new Map(
    [...readJournal(findRunDirectory(out, 'latest').samplesFile)].map((record) => [record.sampleId, record.code]),
  );
  const failed = Object.entries(result.tasks[0]?.counts.byCode ?? {}).flatMap(([failure, count]) =>
    failure.startsWith('infra.') ? Array.from({ length: count }, () => failure) : [],
  );
  const pairs = [...codes].map(([id, expected]) => ({
    expected,
    found: found.get(id) ?? (found.has(id) ? null : (failed.splice(failed.indexOf(expected ?? ''), 1)[0] ?? 'lost')),
  }));
  return { entry, code, stderr, verdicts: result.diagnosis, usage: result.usage, pairs };
}

/** What a script answers takes no time, so that the client is the limit: true, and about no answer. */
const aboutSpeed = new Set(['client_limited', 'slow_decode']);

const outcomes: Outcome[] = [];

beforeAll(async () => {
  for (const [index, entry] of corpus.entries()) outcomes.push(await provoke(entry, index));
}, 600_000);

const outcomeOf = (name: string): Outcome => {
  const outcome = outcomes.find(({ entry }) => entry.name === name);
  if (!outcome) throw new Error(`${name} was not run`);
  return outcome;
};

describe('a fault in the answers', () => {
  it.each(corpus.map((entry) => [entry.name, entry.verdict ?? 'no verdict'] as const))('%s: %s', (name) => {
    const { entry, code, stderr, verdicts } = outcomeOf(name);
    expect(stderr).not.toContain('E_BUG');
    expect(code).toBe(entry.verdict === 'infrastructure' ? 4 : 0);
    const ids = verdicts.map(({ id }) => id).filter((id) => !aboutSpeed.has(id));
    const allowed = entry.verdict === null ? [] : [entry.verdict, ...(entry.also ?? [])];
    expect(ids.slice(0, 1)).toEqual(allowed.slice(0, 1));
    expect(ids.filter((id) => !allowed.includes(id))).toEqual([]);
    for (const { summary, advice } of verdicts.filter(({ id }) => !aboutSpeed.has(id))) {
      expect(summary.length).toBeGreaterThan(20);
      expect(advice).toMatch(/^(?:qwen-eval|vllm|llama-server|python) /);
    }
  });
});

/** Words of a command line as a shell sees them; what follows the command after a comma is left out. */
const wordsOf = (command: string): readonly string[] =>
  (command.split(/, (?:and|which|so) /)[0] ?? '').match(/'[^']*'|[^\s']+/g)?.map((word) => word.replaceAll("'", '')) ??
  [];

describe('a command that a verdict advises', () => {
  it.each(corpus.map(({ name }, index) => [name, index] as const))('is accepted after %s', async (name, index) => {
    const advised = new Set(outcomeOf(name).verdicts.map(({ advice }) => advice));
    for (const advice of [...advised].filter((one) => one.startsWith('qwen-eval '))) {
      const [, command = '', ...given] = wordsOf(advice);
      const out = command === 'run' ? join(folder, `advised-${index}`) : join(folder, `runs-${index}`);
      const shorter = command === 'run' ? ['--limit', '2', '--tracker', 'none'] : [];
      const { code, stderr } = await runCli([command, ...given, '--out', out, ...shorter], { cwd: folder });
      expect([advice, code === 0 || code === 4 ? 'accepted' : stderr]).toEqual([advice, 'accepted']);
    }
  });
});

it('counts the tokens of a run in which some prompts did not fit', () => {
  const { usage } = outcomeOf('a prompt that does not fit');
  expect(usage.promptTokens).toBeGreaterThan(0);
  expect(usage.completionTokens).toBeGreaterThan(0);
});

describe('the codes of all samples together', () => {
  const allPairs = () => outcomes.flatMap(({ pairs }) => pairs);
  const families = () => [
    ...new Set(allPairs().flatMap(({ expected }) => (expected === null ? [] : [familyOf(expected) ?? expected]))),
  ];
  const isOf = (family: string, code: string | null): boolean => code !== null && familyOf(code) === family;

  it('are of 2,000 samples or more, and of many kinds', () => {
    expect(allPairs().length).toBeGreaterThanOrEqual(2000);
    expect(families().length).toBeGreaterThanOrEqual(12);
    for (const family of families())
      expect([family, allPairs().filter(({ expected }) => isOf(family, expected)).length >= 10]).toEqual([
        family,
        true,
      ]);
  });

  it('have a precision and a recall of 0.98 or more, each kind by itself', () => {
    const figures = families().map((family) => {
      const labelled = allPairs().filter(({ expected }) => isOf(family, expected));
      const said = allPairs().filter(({ found }) => isOf(family, found));
      const right = labelled.filter(({ found }) => isOf(family, found)).length;
      return { family, precision: right / Math.max(1, said.length), recall: right / labelled.length };
    });
    expect(figures.filter(({ precision, recall }) => precision < 0.98 || recall < 0.98)).toEqual([]);
  });

  it('have the detail that was provoked, and none where the answer is right', () => {
    const missed = allPairs().filter(
      ({ expected, found }) => expected !== found && !(expected !== null && (found ?? '').startsWith(`${expected}.`)),
    );
    expect(missed.length / allPairs().length).toBeLessThanOrEqual(0.02);
  });
});

describe('what only several runs show', () => {
  const runOver = async (name: string, args: readonly string[], rules: readonly object[]) => {
    const script = join(folder, `${name}.json`);
    writeFileSync(script, JSON.stringify({ rules }));
    const { code, stdout } = await runCli(
      [
        'run',
        '--engine',
        'scripted',
        '--model',
        'a-model',
        '--engine-options',
        JSON.stringify({ script }),
        '--out',
        join(folder, 'several'),
        '--tracker',
        'none',
        '--json',
        ...args,
      ],
      { cwd: folder },
    );
    expect(code).toBe(0);
    const { diagnosis } = JSON.parse(stdout) as ResultDocument;
    return diagnosis.filter(({ id }) => !aboutSpeed.has(id));
  };

  it('is data that is not the published one, and data that changed', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    const write = (last: string): void => {
      const rows = Array.from({ length: 20 }, (_, index) => ({
        question: `${last} had ${index} apples and bought one more. How many are there?`,
        answer: `${index} + 1 = ${index + 1}\n#### ${index + 1}`,
      }));
      writeFileSync(join(data, 'gsm8k-test.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    };
    const rules = Array.from({ length: 20 }, (_, index) => ({
      when: `had ${index} apples`,
      text: `One more makes \\boxed{${index + 1}}.`,
    }));
    const args = ['--tasks', 'gsm8k', '--data-dir', data, '--allow-unverified-data', '--offline'];
    write('Ada');
    const first = await runOver('data', args, rules);
    expect(first.map(({ id, severity }) => [id, severity])).toEqual([['dataset_changed', 'warning']]);
    expect(first[0]?.summary).toMatch(/^gsm8k: its data is not the published one: test \(sha256 [0-9a-f]{8}\)/);
    write('Bob');
    const second = await runOver('data', args, rules);
    expect(second.map(({ id }) => id)).toEqual(['dataset_changed']);
    expect(second[0]?.summary).toMatch(
      /^gsm8k: its data changed since run \S+: test was sha256 [0-9a-f]{8} and is [0-9a-f]{8}; scores before and after are not comparable$/,
    );
  });

  it('is a pinned split that scores higher than a fresh one', async () => {
    const seen = corpus.find(({ name }) => name === 'healthy arithmetic');
    if (!seen) throw new Error('no healthy arithmetic');
    const { rules } = await corpusScript(seen);
    const args = ['--tasks', 'synthetic_arithmetic', '--limit', '200'];
    expect(await runOver('pinned', args, rules)).toEqual([]);
    const fresh = await runOver(
      'fresh',
      [...args, '--split', 'fresh', '--seed', '5'],
      [{ text: 'It is \\boxed{12}.' }],
    );
    expect(fresh.map(({ id }) => id)).toContain('contamination');
    expect(fresh.find(({ id }) => id === 'contamination')?.summary).toMatch(
      /^synthetic_arithmetic: the pinned split scores 8\d ± \d and the fresh one \d ± \d: the pinned questions may have been seen/,
    );
  });
});

describe('diagnose', () => {
  it('shows verdicts, why samples were missed, who is to blame, and examples', async () => {
    const index = corpus.findIndex(({ name }) => name === 'truncated answers');
    const args = ['diagnose', 'latest', '--out', join(folder, `runs-${index}`)];
    const { code, stdout } = await runCli([...args, '--json'], { cwd: folder });
    expect(code).toBe(0);
    const diagnosis = JSON.parse(stdout) as RunDiagnosis;
    expect(diagnosis.verdicts.map(({ id }) => id)).toContain('truncation');
    expect(diagnosis.failures.map(({ blame }) => blame)).toEqual(['model', 'model']);
    expect(diagnosis.failures[0]).toMatchObject({ code: 'gen.truncated', count: 36, planned: 120 });
    expect(diagnosis.failures[0]?.examples).toHaveLength(2);
    expect(diagnosis.references).toMatchObject([{ official: null, reason: 'the model is in no registry' }]);
    const text = await runCli(args, { cwd: folder });
    expect(text.stdout).toMatch(
      /^run \S+\n\nerror truncation: synthetic_arithmetic: 30 % truncated at \d+ tokens; completed samples score 8\d ± \d\n {2}→ qwen-eval run /,
    );
  });

  it('says what it cannot diagnose', async () => {
    const { code, stdout } = await runCli(['diagnose', 'latest', '--out', join(folder, 'none'), '--json'], {
      cwd: folder,
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_RUN_NOT_FOUND' } });
  });
});
