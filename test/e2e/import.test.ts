import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/importers/support/import-report.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { describeWithData, sharedData, sharedDataPath } from '../support/shared-data.ts';

const folder = temporaryFolder('import');
afterAll(() => rmSync(folder, { recursive: true }));

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

interface ImportDocument {
  readonly imported: { readonly runs: readonly string[]; readonly records: number };
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly quote: string;
    readonly explanation: string;
  }[];
  readonly reports: readonly Omit<ImportReport, 'findings' | 'schemaVersion'>[];
}

const data = sharedData === null ? [] : ['--data-dir', sharedData];
const readsData = ['import', 'rescore'];

/** Runs a command whose document is read; its exit code must be 0. */
async function ask(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCli(
    [...args, ...(readsData.includes(args[0] ?? '') ? data : []), '--json'],
    { cwd: folder },
  );
  expect([code, stderr.split('\n').filter((line) => line.startsWith('E_'))]).toEqual([0, []]);
  return JSON.parse(stdout);
}

const importInto = (out: string, args: readonly string[]): Promise<ImportDocument> =>
  ask(['import', ...args, '--out', out, '--tracker', 'none']) as Promise<ImportDocument>;

/** Every file below a folder with its content. */
const contentOf = (path: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file).toString('base64')]),
  );

describe('import of logs that were made by the tools', () => {
  it('scores a log of Inspect anew and explains each verdict that differs', async () => {
    const { imported, findings, reports } = await importInto('inspect', [golden('inspect')]);
    expect(imported).toMatchObject({ records: 9 });
    expect(imported.runs).toHaveLength(2);
    const tasks = reports.flatMap((report) => report.tasks);
    expect(tasks.map(({ task, answers, unknown, metrics }) => [task, answers, unknown, metrics])).toMatchObject([
      [
        'imported_number_crates',
        6,
        0,
        [{ metric: 'match', stated: 2 / 3, theirs: 2 / 3, ours: { value: 5 / 6 }, agreeing: 3, differing: 3 }],
      ],
      [
        'imported_choice_picks',
        3,
        0,
        [{ metric: 'choice', stated: 1 / 3, theirs: 1 / 3, ours: { value: 2 / 3 }, agreeing: 2, differing: 1 }],
      ],
    ]);
    const differing = findings.filter(({ id }) => id === 'import.verdict_differs');
    expect(differing.map(({ quote, explanation }) => [quote, explanation])).toMatchInlineSnapshot(`
      [
        [
          "\\boxed{84}",
          "imported_number_crates 1 (epoch 1): inspect (match) says wrong: No word of the response is a number to it. Certified says right: the answer taken (boxed) is 84.",
        ],
        [
          "There are 123456 drops.",
          "imported_number_crates 2: inspect (match) says right: Its last word that is a number is "123456"; to five significant digits that is 1.2346e5, the gold number 1.2346e5. Certified says wrong: The answer taken (last_number) is 123456; right is 123457.",
        ],
        [
          "She has $$ \\boxed{3} $$",
          "imported_number_crates 3: inspect (match) says wrong: No word of the response is a number to it. Certified says right: the answer taken (boxed) is 3.",
        ],
        [
          "The verb is **C**.",
          "imported_choice_picks 2: inspect (choice) says wrong: It looks for one letter behind "ANSWER:" and finds none. Certified says right: the answer taken (bold) is C.",
        ],
      ]
    `);
    expect(findings.filter(({ id }) => id === 'import.foreign_benchmark')).toHaveLength(2);
  }, 120_000);

  it('changes nothing when the same log comes again, under whatever name', async () => {
    const first = await importInto('twice', ['inspect', golden('inspect/picks.eval')]);
    const before = contentOf(join(folder, 'twice'));
    expect(await importInto('twice', ['inspect', golden('inspect/picks.eval')])).toEqual(first);
    cpSync(golden('inspect/picks.eval'), join(folder, 'renamed.eval'));
    expect(await importInto('twice', ['renamed.eval'])).toEqual(first);
    expect(contentOf(join(folder, 'twice'))).toEqual(before);
  }, 120_000);

  it('gives the same run for the same log on another machine', async () => {
    const [a, b] = [await importInto('one', [golden('inspect')]), await importInto('other', [golden('inspect')])];
    expect(a).toEqual(b);
  }, 120_000);

  it('leaves runs that the other commands read', async () => {
    const { imported } = await importInto('read', [golden('inspect')]);
    const [crates = '', picks = ''] = imported.runs;
    const out = ['--out', 'read'];
    expect(await ask(['list', 'runs', ...out])).toMatchObject({
      runs: [
        { id: crates, status: 'complete', model: 'qwen2.5-0.5b-instruct', engine: 'import' },
        { id: picks, status: 'complete', engine: 'import' },
      ],
    });
    const before = JSON.parse(readFileSync(join(folder, 'read', picks, 'result.json'), 'utf8')) as object;
    const rescored = await ask(['rescore', picks, ...out, '--tracker', 'none']);
    expect(rescored).toMatchObject({ changed: [], ...before });
    expect(await ask(['compare', crates, crates, ...out])).toMatchObject({
      comparable: true,
      comparisons: [{ task: 'imported_number_crates', difference: { value: 0 } }],
    });
    expect(await ask(['diagnose', picks, ...out])).toHaveProperty('verdicts');
    const tracked = (await ask(['track', ...out, '--tracker', 'T.md'])) as { readonly cells: readonly object[] };
    expect(tracked.cells).toContainEqual(
      expect.objectContaining({ task: 'imported_choice_picks', status: 'tested', runId: picks }),
    );
  }, 180_000);

  it('records what is not known as null, and that it was imported', async () => {
    const { imported } = await importInto('null', [golden('inspect/picks.eval')]);
    const path = join(folder, 'null', imported.runs[0] ?? '');
    expect(JSON.parse(readFileSync(join(path, 'run.json'), 'utf8'))).toMatchObject({
      createdAt: '2026-11-26T12:46:55.000Z',
      plan: {
        engine: { id: 'import', version: 'inspect 0.3.285', contextLength: null },
        preset: { confirmed: 'unknown' },
      },
      fingerprint: null,
      imported: { tool: 'inspect', version: '0.3.285', files: [{ name: 'picks.eval' }] },
    });
    const [line = ''] = readFileSync(join(path, 'samples.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      usage: { promptTokens: 40, completionTokens: 12, reasoningTokens: null },
      timings: { timeToFirstTokenMs: null, chunks: null },
      seed: null,
    });
    const { code, stdout } = await runCli(['resume', imported.runs[0] ?? '', '--out', 'null', '--json'], {
      cwd: folder,
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: 'E_USAGE' } }]);
  }, 120_000);
});

