import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { ResultDocument, TaskResult } from '../../src/core/result-document.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory, loadRunDocument } from '../../src/store/run-directory.ts';
import { startOpenAiServer, type Behaviour, type OpenAiServer, type SeenRequest } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

const folder = temporaryFolder('judged-run');
afterAll(() => rmSync(folder, { recursive: true }));

const servers: OpenAiServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const judgeKey = 'sk-judge-secret';

async function start(
  id: string,
  behave: (request: SeenRequest) => Behaviour,
  options: { readonly apiKey?: string } = {},
): Promise<OpenAiServer> {
  const server = await startOpenAiServer({
    models: [{ id, object: 'model', root: `test/${id}`, max_model_len: 32_768 }],
    behave,
    ...options,
  });
  servers.push(server);
  return server;
}

/** A model that answers each turn with its number. */
const startModel = (): Promise<OpenAiServer> =>
  start('model-under-test', ({ body }) => {
    const messages = body['messages'] as readonly { readonly role: string }[];
    const turn = messages.filter(({ role }) => role === 'user').length;
    return { kind: 'answer', text: `This is answer ${turn}.` };
  });

const says = (text: string): Behaviour => ({ kind: 'answer', text });

/** True when a judge is asked about the second answer. */
const isSecond = ({ prompt }: SeenRequest): boolean => prompt.includes('This is answer 2.');

/** Rates first answers with 8 and second ones with 5. */
const rating = (request: SeenRequest): Behaviour =>
  says(`Clear and right, but [[1]] mistake.\n\nRating: [[${isSecond(request) ? 5 : 8}]]`);

const startJudge = (behave = rating, id = 'some-judge'): Promise<OpenAiServer> =>
  start(id, behave, { apiKey: judgeKey });

const judgeFlags = (judge: OpenAiServer): readonly string[] => [
  '--judge-base-url',
  judge.url,
  '--judge-model',
  'some-judge',
];

const cli = (args: readonly string[]) =>
  runCli([...args, '--json'], { cwd: folder, env: { QE_JUDGE_API_KEY: judgeKey, QE_TRACKER: 'none' } });

const run = (name: string, model: OpenAiServer, more: readonly string[]) =>
  cli([
    'run',
    '--base-url',
    model.url,
    '--tasks',
    'mt_bench',
    '--limit',
    '16',
    '--sample-seed',
    '1',
    '--data-dir',
    sharedData ?? '',
    '--out',
    join(folder, name),
    ...more,
  ]);

const resultOf = (stdout: string): ResultDocument => JSON.parse(stdout) as ResultDocument;
const onlyTask = (stdout: string): TaskResult => {
  const [task] = resultOf(stdout).tasks;
  if (!task) throw new Error('no task in the result');
  return task;
};

