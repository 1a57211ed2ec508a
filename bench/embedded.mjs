// The embedded engine beside the library's own loop and llama.cpp's own tool, on the same file in the same run.
//
// npm run bench -- embedded [--model FILE.gguf] [--rounds N] [--sequences 1,4,8,16] [--tokens N] [--threads N]
// QE_LLAMA_BIN: folder with llama-batched-bench. QE_REAL_QWEN: the model, when --model is not given.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import llamaCpp from '../dist/engines/llama-cpp.js';
import { defaultShape, makeRandomModel } from '../tools/random-model/random-model.mjs';

const run = promisify(execFile);
const contextLength = 1024;
const flashAttention = true;
const noDeadlines = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };
const greedy = {
  temperature: 0,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: 0,
};

/** Prompts of one length, so that all sequences start to generate together. */
const promptOf = (index) => `def function_${index % 10}(values):\n    """Return the next of the values."""\n`;

const questions = Array.from({ length: 4 }, (_, index) => ({
  context: `${'A sentence that all questions of this paragraph share, and that goes on for a while. '.repeat(10)}\nQuestion ${index}: what comes next?\nAnswer:`,
  continuations: [
    ' the first of them',
    ' nothing at all that one could name',
    ' seven',
    ' a longer answer than the others',
  ],
}));

const openEngine = ({ model, sequences, threads }) =>
  llamaCpp.open(
    {
      model,
      baseUrls: [],
      apiKey: null,
      sequences,
      contextLength,
      threads,
      batchSize: 512,
      kvCacheType: null,
      extraBody: {},
      deadlines: noDeadlines,
      engineOptions: { flashAttention },
    },
    { nowMs: () => performance.now(), random: Math.random, log: () => undefined },
  );

/** Processor time of a process in milliseconds, in steps of 10; null where there is no /proc. */
function processorMs(processId) {
  if (!existsSync(`/proc/${processId}/stat`)) return null;
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1].split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Tokens per second from the first token of any sequence to the last of all, and processor time a token. */
async function throughput({ engine, prompts, tokens }) {
  const answer = async (text) => {
    const request = { model: '', prompt: { kind: 'text', text }, stop: [], sampling: greedy };
    let firstMs = null;
    let last = null;
    const stream = engine.generate({ ...request, maxTokens: tokens, responseFormat: { kind: 'text' } });
    for await (const delta of stream) {
      if (delta.kind === 'content') firstMs ??= delta.atMs;
      last = delta;
    }
    return { firstMs, lastMs: last.atMs, tokens: last.usage.completionTokens };
  };
  await answer(prompts[0]);
  const { processId } = await engine.describe();
  const before = processorMs(processId);
  const answers = await Promise.all(prompts.map(answer));
  const count = answers.reduce((sum, one) => sum + one.tokens, 0);
  const firstMs = Math.min(...answers.map((one) => one.firstMs));
  const lastMs = Math.max(...answers.map((one) => one.lastMs));
  return {
    tokensPerSecond: (1000 * (count - answers.length)) / (lastMs - firstMs),
    processorMs: before === null ? null : (processorMs(processId) - before) / count,
  };
}