describeWithData('import of recorded logs', () => {
  const metricsOf = ({ reports }: ImportDocument) =>
    reports.flatMap(({ model, tasks }) =>
      tasks.flatMap(({ task, metrics }) =>
        metrics.map(({ metric, stated, theirs, ours, agreeing, differing }) => [
          model,
          task,
          metric,
          stated,
          theirs,
          'value' in ours ? ours.value : null,
          agreeing,
          differing,
        ]),
      ),
    );

  it('gives the acc and acc_norm of lm-evaluation-harness on its HellaSwag log', async () => {
    const document = await importInto('lm-eval', ['lm-eval', sharedDataPath('lm_eval_logs')]);
    expect(document.findings).toEqual([]);
    expect(metricsOf(document)).toEqual([
      ['davinci-002', 'hellaswag', 'acc', 5 / 11, 5 / 11, 5 / 11, 11, 0],
      ['davinci-002', 'hellaswag', 'acc_norm', 6 / 11, 6 / 11, 6 / 11, 11, 0],
    ]);
    const rescored = await ask(['rescore', 'latest', '--out', 'lm-eval', '--tracker', 'none']);
    expect(rescored).toMatchObject({
      changed: [],
      tasks: [{ task: 'hellaswag', metrics: { acc: { value: 5 / 11 }, acc_norm: { value: 6 / 11 } } }],
    });
  }, 120_000);

  it('agrees with Inspect on its ARC logs, and explains what it cannot score of a mathematics log', async () => {
    const document = await importInto('inspect-recorded', [sharedDataPath('inspect_logs')]);
    expect(metricsOf(document)).toEqual([
      ['qwen2.5:0.5b', 'imported_choice_arc_easy', 'choice', 1 / 3, 1 / 3, 1 / 3, 3, 0],
      ['claude-sonnet-4-0', 'imported_choice_arc_easy', 'choice', 1, 1, 1, 5, 0],
      [expect.stringContaining('mem_Qwen3-93M'), 'imported_number_math_perturbed_full', 'exact_match', 0, 0, 0, 8, 2],
    ]);
    const unscored = document.findings.filter(({ id }) => id === 'import.verdict_differs');
    expect(unscored.map(({ explanation }) => /no plain number.*: (.*)$/.exec(explanation)?.[1])).toEqual([
      'x \\in [-3,8]',
      '5, 7, 15, 16',
    ]);
  }, 120_000);

  it('runs programs of EvalPlus in the sandbox, and does not believe an object that is equal to everything', async () => {
    const document = await importInto('evalplus', [golden('evalplus')]);
    expect(document.imported.records).toBe(16);
    expect(metricsOf(document)).toEqual([
      ['qwen2.5-coder-0.5b', 'humaneval', 'base pass@1', null, 0.5, 0.375, 7, 1],
      ['qwen2.5-coder-0.5b', 'humaneval_plus', 'plus pass@1', null, 0.375, 0.25, 7, 1],
    ]);
    const differing = document.reports.flatMap(({ tasks }) => tasks.flatMap(({ differences }) => differences));
    expect(differing.map(({ sampleId, theirs, ours, code }) => [sampleId, theirs, ours, code])).toEqual([
      ['HumanEval/2', 1, 0, 'code.assertion'],
      ['HumanEval/2', 1, 0, 'code.assertion'],
    ]);
  }, 600_000);

  it('agrees with EvalScope on GSM8K and IFEval, sample by sample', async () => {
    const document = await importInto('evalscope', [sharedDataPath('evalscope_outputs')]);
    expect(document.imported.records).toBe(40);
    expect(document.findings).toEqual([]);
    expect(metricsOf(document)).toEqual([
      ['qwen-plus', 'gsm8k', 'acc', null, 1, 1, 10, 0],
      ['qwen-plus', 'ifeval', 'prompt_level_strict', null, 0.9, 0.9, 10, 0],
      ['qwen-plus', 'ifeval', 'prompt_level_loose', null, 0.9, 0.9, 10, 0],
      ['qwen3-max', 'gsm8k', 'acc', null, 1, 1, 10, 0],
      ['qwen3-max', 'ifeval', 'prompt_level_strict', null, 0.8, 0.8, 10, 0],
      ['qwen3-max', 'ifeval', 'prompt_level_loose', null, 0.9, 0.9, 10, 0],
    ]);
    const [a = '', b = ''] = document.imported.runs;
    expect(await ask(['compare', a, b, '--out', 'evalscope'])).toMatchObject({
      comparable: true,
      comparisons: [
        { task: 'gsm8k', pairs: 10, difference: { value: 0 } },
        { task: 'ifeval', pairs: 10, flips: { gained: 1, lost: 0 } },
      ],
    });
  }, 180_000);
});

