import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unavailable } from '../../src/core/estimate.ts';
import type { ResultDocument, TaskResult } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunPlan, TaskPlan } from '../../src/core/run-plan.ts';
import { greedySampling } from '../../src/core/sampling.ts';
import type { SampleRecord } from '../../src/core/sample-record.ts';
import type { LoadedRun } from '../../src/diagnosis/loaded-run.ts';
import accuracy from '../../src/metrics/accuracy.ts';
import { proportionEstimate } from '../../src/stats/proportion-estimate.ts';
import { runDirectoryAt } from '../../src/store/run-directory.ts';

type Changes<T> = { readonly [Key in keyof T]?: T[Key] };

/** A plan of one task as `run` makes it, with changes. */
export const taskPlan = (task: string, changes: Changes<TaskPlan> = {}): TaskPlan => ({
  task,
  taskVersion: 1,
  scorer: 'numeric-answer',
  scorerVersion: 1,
  headline: 'accuracy',
  settings: {
    fewShot: 0,
    choiceMode: null,
    maxTokens: 512,
    toolFormat: null,
    seed: 0,
    split: 'pinned',
    size: 200,
    extra: {},
  },
  sampling: greedySampling,
  epochs: 1,
  datasets: [{ name: 'test', sha256: 'ab'.repeat(32), verified: true }],
  samples: { count: 100, digest: 'cd'.repeat(32), limit: null, sampleSeed: null },
  refused: null,
  warnings: [],
  ...changes,
});

/** A run.json over the given tasks, with changes to its plan. */
export function runDocument(
  runId: string,
  tasks: readonly TaskPlan[],
  changes: Changes<RunPlan> & { readonly options?: RunDocument['options'] } = {},
): RunDocument {
  const { options = {}, ...plan } = changes;
  return {
    schemaVersion: 1,
    runId,
    planHash: 'ef'.repeat(32),
    createdAt: '2026-11-01T00:00:00.000Z',
    plan: {
      schemaVersion: 1,
      model: {
        requested: 'qwen3_0_6b',
        name: 'Qwen3-0.6B',
        registryId: 'qwen3_0_6b',
        sha256: null,
        family: 'qwen3',
        facts: {},
      },
      engine: { id: 'openai-compatible', version: null, settings: {}, contextLength: 32_768, templateSha256: null },
      preset: {
        requested: 'balanced',
        values: {},
        resolved: {},
        startConcurrency: 8,
        maxConcurrency: 64,
        observed: null,
        confirmed: 'yes',
        notes: [],
        remarks: [],
      },
      mode: 'unspecified',
      thinking: { templateArguments: {}, requestFields: {}, keepsThinking: false },
      tasks,
      seed: 0,
      warnings: [],
      responseRules: { allowUnverifiedData: false, allowUncertified: false },
      ...plan,
    },
    engine: { capabilities: { messages: { supported: true } } },
    fingerprint: null,
    budgetProbes: null,
    environment: {},
    versions: {},
    options,
    resumed: [],
  };
}

const usage = { promptTokens: 100, completionTokens: 50, reasoningTokens: null, cachedPromptTokens: null };

