import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict, ResultDocument } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunPlan, TaskPlan } from '../../src/core/run-plan.ts';
import type { SampleRecord } from '../../src/core/sample-record.ts';
import type { SystemReport } from '../../src/core/system-report.ts';
import { proportionEstimate } from '../../src/stats/proportion-estimate.ts';
import { seededRng } from '../../src/stats/rng.ts';
import { runDirectoryAt } from '../../src/store/run-directory.ts';
import type { TrackedTask } from '../../src/tracker/tracked-task.ts';
import type { TrackerCatalogue } from '../../src/tracker/update-tracker.ts';
import { resultDocument, runDocument, sampleRecord, taskPlan } from './recorded-run.ts';
import { estimateOf, unmeasured } from './system-report.ts';
import { trackedTask } from './tracked-task.ts';

const task = (id: string, changes: Partial<TrackedTask>): readonly [string, TrackedTask] => [
  id,
  trackedTask(id, changes),
];

const model = (id: string, title: string, changes: Partial<TrackerCatalogue['models'][number]>) => ({
  id,
  title,
  hubId: `Qwen/${title}`,
  family: 'Qwen3',
  variant: 'instruct' as const,
  size: null,
  parameters: null,
  contextLength: 32_768,
  licence: 'Apache-2.0',
  priority: 2,
  defaultMode: 'thinking' as const,
  hasGguf: true,
  ...changes,
});

/** Models, presets and tasks that do not change with the program. */
export const fixtureCatalogue: TrackerCatalogue = {
  models: [
    model('qwen3_4b', 'Qwen3-4B', { size: '4.02 B', parameters: 4_022_468_096 }),
    model('qwen3_8b', 'Qwen3-8B', { size: '8.19 B', parameters: 8_190_735_360, priority: 1 }),
    model('qwen3_14b', 'Qwen3-14B', { size: '14.8 B', parameters: 14_768_307_200, priority: 1 }),
    model('qwen3_32b', 'Qwen3-32B', { size: '32.8 B', parameters: 32_762_123_264, hasGguf: false }),
    model('qwen3_0_6b_base', 'Qwen3-0.6B-Base', {
      size: '0.596 B',
      parameters: 596_049_920,
      variant: 'base',
      defaultMode: null,
      priority: 3,
    }),
  ],
  presets: [
    { id: 'performance', title: 'most throughput', values: { sequences: '128', evaluationBatch: '16' } },
    { id: 'balanced', title: 'speed and memory in balance', values: { sequences: '64', evaluationBatch: '8' } },
    { id: 'memory_optimized', title: 'smallest memory footprint', values: { sequences: '32', evaluationBatch: '4' } },
  ],
  tasks: new Map([
    task('gsm8k', {}),
    task('arc_challenge', { kind: 'choice', category: 'knowledge' }),
    task('humaneval', { kind: 'code', category: 'code', needs: ['sandbox'], sampleCount: 164 }),
    task('mt_bench', { kind: 'judged', category: 'chat', headline: 'rating', needs: ['judge'], sampleCount: 80 }),
    task('function_calling_quick', {
      kind: 'tools',
      category: 'tools',
      group: 'function_calling',
      needs: ['tools'],
      sampleCount: 40,
    }),
    task('agent_json', { kind: 'tools', category: 'json', group: 'agent', version: 2, sampleCount: 200 }),
    task('needle_grid', { kind: 'long_context', category: 'long_context', group: 'long_context', sampleCount: 50 }),
  ]),
  suite: ['gsm8k', 'arc_challenge', 'humaneval', 'mt_bench', 'function_calling_quick', 'agent_json'],
  advanced: ['needle_grid'],
  basePreset: 'balanced',
  knownIssues: [
    {
      id: 'awq-forced',
      software: ['vllm'],
      since: '0.10.0',
      before: '0.12.0',
      quantizations: ['awq'],
      statement: '--quantization awq forces the slow kernels.',
      advice: 'leave it out',
      source: 'a change of the server',
      date: '2026-01-02',
    },
    {
      id: 'never',
      software: ['sglang'],
      statement: 'nothing here fits.',
      advice: 'nothing',
      source: 'nobody',
      date: '2026-01-02',
    },
  ],
  frameworkVersion: '0.1.0',
};

/** One run of the fixture. */
interface FixtureRun {
  readonly model: string;
  readonly preset?: string;
  readonly tasks: readonly string[];
  /** Chance of a right answer, by task or for all. */
  readonly right?: number;
  readonly mode?: RunPlan['mode'];
  readonly engineVersion?: string;
  readonly plan?: Partial<RunPlan>;
  readonly task?: Partial<TaskPlan>;
  /** Share of the samples that were finished. */
  readonly finished?: number;
  /** Share of finished samples cut at the token limit. */
  readonly truncated?: number;
  readonly diagnosis?: readonly Verdict[];
  readonly system?: SystemReport;
  readonly tokensPerSecond?: number;
  readonly result?: Partial<ResultDocument>;
}

