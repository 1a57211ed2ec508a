import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { contextExceeded, startOpenAiServer } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('bad-input');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Failure {
  readonly args: readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  readonly hint: RegExp;
}

/** Runs the program and checks exit code, error code, message and hint, as text and as JSON, and that no stack is shown. */
async function fails({ args, exit, code, says, hint }: Failure): Promise<void> {
  const text = await runCli(args, { cwd: folder });
  expect(text).toMatchObject({ code: exit });
  expect(text.stderr).toContain(`${code}: `);
  expect(text.stderr).toMatch(says);
  expect(text.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  const json = await runCli([...args, '--json'], { cwd: folder });
  expect(json.code).toBe(exit);
  const document = JSON.parse(json.stdout) as { error: { code: string; message: string; hint: string } };
  expect(document.error.code).toBe(code);
  expect(document.error.message).toMatch(says);
  expect(document.error.hint).toMatch(hint);
}

const scripted = [
  '--engine',
  'scripted',
  '--engine-options',
  '{"rules":[{"text":"no"}]}',
  '--tasks',
  'agent_reasoning',
];
const model = fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));

describe('bad input', () => {
  it.each<[string, Failure]>([
    [
      'unknown command',
      { args: ['rum'], exit: 2, code: 'E_USAGE', says: /no command rum/, hint: /did you mean run\?/ },
    ],
    [
      'unknown flag',
      {
        args: ['run', '--limt', '5'],
        exit: 2,
        code: 'E_USAGE',
        says: /unknown option '--limt'.*--limit/,
        hint: /help run/,
      },
    ],
    [
      'unknown task',
      {
        args: ['run', '--tasks', 'gsm9k'],
        exit: 2,
        code: 'E_TASK_UNKNOWN',
        says: /no task gsm9k/,
        hint: /did you mean gsm8k/,
      },
    ],
    [
      'unknown suite',
      {
        args: ['run', '--suite', 'agent'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /no suite agent/,
        hint: /did you mean agents/,
      },
    ],
    [
      'unknown engine',
      {
        args: ['run', '--engine', 'llamacpp'],
        exit: 2,
        code: 'E_ENGINE_UNKNOWN',
        says: /no engine llamacpp/,
        hint: /did you mean llama-cpp/,
      },
    ],
    [
      'unknown preset',
      {
        args: ['run', ...scripted, '--preset', 'balance'],
        exit: 2,
        code: 'E_PRESET_UNKNOWN',
        says: /no preset balance/,
        hint: /did you mean balanced/,
      },
    ],
    [
      'unknown model',
      {
        args: ['run', '--model', 'quen3_8b'],
        exit: 2,
        code: 'E_MODEL_UNKNOWN',
        says: /quen3_8b/,
        hint: /list models|did you mean/,
      },
    ],
    [
      'limit 0',
      {
        args: ['run', '--limit', '0'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /--limit is "0", but must be a whole number of at least 1/,
        hint: /--limit/,
      },
    ],
    [
      'limit negative',
      {
        args: ['run', '--limit', '-3'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /--limit is "-3"/,
        hint: /at least 1/,
      },
    ],
    [
      'limit NaN',
      {
        args: ['run', '--limit', 'NaN'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /--limit is "NaN"/,
        hint: /whole number/,
      },
    ],
    [
      'limit 1.5',
      {
        args: ['run', '--limit', '1.5'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /--limit is "1.5"/,
        hint: /whole number/,
      },
    ],
    [
      'no such model file',
      {
        args: ['run', '--model', 'missing.gguf'],
        exit: 3,
        code: 'E_MODEL_FILE',
        says: /missing\.gguf is not there/,
        hint: /path/,
      },
    ],
    [
      'no URL',
      {
        args: ['run', '--base-url', 'localhost'],
        exit: 2,
        code: 'E_OPTION_INVALID',
        says: /"localhost" is not an http or https address/,
        hint: /--base-url/,
      },
    ],
    [
      'no data',
      {
        args: ['certify', '--tasks', 'gsm8k', '--responses', 'x'],
        exit: 2,
        code: 'E_USAGE',
        says: /unknown option/,
        hint: /help certify/,
      },
    ],
    [
      'no run',
      {
        args: ['resume', 'latest'],
        exit: 2,
        code: 'E_RUN_NOT_FOUND',
        says: /no run under runs/,
        hint: /qwen-eval run/,
      },
    ],
    [
      'no config',
      { args: ['run', '--config', 'none.yaml'], exit: 3, code: 'E_FILE_UNREADABLE', says: /none\.yaml/, hint: /path/ },
    ],
    [
      'responses missing',
      {
        args: ['score', '--task', 'function_calling_quick', '--responses', 'none.jsonl'],
        exit: 3,
        code: 'E_FILE_UNREADABLE',
        says: /none\.jsonl/,
        hint: /--responses/,
      },
    ],
  ])('%s', async (_, failure) => {
    await fails(failure);
  });

  it('config file with an unknown key', async () => {
    writeFileSync(join(folder, 'typo.yaml'), 'limitt: 5\n');
    await fails({
      args: ['run', '--config', 'typo.yaml'],
      exit: 2,
      code: 'E_CONFIG_INVALID',
      says: /unknown key limitt/,
      hint: /did you mean limit/,
    });
  });

  it('config file that is not UTF-8', async () => {
    writeFileSync(join(folder, 'latin.yaml'), Buffer.from([0x6d, 0x6f, 0x64, 0x65, 0x6c, 0x3a, 0x20, 0xe9, 0x0a]));
    await fails({
      args: ['run', '--config', 'latin.yaml'],
      exit: 2,
      code: 'E_CONFIG_INVALID',
      says: /latin\.yaml/,
      hint: /syntax/,
    });
  });

  it('port refused', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    await fails({
      args: ['run', '--base-url', `http://127.0.0.1:${port}/v1`],
      exit: 3,
      code: 'E_ENGINE_UNREACHABLE',
      says: new RegExp(`127\\.0\\.0\\.1:${port}`),
      hint: /./,
    });
  });

  it('wrong key', async () => {
    const server = await startOpenAiServer({ apiKey: 'right' });
    await fails({
      args: ['run', '--base-url', server.url, '--tasks', 'agent_reasoning', '--limit', '3'],
      exit: 3,
      code: 'E_ENGINE_AUTH',
      says: /./,
      hint: /OPENAI_API_KEY|QE_API_KEY/,
    });
    await server.close();
  });

  it('model that the server does not list', async () => {
    const server = await startOpenAiServer();
    await fails({
      args: ['run', '--base-url', server.url, '--model', 'tinny'],
      exit: 2,
      code: 'E_MODEL_UNKNOWN',
      says: /tinny/,
      hint: /tiny/,
    });
    await server.close();
  });

  it('prompts that exceed the context are unscored and said so', async () => {
    const server = await startOpenAiServer({ behave: () => contextExceeded.vllm });
    const { code, stdout } = await runCli(
      ['run', '--base-url', server.url, '--tasks', 'agent_reasoning', '--limit', '9', '--out', 'exceeded', '--json'],
      { cwd: folder },
    );
    await server.close();
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { tasks: readonly { counts: unknown; metrics: Record<string, unknown> }[] };
    expect(result.tasks[0]).toMatchObject({
      counts: { planned: 9, scored: 0, unscored: 9, byCode: { 'ctx.exceeded': 9 } },
      metrics: { accuracy: { unavailable: expect.stringContaining('0.0 % of the samples are scored') } },
    });
  });

  it('server that never answers', async () => {
    const server = await startOpenAiServer({ behave: () => ({ kind: 'never' }) });
    const { code, stderr } = await runCli(
      [
        'run',
        '--base-url',
        server.url,
        '--tasks',
        'agent_reasoning',
        '--limit',
        '3',
        '--request-timeout',
        '1',
        '--retries',
        '0',
        '--out',
        'never',
      ],
      { cwd: folder },
    );
    await server.close();
    expect(code).toBe(4);
    expect(stderr).toMatch(/resume it with/);
  });

  it('truncated model file', async () => {
    const path = join(folder, 'cut.gguf');
    writeFileSync(path, readFileSync(model).subarray(0, 5000));
    await fails({
      args: ['run', '--model', path, '--tasks', 'agent_reasoning', '--limit', '1'],
      exit: 3,
      code: 'E_MODEL_FILE',
      says: /cut\.gguf/,
      hint: /./,
    });
  });

  it('text file as a model', async () => {
    const path = join(folder, 'text.gguf');
    writeFileSync(path, 'not a model');
    await fails({
      args: ['run', '--model', path, '--tasks', 'agent_reasoning', '--limit', '1'],
      exit: 3,
      code: 'E_MODEL_FILE',
      says: /text\.gguf/,
      hint: /./,
    });
  });

  it('output folder that is a file, or cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await fails({
      args: ['run', ...scripted, '--limit', '3', '--out', 'file/runs'],
      exit: 3,
      code: 'E_OUTPUT_UNWRITABLE',
      says: /file/,
      hint: /--out/,
    });
    if (process.getuid?.() === 0) return;
    mkdirSync(join(folder, 'locked'));
    chmodSync(join(folder, 'locked'), 0o500);
    await fails({
      args: ['run', ...scripted, '--limit', '3', '--out', 'locked/runs'],
      exit: 3,
      code: 'E_OUTPUT_UNWRITABLE',
      says: /locked/,
      hint: /--out/,
    });
  });

  it('a task without its data is refused, the others go on', async () => {
    const { code, stdout } = await runCli(
      [
        'run',
        '--engine',
        'scripted',
        '--engine-options',
        '{"rules":[{"text":"no"}]}',
        '--tasks',
        'gsm8k,agent_reasoning',
        '--limit',
        '6',
        '--offline',
        '--out',
        'refused',
        '--json',
      ],
      { cwd: folder },
    );
    expect(code).toBe(3);
    const result = JSON.parse(stdout) as { status: string; tasks: readonly Record<string, unknown>[] };
    expect(result.tasks[0]).toMatchObject({ task: 'gsm8k', refused: { code: 'E_DATASET_MISSING' } });
    expect(result.tasks[1]).toMatchObject({ task: 'agent_reasoning', refused: null, counts: { scored: 6 } });
  });

  it('data with another hash is an error that names both, and runs when allowed', async () => {
    const data = join(folder, 'data', 'gsm8k');
    mkdirSync(data, { recursive: true });
    writeFileSync(
      join(data, 'gsm8k-test.jsonl'),
      `${JSON.stringify({ question: 'What is 1+1?', answer: 'One and one are 2.\n#### 2' })}\n`,
    );
    copyFileSync(join(data, 'gsm8k-test.jsonl'), join(data, 'gsm8k-train.jsonl'));
    const args = [
      'run',
      '--engine',
      'scripted',
      '--engine-options',
      '{"rules":[{"text":"\\\\boxed{2}"}]}',
      '--tasks',
      'gsm8k',
      '--data-dir',
      'data',
      '--offline',
      '--json',
    ];
    const refused = await runCli([...args, '--out', 'hash'], { cwd: folder });
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      tasks: [
        {
          refused: {
            code: 'E_DATASET_HASH',
            message: expect.stringMatching(/has sha256 [0-9a-f]{64}, not sha256 [0-9a-f]{64}/),
          },
        },
      ],
    });
    const allowed = await runCli([...args, '--out', 'hash', '--allow-unverified-data'], { cwd: folder });
    expect(JSON.parse(allowed.stdout)).toMatchObject({
      tasks: [{ counts: { scored: 1 }, warnings: [expect.stringContaining('sha256 is not known')] }],
    });
  });

  it('responses that do not fit are named by line', async () => {
    const path = join(folder, 'responses.jsonl');
    writeFileSync(path, '{"sampleId":"quick/1","response":"x"}\nnonsense\n');
    await fails({
      args: ['score', '--task', 'function_calling_quick', '--responses', path],
      exit: 2,
      code: 'E_INPUT_INVALID',
      says: /line 1 of .*responses\.jsonl answers quick\/1|line 2 of .*is not JSON/,
      hint: /./,
    });
  });
});