describe('import of what is no log', () => {
  const refused = async (args: readonly string[]) => {
    const { code, stdout } = await runCli(['import', ...args, '--json', '--tracker', 'none'], { cwd: folder });
    const { error } = JSON.parse(stdout) as { readonly error: { readonly code: string; readonly message: string } };
    return [code, error.code, error.message] as const;
  };

  it('names what is wrong and where', async () => {
    const write = (name: string, text: string | Uint8Array): string => {
      writeFileSync(join(folder, name), text);
      return name;
    };
    const archive = readFileSync(golden('inspect/picks.eval'));
    expect(await refused(['absent.jsonl'])).toEqual([3, 'E_FILE_UNREADABLE', expect.stringContaining('absent.jsonl')]);
    expect(await refused(['inspect'])).toEqual([2, 'E_USAGE', 'import inspect needs a file or a folder']);
    expect(await refused([write('notes.txt', 'nothing')])).toEqual([2, 'E_INPUT_INVALID', expect.any(String)]);
    expect(await refused([write('cut.eval', archive.subarray(0, archive.length - 400))])).toEqual([
      2,
      'E_INPUT_INVALID',
      expect.stringMatching(/^cut\.eval cannot be unpacked/),
    ]);
    const damaged = Uint8Array.from(archive);
    damaged[2000] = (damaged[2000] ?? 0) ^ 0xff;
    expect(await refused([write('damaged.eval', damaged)])).toEqual([2, 'E_INPUT_INVALID', expect.any(String)]);
    expect(await refused([write('samples_x_2026-01-01T00-00-00.jsonl', '{"doc_id": 0, "doc": {}\n')])).toEqual([
      2,
      'E_INPUT_INVALID',
      expect.stringMatching(/line 1/),
    ]);
    const line = (id: number, text: string): string =>
      JSON.stringify({ doc_id: id, doc: { question: `${id}?` }, target: '1', arguments: [['q', {}]], resps: [[text]] });
    const missing = JSON.stringify({ doc_id: 1, doc: {}, target: '1', arguments: [] });
    expect(await refused([write('samples_y_2026-01-01T00-00-00.jsonl', `${line(0, '1')}\n${missing}\n`)])).toEqual([
      2,
      'E_INPUT_INVALID',
      expect.stringMatching(/^line 2 of .*resps/),
    ]);
  }, 120_000);
});