/** Samples of each task. */
const sampleCount = 60;

/** How hard a sample is: the same for every run, so that runs of one task are correlated. */
const difficulty = (id: string, index: number): number => seededRng(`${id}/${index}`).uniform();

function recordsOf(run: FixtureRun, id: string, seed: string): readonly SampleRecord[] {
  const rng = seededRng(`${seed}/${id}`);
  const isRated = id === 'mt_bench';
  const count = Math.round(sampleCount * (run.finished ?? 1));
  return Array.from({ length: count }, (_, index) => {
    const skill = run.right ?? 0.7;
    const isRight = 0.8 * difficulty(id, index) + 0.2 * rng.uniform() < skill;
    const isCut = index < count * (run.truncated ?? 0);
    const code = isCut ? 'gen.truncated' : id === 'function_calling_quick' ? 'args.wrong_value' : 'answer.wrong';
    const rating = isRight ? 9 : 6;
    return sampleRecord(id, `test/${index}`, {
      category: index % 2 === 0 ? 'even' : 'odd',
      score: isRated ? (rating - 1) / 9 : isRight && !isCut ? 1 : 0,
      ...(isRated ? { measures: { rating } } : {}),
      ...(isRight && !isCut ? {} : { code }),
      ...(isCut ? { finishReason: 'length' } : {}),
    });
  });
}

const reading = (value: number) => ({ value, readings: 40 });

/** A run on a card, with memory, throughput and what limited it. */
export const measuredSystem = (figures: {
  readonly memoryGib: number;
  readonly tokensPerSecond: number;
  readonly kvUsage: number;
  readonly bottleneck: SystemReport['bottleneck'];
}): SystemReport => ({
  ...unmeasured,
  memory: {
    ...unmeasured.memory,
    engineBytes: { peak: reading(figures.memoryGib * 2 ** 30), mean: estimateOf(figures.memoryGib * 2 ** 30, 1e8) },
    where: 'gpu',
    meaning: 'memory the engine’s processes held on one card, reserved or used',
    kvUsage: { peak: reading(figures.kvUsage), mean: estimateOf(figures.kvUsage / 2, 0.01) },
  },
  throughput: {
    ...unmeasured.throughput,
    outputTokensPerSecond: estimateOf(figures.tokensPerSecond, figures.tokensPerSecond / 50),
  },
  bottleneck: figures.bottleneck,
});

const onCard = (memoryGib: number, tokensPerSecond: number, kvUsage = 0.4): SystemReport =>
  measuredSystem({
    memoryGib,
    tokensPerSecond,
    kvUsage,
    bottleneck: {
      kind: 'decode',
      summary: 'decode took 81 % of the requests’ time',
      evidence: { decodeSeconds: 81.2, prefillSeconds: 12.5 },
    },
  });

/** What runs on a card expected before they began. */
const expectedMemory: NonNullable<RunDocument['memory']> = {
  architecture: null,
  quantization: null,
  kvType: 'auto',
  sequences: 64,
  contextTokens: 32_768,
  estimate: {
    weightBytes: 16_381_470_720,
    kvBytes: 309_237_645_312,
    stateBytes: 0,
    overheadBytes: 2 ** 31,
    totalBytes: 327_766_599_680,
    isRough: false,
  },
  fit: { fits: true, availableBytes: 68 * 2 ** 30, cacheTokens: 369_000, fullSequences: 11, source: '85 % of a card' },
};

const official = (id: string, value: number | null): ResultDocument['references'][number] => ({
  task: id,
  official:
    value === null
      ? null
      : {
          value,
          benchmark: id,
          model: 'Qwen3-8B',
          mode: 'thinking',
          quantization: null,
          setting: '0-shot',
          source: 'a report',
          isCopy: false,
        },
  reason: value === null ? 'no official value' : null,
  ours: estimateOf(0.98, 0.02),
  difference: null,
  contains: value === null ? null : value < 1,
  settingDifferences: [],
  causes: [],
});

const leaked: Verdict = {
  id: 'thinking_leaked',
  severity: 'error',
  summary: 'gsm8k: thinking stands in the answer of 12 of 60 samples',
  evidence: { task: 'gsm8k', samples: 12 },
  advice: '--reasoning-parser qwen3',
};

