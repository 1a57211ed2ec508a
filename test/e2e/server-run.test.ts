import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import {
  rateLimited,
  startOpenAiServer,
  type Behaviour,
  type OpenAiServer,
  type SeenRequest,
} from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { describeWithData, sharedData, sharedDataPath } from '../support/shared-data.ts';

const folder = temporaryFolder('server-run');
afterAll(() => rmSync(folder, { recursive: true }));

let server: OpenAiServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Right answers to GSM8K by question. */
function goldAnswers(): ReadonlyMap<string, string> {
  const lines = readFileSync(sharedDataPath('gsm8k', 'test.jsonl'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { question: string; answer: string });
  return new Map(rows.map((row) => [row.question.trim(), row.answer.split('####').at(-1)?.trim() ?? '']));
}

/** Answers every question rightly, after `faults` have had their say. */
function answering(gold: ReadonlyMap<string, string>, faults: (request: SeenRequest) => Behaviour | undefined) {
  return (request: SeenRequest): Behaviour => {
    const fault = faults(request);
    if (fault) return fault;
    const question = [...gold.keys()].find((text) => request.prompt.includes(text));
    if (question === undefined) throw new Error(`unknown question: ${request.prompt}`);
    return { kind: 'answer', text: `Step by step we find \\boxed{${gold.get(question)}}.` };
  };
}

/** Faults that pass on the second attempt, a different one for each request in turn. */
const passing: readonly (Behaviour | undefined)[] = [
  undefined,
  rateLimited('0.2'),
  { kind: 'drop', afterTokens: 2 },
  undefined,
  { kind: 'endEarly', afterTokens: 2 },
  { kind: 'insert', afterTokens: 1, text: 'data: {"choi\n\n' },
  { kind: 'errorChunk', afterTokens: 1, error: { message: 'worker died', code: 500 } },
  { kind: 'status', status: 503, body: { error: { message: 'overloaded' } } },
  { kind: 'stall', afterTokens: 1 },
];

const run = (out: string, url: string, more: readonly string[] = []) =>
  runCli(
    [
      'run',
      '--base-url',
      url,
      '--tasks',
      'gsm8k',
      '--limit',
      '45',
      '--data-dir',
      sharedData ?? '',
      '--out',
      out,
      '--tracker',
      'none',
      '--json',
      ...more,
    ],
    { cwd: folder, env: { QE_IDLE_TIMEOUT: '1' } },
  );

const essence = ({ model, status, tasks, usage }: ResultDocument) => ({
  model,
  status,
  tasks,
  tokens: [usage.promptTokens, usage.completionTokens],
});

describeWithData('GSM8K over a server that has faults', () => {
  it('loses nothing and scores nothing wrong for a fault that passes', async () => {
    const gold = goldAnswers();
    server = await startOpenAiServer({
      behave: answering(gold, (request) =>
        request.repeat === 0 ? passing[request.index % passing.length] : undefined,
      ),
    });
    const { code, stdout, stderr } = await run(join(folder, 'passing'), server.url);
    expect(stderr).not.toContain('E_BUG');
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as ResultDocument;
    expect(result.status).toBe('complete');
    expect(result.tasks[0]).toMatchObject({
      task: 'gsm8k',
      headline: 'accuracy',
      metrics: { accuracy: { value: 1, n: 45, method: 'wilson' } },
      counts: { planned: 45, scored: 45, unscored: 0, truncated: 0, byCode: {} },
      certificate: { passed: true },
    });
    expect(result.timings.attempts).toBeGreaterThan(45);
  });

  it('leaves lasting faults unscored, exits 4, and completes on resume to what an uninterrupted run gives', async () => {
    const gold = goldAnswers();
    const out = join(folder, 'lasting');
    server = await startOpenAiServer({
      behave: answering(gold, (request) =>
        /robe|duck/i.test(request.prompt) ? { kind: 'drop', afterTokens: 1 } : undefined,
      ),
    });
    const broken = await run(out, server.url, ['--retries', '1']);
    expect(broken.code).toBe(4);
    const incomplete = JSON.parse(broken.stdout) as ResultDocument;
    const unscored = incomplete.tasks[0]?.counts.unscored ?? 0;
    expect(unscored).toBeGreaterThan(0);
    expect(incomplete.tasks[0]).toMatchObject({ counts: { byCode: { 'infra.network': unscored } } });
    expect(broken.stderr).toContain(`qwen-eval resume ${incomplete.runId}`);

    server.behave(answering(gold, () => undefined));
    const resumed = await runCli(['resume', incomplete.runId, '--out', out, '--json'], { cwd: folder });
    expect(resumed.code).toBe(0);
    const journal = [...readJournal(findRunDirectory(out, incomplete.runId).samplesFile)];
    expect(new Set(journal.map((record) => record.sampleId)).size).toBe(45);
    expect(journal).toHaveLength(45);
    const whole = await run(join(folder, 'whole'), server.url);
    expect(essence(JSON.parse(resumed.stdout) as ResultDocument)).toEqual(
      essence(JSON.parse(whole.stdout) as ResultDocument),
    );
  });

  it('refuses to resume when the data has changed, and says what', async () => {
    const gold = goldAnswers();
    const out = join(folder, 'changed');
    server = await startOpenAiServer({ behave: answering(gold, () => undefined) });
    const { stdout } = await run(out, server.url);
    const { runId } = JSON.parse(stdout) as ResultDocument;
    const other = await startOpenAiServer({
      models: [{ id: 'other', object: 'model', root: 'test/other', max_model_len: 4096 }],
    });
    const resumed = await runCli(['resume', runId, '--out', out, '--base-url', other.url], { cwd: folder });
    await other.close();
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain('E_PLAN_CHANGED');
    expect(resumed.stderr).toContain('model.name: "tiny" → "other"');
  });

  it('drains on Ctrl-C, says how to go on, and goes on', async () => {
    const gold = goldAnswers();
    const out = join(folder, 'interrupted');
    server = await startOpenAiServer({ latencyMs: 60, behave: answering(gold, () => undefined) });
    const { url } = server;
    const interrupted = await runCli(
      [
        'run',
        '--base-url',
        url,
        '--tasks',
        'gsm8k',
        '--limit',
        '300',
        '--max-connections',
        '2',
        '--data-dir',
        sharedData ?? '',
        '--out',
        out,
        '--json',
      ],
      {
        cwd: folder,
        onStart: (child) => {
          const timer = setInterval(() => {
            if ((server?.requests.length ?? 0) < 8) return;
            clearInterval(timer);
            child.kill('SIGINT');
          }, 10);
        },
      },
    );
    expect(interrupted.code).toBe(130);
    const partial = JSON.parse(interrupted.stdout) as ResultDocument;
    expect(interrupted.stderr).toContain(`resume it with \`qwen-eval resume ${partial.runId}\``);
    expect(partial.status).toBe('incomplete');
    const before = partial.tasks[0]?.counts.scored ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(300);
    const asked = server.requests.length;
    const resumed = await runCli(['resume', 'latest', '--out', out, '--max-connections', '32', '--json'], {
      cwd: folder,
    });
    expect(resumed.code).toBe(0);
    expect((JSON.parse(resumed.stdout) as ResultDocument).tasks[0]?.counts.scored).toBe(300);
    expect(server.requests.length - asked).toBe(300 - before);
  });
});

it('runs a task without data files against a server that lists one model', async () => {
  server = await startOpenAiServer({ replyTokens: 12 });
  const { code, stdout } = await runCli(
    [
      'run',
      '--base-url',
      server.url,
      '--tasks',
      'agent_reasoning',
      '--limit',
      '20',
      '--out',
      join(folder, 'plain'),
      '--json',
    ],
    { cwd: folder },
  );
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as ResultDocument;
  expect(result).toMatchObject({ model: 'tiny', engine: 'openai-compatible', status: 'complete' });
});
