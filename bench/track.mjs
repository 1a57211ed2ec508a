// How long `track` takes over 1,000 run directories of 1,000 samples each, the first time and when nothing changed, and `compare` of two runs
// of 10,000 samples.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proportionEstimate } from '../dist/stats/proportion-estimate.js';
import { seededRng } from '../dist/stats/rng.js';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const usage = new URL('support/report-usage.mjs', import.meta.url).href;
const models = ['qwen3_0_6b', 'qwen3_1_7b', 'qwen3_4b', 'qwen3_8b', 'qwen3_14b'];
const presets = ['performance', 'balanced', 'memory_optimized'];
const tasks = await Promise.all(
  ['gsm8k', 'arc-challenge', 'hellaswag', 'agent-json', 'agent-reasoning'].map(
    async (file) => (await import(`../dist/tasks/${file}.js`)).default,
  ),
);
const samplesPerRun = 1000;
const comparedSamples = 10_000;
const sampling = {
  temperature: 0,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: null,
};

function planOf({ model, preset, task, sampleCount }) {
  const settings = {
    fewShot: 0,
    choiceMode: null,
    maxTokens: 512,
    toolFormat: null,
    seed: 0,
    split: 'pinned',
    size: sampleCount,
    extra: {},
  };
  return {
    schemaVersion: 1,
    model: { requested: model, name: model, registryId: model, sha256: null, family: 'qwen3', facts: {} },
    engine: { id: 'llama-cpp', version: 'bench', settings: {}, contextLength: 32768, templateSha256: null },
    preset: {
      requested: preset,
      values: {},
      resolved: {},
      startConcurrency: 8,
      maxConcurrency: 64,
      observed: null,
      confirmed: 'yes',
      notes: [],
      remarks: [],
    },
    mode: 'non-thinking',
    thinking: { templateArguments: {}, requestFields: {}, keepsThinking: false },
    tasks: [
      {
        task: task.id,
        taskVersion: task.version,
        scorer: task.scorer.id,
        scorerVersion: task.scorer.version,
        headline: 'accuracy',
        settings,
        sampling,
        epochs: 1,
        datasets: [],
        samples: { count: sampleCount, digest: 'cd'.repeat(32), limit: null, sampleSeed: null },
        refused: null,
        warnings: [],
      },
    ],
    seed: 0,
    warnings: [],
    responseRules: { allowUnverifiedData: false, allowUncertified: false },
  };
}

function resultOf({ runId, createdAt, model, preset, task, right, sampleCount }) {
  const headline = proportionEstimate(right, sampleCount);
  const wrong = sampleCount - right;
  return {
    schemaVersion: 1,
    runId,
    planHash: 'ef'.repeat(32),
    status: 'complete',
    model,
    engine: 'llama-cpp',
    preset,
    mode: 'non-thinking',
    tasks: [
      {
        task: task.id,
        headline: 'accuracy',
        metrics: { accuracy: headline },
        completedOnly: headline,
        bounds: { worst: right / sampleCount, best: right / sampleCount },
        coverage: 1,
        truncationRate: proportionEstimate(0, sampleCount),
        categories: {},
        counts: {
          planned: sampleCount,
          scored: sampleCount,
          unscored: 0,
          truncated: 0,
          byCode: wrong > 0 ? { 'answer.wrong': wrong } : {},
        },
        certificate: null,
        refused: null,
        observedThinking: { none: sampleCount },
        tokens: { prompt: 100 * sampleCount, completion: 50 * sampleCount, meanCompletion: 50 },
        warnings: [],
      },
    ],
    diagnosis: [],
    usage: { promptTokens: 100 * sampleCount, completionTokens: 50 * sampleCount, wasted: 0 },
    timings: {
      startedAt: createdAt,
      endedAt: createdAt,
      wallMs: 60000,
      outputTokensPerSecond: 900,
      samplesPerSecond: 16,
      timeToFirstTokenMs: { p50: 20, p95: 40, n: sampleCount },
      byLength: [],
      attempts: sampleCount,
    },
    system: null,
    warnings: [],
  };
}

function sampleLine({ task, index, isRight, createdAt }) {
  return JSON.stringify({
    task: task.id,
    sampleId: `test/${index}`,
    epoch: 0,
    category: null,
    cluster: null,
    request: {
      kind: 'chat',
      messages: [
        { role: 'user', content: `Question ${index}: ${'a fairly ordinary question of a benchmark, '.repeat(6)}` },
      ],
    },
    response: `Step by step: ${'we look at it and go on. '.repeat(8)}\\boxed{${index}}`,
    reasoning: null,
    thinking: 'none',
    toolCalls: [],
    finishReason: 'stop',
    usage: { promptTokens: 100, completionTokens: 50, reasoningTokens: null, cachedPromptTokens: null },
    timings: {
      startedAt: createdAt,
      latencyMs: 100,
      timeToFirstChunkMs: 10,
      timeToFirstTokenMs: 12,
      timeToFirstContentMs: 12,
      meanGapMs: 1,
      maxGapMs: 3,
      chunks: 50,
    },
    turns: null,
    transcript: null,
    continuations: null,
    extraction: { value: String(index), method: 'boxed', span: [200, 203], candidates: 1 },
    score: isRight ? 1 : 0,
    measures: {},
    unscored: null,
    code: isRight ? null : 'answer.wrong',
    codes: [],
    explanation: null,
    attempts: 1,
    seed: null,
  });
}