const served: Partial<RunPlan> = {
  model: {
    requested: 'house-model',
    name: 'house-model',
    registryId: null,
    sha256: null,
    family: 'qwen3',
    facts: { servedBy: 'vllm', quantization: 'awq' },
  },
  engine: { id: 'openai-compatible', version: '0.10.2', settings: {}, contextLength: 32_768, templateSha256: null },
  preset: {
    requested: 'balanced',
    values: {},
    resolved: {},
    startConcurrency: 8,
    maxConcurrency: 64,
    observed: null,
    confirmed: 'unknown',
    remarks: [],
    notes: ['the server was running already: only the client part of the preset applies'],
  },
};

const presets = ['performance', 'balanced', 'memory_optimized'];
const bundles = [['gsm8k', 'arc_challenge'], ['humaneval'], ['function_calling_quick', 'agent_json']];
const cardOf = {
  performance: onCard(72.1, 2400),
  balanced: onCard(68, 1900, 0.1),
  memory_optimized: onCard(24.5, 1200),
};

/** Forty runs that show a tracker everything it must cope with, oldest first. */
const runs: readonly FixtureRun[] = [
  // Older ones first: other shots, an older engine, an older version of a task.
  {
    model: 'qwen3_8b',
    tasks: ['gsm8k'],
    right: 0.7,
    task: { settings: { ...taskPlan('gsm8k').settings, fewShot: 4 } },
  },
  { model: 'qwen3_8b', tasks: ['arc_challenge'], right: 0.8 },
  { model: 'qwen3_4b', tasks: ['gsm8k'], right: 0.6 },
  { model: 'qwen3_4b', preset: 'memory_optimized', tasks: ['agent_json'], right: 0.6, task: { taskVersion: 1 } },
  { model: 'qwen3_0_6b_base', tasks: ['gsm8k'], right: 0.3, engineVersion: '1.0' },
  // Both models over the presets.
  ...presets.flatMap((preset, index) =>
    bundles.map((tasks): FixtureRun => ({
      model: 'qwen3_8b',
      preset,
      tasks,
      right: 0.85 - (index === 2 ? 0.1 : 0),
      system: cardOf[preset as keyof typeof cardOf],
      tokensPerSecond: [2400, 1900, 1200][index] ?? 0,
    })),
  ),
  ...presets
    .slice(0, 2)
    .flatMap((preset) => bundles.map((tasks): FixtureRun => ({ model: 'qwen3_4b', preset, tasks, right: 0.65 }))),
  // The same plan again and again: throughput gets an interval.
  ...[1880, 1915, 1902].map((tokensPerSecond): FixtureRun => ({
    model: 'qwen3_8b',
    tasks: ['gsm8k', 'arc_challenge'],
    right: 0.85,
    tokensPerSecond,
    system: onCard(68, tokensPerSecond, 0.1),
  })),
  // Thinking, ratings, long context.
  {
    model: 'qwen3_8b',
    tasks: ['gsm8k', 'arc_challenge'],
    right: 0.95,
    mode: 'thinking',
    result: { references: [official('gsm8k', 0.97), official('arc_challenge', null)] },
  },
  { model: 'qwen3_8b', tasks: ['mt_bench'], right: 0.8, result: { references: [official('mt_bench', 8.9)] } },
  { model: 'qwen3_4b', tasks: ['mt_bench'], right: 0.5 },
  { model: 'qwen3_8b', tasks: ['needle_grid'], right: 0.9 },
  // What went wrong.
  { model: 'qwen3_0_6b_base', tasks: ['arc_challenge'], right: 0.3, engineVersion: '2.0' },
  { model: 'qwen3_4b', preset: 'memory_optimized', tasks: ['gsm8k'], finished: 0.5, right: 0.6 },
  {
    model: 'qwen3_4b',
    preset: 'memory_optimized',
    tasks: ['humaneval'],
    right: 0.6,
    result: { status: 'complete' },
    finished: 0.9,
  },
  {
    model: 'qwen3_4b',
    preset: 'memory_optimized',
    tasks: ['mt_bench'],
    finished: 0,
    task: { refused: { code: 'E_JUDGE_MISSING', message: 'mt_bench needs a judge', hint: '--judge-model' } },
  },
  { model: 'qwen3_14b', tasks: ['gsm8k'], right: 0.9, truncated: 0.3, diagnosis: [leaked] },
  { model: 'qwen3_14b', preset: 'performance', tasks: ['gsm8k'], right: 0.9, truncated: 0.05, diagnosis: [leaked] },
  { model: 'qwen3_14b', tasks: ['humaneval'], right: 0.9 },
  { model: 'qwen3_14b', tasks: ['arc_challenge'], right: 0.92 },
  // A server that was there already.
  { model: '', tasks: ['gsm8k'], right: 0.75, plan: served },
  { model: '', tasks: ['function_calling_quick'], right: 0, plan: served },
  // Other samples than the rest, which is not comparable, and a size that stands alone.
  {
    model: 'qwen3_14b',
    preset: 'performance',
    tasks: ['arc_challenge'],
    right: 0.92,
    task: { samples: { count: sampleCount, digest: 'ee'.repeat(32), limit: sampleCount, sampleSeed: 2 } },
  },
  { model: 'qwen3_14b', preset: 'performance', tasks: ['humaneval'], right: 0.9, system: onCard(74, 1500) },
  { model: 'qwen3_14b', tasks: ['function_calling_quick'], right: 0.9, system: onCard(71, 1400) },
];