describeWithData('MT-Bench with a judge behind a server', () => {
  it('asks two turns, has each rated, and reports the rating with its judge', async () => {
    const model = await startModel();
    const judge = await startJudge();
    const { code, stdout, stderr } = await run('whole', model, judgeFlags(judge));
    expect(stderr).not.toContain('E_');
    expect(code).toBe(0);
    const task = onlyTask(stdout);
    expect(task).toMatchObject({
      task: 'mt_bench',
      headline: 'rating',
      metrics: { rating: { value: 6.5, n: 16 }, rating_1: { value: 8, n: 16 }, rating_2: { value: 5, n: 16 } },
      bounds: { worst: expect.closeTo(6.5), best: expect.closeTo(6.5) },
      counts: { planned: 16, scored: 16, unscored: 0 },
      certificate: { passed: true },
      refused: null,
    });
    expect(task.metrics).not.toHaveProperty('accuracy');
    expect(Object.keys(task.categories)).toHaveLength(8);
    expect(task.warnings.join('\n')).toMatch(/one judge’s view/);
    // Not a Qwen judge: nothing to say of its family.
    expect(task.warnings.join('\n')).not.toMatch(/Qwen/);

    expect(model.requests).toHaveLength(32);
    expect(new Set(model.requests.map(({ body }) => body['temperature']))).toEqual(new Set([0, 0.1, 0.7]));
    expect(judge.requests).toHaveLength(32);
    expect(judge.requests.filter(isSecond)).toHaveLength(16);
    expect(judge.requests.every(({ body }) => body['temperature'] === 0)).toBe(true);
    expect(judge.requests.filter(({ prompt }) => prompt.includes('The Start of Reference Answer'))).toHaveLength(12);

    const directory = findRunDirectory(join(folder, 'whole'), 'latest');
    const document = loadRunDocument(directory);
    expect(document.plan.tasks[0]?.judge).toMatchObject({
      model: 'some-judge',
      engine: 'openai-compatible',
      sampling: { temperature: 0 },
      prompts: { source: 'original' },
      isSameFamily: false,
    });
    for (const file of readdirSync(directory.path))
      expect(readFileSync(join(directory.path, file), 'latin1')).not.toContain(judgeKey);
    const [record] = readJournal(directory.samplesFile);
    expect(record).toMatchObject({
      score: 5.5 / 9,
      measures: { rating: 6.5, rating_1: 8, rating_2: 5 },
      judgements: [
        { prompt: expect.stringMatching(/^turn_1/), rating: 8 },
        { prompt: expect.stringMatching(/^turn_2/), rating: 5 },
      ],
      turns: [{ text: 'This is answer 1.' }, { text: 'This is answer 2.' }],
    });
  });

  it('flags judges of the Qwen family, and one that judges itself', async () => {
    const model = await start('Qwen2.5-7B-Instruct', () => says('This is answer 2.'));
    const judge = await startJudge(rating, 'Qwen2.5-72B-Instruct');
    const limited = ['--limit', '2', '--judge-base-url'];
    const related = onlyTask((await run('related', model, [...limited, judge.url])).stdout);
    expect(related.warnings.join('\n')).toMatch(/Qwen family/);
    const itself = await run('itself', model, [...limited, model.url]);
    expect(onlyTask(itself.stdout).warnings.join('\n')).toMatch(/the judge is the model itself/);
  });

  it('retries a reply without a rating once, and gives no headline under 98 % rated', async () => {
    const model = await startModel();
    let broken: string | null = null;
    const judge = await startJudge((request) => {
      broken ??= request.prompt;
      const isBroken = request.prompt.startsWith(broken);
      return isBroken ? says('I like it.') : rating(request);
    });
    const { code, stdout } = await run('unread', model, judgeFlags(judge));
    expect(code).toBe(0);
    const task = onlyTask(stdout);
    expect(task.metrics['rating']).toEqual({ unavailable: expect.stringContaining('93.8 %') });
    expect(task.counts).toMatchObject({ scored: 15, unscored: 1, byCode: { 'judge.parse_failed': 1 } });
    // 15 of 16 at 6.5, the other at 1 or at 10.
    expect(task.bounds?.worst).toBeCloseTo((15 * 6.5 + 1) / 16);
    expect(task.bounds?.best).toBeCloseTo((15 * 6.5 + 10) / 16);
    const directory = findRunDirectory(join(folder, 'unread'), 'latest');
    const record = [...readJournal(directory.samplesFile)].find(({ score }) => score === null);
    expect(record?.judgements).toEqual([
      { prompt: expect.any(String), reply: 'I like it.', rating: null },
      { prompt: expect.any(String), reply: 'I like it.', rating: null },
    ]);
  });

  it('without a judge keeps the answers, which rescore rates later; compare tells judges apart', async () => {
    const out = join(folder, 'later');
    const model = await startModel();
    const bare = await run('later', model, []);
    expect(bare.code).toBe(3);
    expect(onlyTask(bare.stdout)).toMatchObject({
      metrics: { rating: { unavailable: expect.stringContaining('needs a judge') } },
      refused: { code: 'E_JUDGE_MISSING', hint: expect.stringContaining('rescore') },
      counts: { planned: 16, scored: 0, byCode: { 'judge.missing': 16 } },
    });
    const { runId } = resultOf(bare.stdout);
    const answers = () => [...readJournal(findRunDirectory(out, runId).samplesFile)].map(({ turns }) => turns);
    const before = answers();
    expect(before).toHaveLength(16);

    const judge = await startJudge();
    const data = ['--data-dir', sharedData ?? '', '--out', out];
    const rated = await cli(['rescore', runId, ...judgeFlags(judge), ...data]);
    expect(rated.code).toBe(0);
    expect(onlyTask(rated.stdout)).toMatchObject({
      metrics: { rating: { value: 6.5, n: 16 } },
      certificate: { passed: true },
      refused: null,
    });
    expect(model.requests).toHaveLength(32);
    expect(answers()).toEqual(before);

    // Without a judge the recorded replies are read again.
    const asked = judge.requests.length;
    const again = await cli(['rescore', runId, ...data]);
    expect(again.code).toBe(0);
    expect(onlyTask(again.stdout).metrics).toEqual(onlyTask(rated.stdout).metrics);
    expect(judge.requests).toHaveLength(asked);

    const other = await startJudge(() => says('[[9]]'), 'other-judge');
    const second = await run('later', model, ['--judge-base-url', other.url]);
    expect(second.code).toBe(0);
    const compared = await cli(['compare', runId, resultOf(second.stdout).runId, '--out', out]);
    expect(compared.code).toBe(2);
    expect(compared.stdout).toContain('E_NOT_COMPARABLE');
    expect(compared.stdout).toMatch(/judge \(mt_bench\): some-judge .* against other-judge/);
  });

  it('keeps answers that the judge could not be asked about; resume rates them without the model', async () => {
    const model = await startModel();
    let isDown = true;
    const judge = await startJudge((request) =>
      isDown && isSecond(request) && request.prompt.includes('travel blog')
        ? { kind: 'status', status: 500, body: { error: { message: 'overloaded' } } }
        : rating(request),
    );
    const broken = await run('down', model, [...judgeFlags(judge), '--retries', '0', '--limit', '80']);
    expect(broken.code).toBe(4);
    expect(resultOf(broken.stdout).status).toBe('incomplete');
    expect(onlyTask(broken.stdout).counts.byCode).toMatchObject({ 'judge.unreachable': 1 });
    const directory = findRunDirectory(join(folder, 'down'), 'latest');
    expect([...readJournal(directory.samplesFile)]).toHaveLength(79);
    expect([...readJournal(directory.unscoredFile)].map(({ sampleId }) => sampleId)).toEqual(['81']);

    isDown = false;
    const resumed = await cli(['resume', 'latest', '--out', join(folder, 'down')]);
    expect(resumed.code).toBe(0);
    expect(onlyTask(resumed.stdout)).toMatchObject({
      metrics: { rating: { value: 6.5, n: 80 } },
      counts: { scored: 80 },
    });
    expect(model.requests).toHaveLength(160);
    expect(existsSync(directory.unscoredFile)).toBe(false);
  });

  it('keeps the answers when a rescore meets a judge that is down', async () => {
    const out = join(folder, 'rescored');
    const model = await startModel();
    await run('rescored', model, []);
    let isDown = true;
    const judge = await startJudge((request) =>
      isDown && request.index > 6 ? { kind: 'status', status: 500, body: {} } : rating(request),
    );
    const command = ['rescore', 'latest', ...judgeFlags(judge), '--data-dir', sharedData ?? '', '--out', out];
    const broken = await runCli([...command, '--json'], {
      cwd: folder,
      env: { QE_JUDGE_API_KEY: judgeKey, QE_TRACKER: 'none', QE_RETRIES: '0' },
    });
    expect(broken.code).toBe(4);
    const directory = findRunDirectory(out, 'latest');
    const count = (path: string): number => [...readJournal(path)].length;
    expect(count(directory.samplesFile) + count(directory.unscoredFile)).toBe(16);
    expect(count(directory.unscoredFile)).toBeGreaterThan(0);
    isDown = false;
    const mended = await cli(command);
    expect(mended.code).toBe(0);
    expect(onlyTask(mended.stdout)).toMatchObject({ metrics: { rating: { value: 6.5, n: 16 } } });
    expect(existsSync(directory.unscoredFile)).toBe(false);
  });

  it('scores conversations that were held elsewhere, and gives no score where too few are rated', async () => {
    const judge = await startJudge();
    const file = join(folder, 'answers.jsonl');
    const turns = ['This is answer 1.', 'This is answer 2.'];
    const lines = [
      { sampleId: '81', turns },
      { question_id: 101, choices: [{ index: 0, turns }] },
      { sampleId: '82', response: 'only one answer' },
    ];
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const command = ['score', '--task', 'mt_bench', '--responses', file, '--data-dir', sharedData ?? ''];
    const scored = await cli([...command, ...judgeFlags(judge)]);
    expect(scored.code).toBe(0);
    expect(JSON.parse(scored.stdout)).toMatchObject({
      headline: 'rating',
      metrics: { rating: { unavailable: 'only 66.7 % of the samples are scored, and a score needs 98 %' } },
      counts: { planned: 3, scored: 2, byCode: { 'data.fault': 1 } },
      samples: [{ sampleId: '81', score: 5.5 / 9, extracted: '8, 5' }, { sampleId: '101' }, { score: null }],
    });
    const told = await runCli([...command, ...judgeFlags(judge)], { cwd: folder, env: { QE_JUDGE_API_KEY: judgeKey } });
    expect(told.stdout).toContain('! only 66.7 % of the samples are scored, and a score needs 98 %');
    writeFileSync(
      file,
      lines
        .slice(0, 2)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    const whole = await cli([...command, ...judgeFlags(judge)]);
    expect(JSON.parse(whole.stdout)).toMatchObject({ metrics: { rating: { value: 6.5, n: 2 } } });
    const refused = await cli(command);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('E_JUDGE_MISSING');
  });

  it('says at once that the judge is not there', async () => {
    const model = await startModel();
    const refused = await run('nowhere', model, ['--judge-base-url', 'http://127.0.0.1:9/v1', '--judge-model', 'x']);
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'E_JUDGE_FAILED', message: expect.stringContaining('the judge cannot be used') },
    });
    expect(refused.stdout).not.toMatch(/ --base-url/);
    expect(model.requests).toHaveLength(0);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

it('refuses MT-Bench without its files', async () => {
  const model = await startModel();
  const { code, stdout } = await runCli(
    ['run', '--base-url', model.url, '--tasks', 'mt_bench', '--offline', '--out', join(folder, 'bare'), '--json'],
    { cwd: folder },
  );
  expect(code).toBe(3);
  expect(onlyTask(stdout).refused).toMatchObject({ code: expect.stringMatching(/E_DATASET_MISSING|E_OFFLINE/) });
});