/** A finished, right, one-turn sample, with changes. */
export const sampleRecord = (task: string, sampleId: string, changes: Changes<SampleRecord> = {}): SampleRecord => ({
  task,
  sampleId,
  epoch: 0,
  category: null,
  cluster: null,
  request: { kind: 'chat', messages: [{ role: 'user', content: 'What is 6 times 7?' }] },
  response: 'Six times seven is forty-two. \\boxed{42}',
  reasoning: null,
  thinking: 'none',
  toolCalls: [],
  finishReason: 'stop',
  usage,
  timings: {
    startedAt: '2026-11-01T00:00:00.000Z',
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
  extraction: { value: '42', method: 'boxed', span: [37, 39], candidates: 1 },
  score: 1,
  measures: {},
  unscored: null,
  code: null,
  codes: [],
  explanation: null,
  attempts: 1,
  seed: null,
  ...changes,
});

function taskResult(
  plan: TaskPlan,
  records: readonly SampleRecord[],
  failures: Readonly<Record<string, number>>,
): TaskResult {
  const scored = records.filter((record) => record.score !== null);
  const planned = plan.samples.count * plan.epochs;
  const rows = scored.map((record) => ({ ...record, score: record.score ?? 0 }));
  const truncated = records.filter((record) => record.finishReason === 'length').length;
  const isCovered = planned > 0 && scored.length / planned >= 0.98;
  const byCode: Record<string, number> = { ...failures };
  const observedThinking: Record<string, number> = {};
  for (const { code, thinking, continuations } of records) {
    if (code !== null) byCode[code] = (byCode[code] ?? 0) + 1;
    if (continuations === null) observedThinking[thinking] = (observedThinking[thinking] ?? 0) + 1;
  }
  const tokens = records.map((record) => record.usage.completionTokens);
  const completion = tokens.includes(null) ? null : tokens.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const sum = rows.reduce((total, row) => total + row.score, 0);
  return {
    task: plan.task,
    headline: plan.headline,
    metrics: { [plan.headline]: isCovered ? accuracy.estimate(rows) : unavailable('too few samples are scored') },
    completedOnly: accuracy.estimate(rows.filter((row) => row.finishReason !== 'length')),
    bounds: planned === 0 ? null : { worst: sum / planned, best: (sum + planned - scored.length) / planned },
    coverage: planned === 0 ? 0 : scored.length / planned,
    truncationRate:
      records.length === 0 ? unavailable('no sample is finished') : proportionEstimate(truncated, records.length),
    kind: null,
    category: null,
    chanceLevel: null,
    categories: {},
    lengths: {},
    counts: { planned, scored: scored.length, unscored: planned - scored.length, truncated, byCode },
    certificate: null,
    refused: plan.refused,
    observedThinking,
    tokens: {
      prompt: records.length * 100,
      completion,
      meanCompletion: completion === null || records.length === 0 ? null : completion / records.length,
    },
    warnings: plan.warnings,
  };
}

/** The result.json that these records come to. `failures` are samples of each task that failed for causes that may pass, by code. */
export function resultDocument(
  document: RunDocument,
  records: readonly SampleRecord[],
  failures: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): ResultDocument {
  const { plan } = document;
  const tasks = plan.tasks.map((task) =>
    taskResult(
      task,
      records.filter((record) => record.task === task.task),
      failures[task.task] ?? {},
    ),
  );
  const isComplete = plan.tasks.every(
    (task) =>
      records.filter((record) => record.task === task.task).length >= task.samples.count * task.epochs ||
      task.refused !== null,
  );
  return {
    schemaVersion: 1,
    runId: document.runId,
    planHash: document.planHash,
    status: isComplete ? 'complete' : 'incomplete',
    model: plan.model.name,
    engine: plan.engine.id,
    preset: plan.preset.requested,
    mode: plan.mode,
    tasks,
    diagnosis: [],
    references: [],
    usage: { promptTokens: null, completionTokens: null, wasted: 0 },
    timings: {
      startedAt: document.createdAt,
      endedAt: document.createdAt,
      wallMs: 1000,
      outputTokensPerSecond: 1000,
      samplesPerSecond: 10,
      timeToFirstTokenMs: { p50: 12, p95: 20, n: records.length },
      byLength: [],
      attempts: records.reduce((total, record) => total + record.attempts, 0),
    },
    system: null,
    warnings: [],
  };
}

/** Writes a run directory under `out` and gives it as loaded. */
export function writeRun(
  out: string,
  document: RunDocument,
  records: readonly SampleRecord[],
): LoadedRun & { readonly result: ResultDocument } {
  const directory = runDirectoryAt(join(out, document.runId));
  const result = resultDocument(document, records);
  mkdirSync(directory.path, { recursive: true });
  writeFileSync(directory.runFile, JSON.stringify(document));
  writeFileSync(directory.resultFile, JSON.stringify(result));
  writeFileSync(directory.samplesFile, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return { directory, document, result };
}