const idOf = (index: number): string =>
  `202611${String(1 + Math.floor(index / 4)).padStart(2, '0')}T${String((index % 4) * 6).padStart(2, '0')}0000Z-${String(index).padStart(8, '0')}-fixt`;

function planOf(run: FixtureRun, index: number): RunDocument {
  const plans = run.tasks.map((id) => {
    const known = fixtureCatalogue.tasks.get(id);
    const count = run.task?.refused ? 0 : sampleCount;
    return taskPlan(id, {
      taskVersion: known?.version ?? 1,
      headline: known?.headline ?? 'accuracy',
      datasets: [],
      samples: { count, digest: 'cd'.repeat(32), limit: sampleCount, sampleSeed: 1 },
      settings: { ...taskPlan(id).settings, choiceMode: id === 'arc_challenge' ? 'generative' : null },
      ...run.task,
    });
  });
  const base = runDocument(idOf(index), plans, {
    mode: run.mode ?? 'non-thinking',
    options: {
      model: run.model,
      preset: run.preset ?? 'balanced',
      tasks: run.tasks,
      limit: sampleCount,
      sampleSeed: 1,
    },
  });
  const { model: named, engine, preset } = base.plan;
  return {
    ...base,
    // Runs of one model and preset over the same tasks repeat one plan.
    planHash: `${run.model}${run.preset ?? ''}${run.tasks.join('')}`.padEnd(64, '0'),
    ...(run.system ? { memory: expectedMemory } : {}),
    createdAt: `${idOf(index).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d).*/, '$1-$2-$3T$4')}:00:00.000Z`,
    environment: {
      platform: 'linux',
      architecture: 'x64',
      cpu: 'a processor',
      logicalCpus: 32,
      memoryBytes: 512 * 2 ** 30,
    },
    versions: { 'qwen-eval': '0.1.0', node: 'v20.20.2' },
    plan: {
      ...base.plan,
      model: { ...named, requested: run.model, name: run.model, registryId: run.model, family: 'qwen3' },
      engine: { ...engine, id: 'vllm', version: run.engineVersion ?? '0.26.0' },
      preset: { ...preset, requested: run.preset ?? 'balanced' },
      ...run.plan,
    },
  };
}

function resultOf(run: FixtureRun, document: RunDocument, records: readonly SampleRecord[]): ResultDocument {
  const base = resultDocument(document, records);
  return {
    ...base,
    tasks: base.tasks.map((result) => (result.headline === 'rating' ? rated(result, records) : result)),
    diagnosis: run.diagnosis ?? [],
    system: run.system ?? null,
    timings: { ...base.timings, outputTokensPerSecond: run.tokensPerSecond ?? 1000 },
    ...run.result,
  };
}

/** The headline of a rated task is in 1–10. */
function rated(
  result: ResultDocument['tasks'][number],
  records: readonly SampleRecord[],
): ResultDocument['tasks'][number] {
  const high = records.filter(({ measures }) => measures['rating'] === 9).length;
  if (records.length === 0) return result;
  const share = proportionEstimate(high, records.length);
  if (!('value' in share)) return result;
  const rating = (value: number): number => 6 + 3 * value;
  return {
    ...result,
    metrics: {
      rating: {
        ...share,
        value: rating(share.value),
        low: rating(share.low),
        high: rating(share.high),
        method: 'clustered-t',
      },
    },
  };
}

/** Number of runs that `writeFixtureRuns` makes. */
export const fixtureRunCount = runs.length;

/** Writes runs of the fixture under `out`, those of the given indices or all. */
export function writeFixtureRuns(out: string, indices: readonly number[] = runs.map((_, index) => index)): void {
  for (const index of indices) {
    const run = runs[index] as FixtureRun;
    const document = planOf(run, index);
    const records = run.task?.refused ? [] : run.tasks.flatMap((id) => recordsOf(run, id, String(index)));
    const directory = runDirectoryAt(join(out, document.runId));
    mkdirSync(directory.path, { recursive: true });
    writeFileSync(directory.runFile, JSON.stringify(document));
    writeFileSync(directory.resultFile, JSON.stringify(resultOf(run, document, records)));
    writeFileSync(directory.samplesFile, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
}