function writeRun(out, index, sampleCount) {
  const model = models[index % models.length];
  const preset = presets[Math.floor(index / models.length) % presets.length];
  const task = tasks[Math.floor(index / (models.length * presets.length)) % tasks.length];
  const runId = `20261101T${String(index).padStart(6, '0')}Z-abcdef01-b${String(index).padStart(4, '0')}`;
  const createdAt = new Date(Date.UTC(2026, 10, 1) + index * 60_000).toISOString();
  const folder = join(out, runId);
  mkdirSync(folder);
  const rng = seededRng(index);
  const outcomes = Array.from({ length: sampleCount }, () => rng.chance(0.7));
  const right = outcomes.filter(Boolean).length;
  const plan = planOf({ model, preset, task, sampleCount });
  const document = {
    schemaVersion: 1,
    runId,
    planHash: 'ef'.repeat(32),
    createdAt,
    plan,
    engine: {},
    fingerprint: null,
    environment: { platform: 'linux' },
    versions: { 'qwen-eval': 'bench', node: process.version },
    options: { model, preset, tasks: [task.id] },
    resumed: [],
  };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(document, null, 2));
  writeFileSync(
    join(folder, 'result.json'),
    JSON.stringify(resultOf({ runId, createdAt, model, preset, task, right, sampleCount }), null, 2),
  );
  const lines = outcomes.map((isRight, sample) => sampleLine({ task, index: sample, isRight, createdAt }));
  const file = join(folder, 'samples.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return statSync(file).size;
}

function timed(folder, args) {
  const usageFile = join(folder, 'usage.json');
  const startMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', usage, program, ...args, '--json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: { ...process.env, QE_BENCH_USAGE: usageFile },
  });
  const seconds = (performance.now() - startMs) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds, document: JSON.parse(stdout), ...JSON.parse(readFileSync(usageFile, 'utf8')) };
}

const track = (folder) => timed(folder, ['track']);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median of five comparisons of two runs of one task. */
function compare(folder) {
  const out = join(folder, 'compared');
  mkdirSync(out);
  // Runs that far apart are of the same task and model under two presets.
  for (const index of [0, models.length]) writeRun(out, index, comparedSamples);
  const times = Array.from({ length: 5 }, () => timed(folder, ['compare', 'performance', 'balanced', '--out', out]));
  for (const { document } of times) {
    const [{ pairs, difference }] = document.comparisons;
    if (pairs !== comparedSamples || difference.value === undefined) throw new Error('the comparison lacks samples');
  }
  return { seconds: median(times.map(({ seconds }) => seconds)), cpuMs: median(times.map(({ cpuMs }) => cpuMs)) };
}

export default function measureTrack({ arguments: [count = '1000'], print }) {
  const folder = mkdtempSync(join(tmpdir(), 'track-'));
  try {
    const out = join(folder, 'runs');
    mkdirSync(out);
    const runs = Number(count);
    let journalBytes = 0;
    for (let index = 0; index < runs; index++) {
      journalBytes += writeRun(out, index, samplesPerRun);
      if ((index + 1) % 200 === 0) print(`${index + 1} runs written`);
    }
    const first = track(folder);
    const again = Array.from({ length: 3 }, () => track(folder));
    if (!first.document.changed || again.some(({ document }) => document.changed))
      throw new Error('the tracker is not stable');
    // A run that cannot be read, or is stale, would cost nothing and make the figure worthless.
    const unreadable = first.document.findings.find(({ id }) => id === 'run.unreadable');
    if (unreadable) throw new Error(unreadable.explanation);
    const tested = first.document.cells.filter((cell) => cell.status === 'tested').length;
    const places = Math.min(runs, models.length * presets.length * tasks.length);
    if (tested !== places) throw new Error(`${tested} cells are tested, ${places} were written`);
    const compared = compare(folder);
    return {
      figures: {
        runs,
        samplesPerRun,
        journalGigabytes: journalBytes / 1e9,
        cells: first.document.cells.length,
        tested,
        firstSeconds: first.seconds,
        // What a busy machine does not stretch.
        firstCpuSeconds: first.cpuMs / 1000,
        firstPeakMegabytes: first.rssBytes / 1e6,
        unchangedSeconds: median(again.map(({ seconds }) => seconds)),
        comparedSamples,
        compareSeconds: compared.seconds,
        compareCpuSeconds: compared.cpuMs / 1000,
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