async function withEngine(options, work) {
  const engine = await openEngine(options);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

const raw = async (job) => {
  const script = fileURLToPath(new URL('support/raw-binding.mjs', import.meta.url));
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const whole = JSON.stringify({ contextLength, flashAttention, ...job });
  return JSON.parse((await run(process.execPath, [script, whole], { env })).stdout);
};

async function batchedBench({ folder, model, sequences, threads, tokens, promptTokens }) {
  const flags = [
    '-m',
    model,
    '-c',
    String(contextLength * sequences),
    '-b',
    '512',
    '-ub',
    '512',
    '-fa',
    'on',
    '-ngl',
    '0',
  ];
  const sizes = [
    '-npp',
    String(promptTokens),
    '-ntg',
    String(tokens),
    '-npl',
    String(sequences),
    '-t',
    String(threads),
  ];
  const env = { ...process.env, LD_LIBRARY_PATH: folder };
  const { stdout } = await run(join(folder, 'llama-batched-bench'), [...flags, ...sizes, '--output-format', 'jsonl'], {
    env,
  });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  return JSON.parse(line).speed_tg;
}

function findModel(given) {
  const cached = join(homedir(), '.cache/qwen-eval-real/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
  const path = [given, process.env.QE_REAL_QWEN, cached].find((candidate) => candidate && existsSync(candidate));
  if (path) return { model: path, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'bench-embedded-'));
  const model = join(folder, 'random.gguf');
  const shape = { ...defaultShape, layers: 16, width: 768, heads: 12, kvHeads: 4, headSize: 64, hidden: 2304 };
  writeFileSync(model, makeRandomModel(shape));
  return { model, remove: () => rmSync(folder, { recursive: true }) };
}

const best = (values) => Math.max(...values);
const round = (value) => Math.round(value * 1000) / 1000;

/** Each contender in turn, round after round, so that a busy moment hits all of them. */
async function measureThroughput({ model, threads, sequences, tokens, rounds, llamaBin, print }) {
  const prompts = Array.from({ length: sequences }, (_, index) => promptOf(index));
  const speeds = { ours: [], raw: [], llamaCpp: [] };
  const processor = { ours: [], raw: [] };
  const note = (name, measured) => {
    speeds[name].push(measured.tokensPerSecond);
    processor[name].push(measured.processorMs);
  };
  for (let index = 0; index < rounds; index++) {
    note('ours', await withEngine({ model, sequences, threads }, (engine) => throughput({ engine, prompts, tokens })));
    note('raw', await raw({ modelPath: model, sequences, threads, tokens, prompts }));
    if (llamaBin)
      speeds.llamaCpp.push(
        await batchedBench({ folder: llamaBin, model, sequences, threads, tokens, promptTokens: 20 }),
      );
    const last = Object.entries(speeds).map(([name, values]) => `${name} ${values.at(-1)?.toFixed(1) ?? '–'}`);
    print(`${sequences} sequences, round ${index + 1}: ${last.join('  ')}`);
  }
  const beside = (name) => ({
    [`${name}TokensPerSecond${sequences}`]: round(best(speeds[name])),
    [`of${name[0].toUpperCase()}${name.slice(1)}${sequences}`]: round(best(speeds.ours) / best(speeds[name])),
  });
  const knowsProcessor = processor.ours.every((value) => value !== null);
  return {
    [`tokensPerSecond${sequences}`]: round(best(speeds.ours)),
    ...beside('raw'),
    ...(llamaBin ? beside('llamaCpp') : {}),
    // Processor time hardly depends on what else runs; with several threads it counts their waiting for each other too.
    [`processorOfRaw${sequences}`]: knowsProcessor
      ? round(Math.min(...processor.raw) / Math.min(...processor.ours))
      : null,
  };
}

async function measureChoice({ model, threads, rounds, print }) {
  const shared = [];
  const naive = [];
  for (let index = 0; index < rounds; index++) {
    shared.push(
      await withEngine({ model, sequences: 1, threads }, async (engine) => {
        const startedMs = performance.now();
        for (const { context: text, continuations } of questions)
          await engine.scoreContinuations({ model: '', context: { kind: 'text', text }, continuations });
        return (performance.now() - startedMs) / questions.length;
      }),
    );
    naive.push((await raw({ modelPath: model, sequences: 1, threads, questions })).questionMs);
    print(
      `multiple choice, round ${index + 1}: ${shared.at(-1).toFixed(0)} ms a question, naive ${naive.at(-1).toFixed(0)}`,
    );
  }
  return {
    choiceQuestionMs: round(Math.min(...shared)),
    naiveChoiceQuestionMs: round(Math.min(...naive)),
    choiceSpeedup: round(Math.min(...naive) / Math.min(...shared)),
  };
}

export default async function embedded({ arguments: given, print }) {
  const { values } = parseArgs({
    args: given,
    options: {
      model: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      sequences: { type: 'string', default: '1,4,8,16' },
      tokens: { type: 'string', default: '48' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const { model, remove } = findModel(values.model);
  const llamaBin = process.env.QE_LLAMA_BIN ?? null;
  const common = { model, threads: Number(values.threads), rounds: Number(values.rounds), llamaBin, print };
  try {
    const figures = {};
    for (const sequences of values.sequences.split(',').map(Number))
      Object.assign(figures, await measureThroughput({ ...common, sequences, tokens: Number(values.tokens) }));
    Object.assign(figures, await measureChoice(common));
    const {
      version,
      model: identity,
      settings,
    } = await withEngine({ model, sequences: 1, threads: common.threads }, (engine) => engine.describe());
    return {
      figures,
      environment: { engine: version, model: identity.name, sha256: identity.sha256, settings, llamaBin },
    };
  } finally {
    remove();
  }
}
