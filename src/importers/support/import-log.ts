import { join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import type { ScoringServices } from '../../core/ports/scorer.ts';
import type { Certificate } from '../../core/result-document.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { recordKey } from '../../core/sample-record.ts';
import { aggregateResult } from '../../runner/aggregate-result.ts';
import { loadEarlierRuns } from '../../diagnosis/earlier-runs.ts';
import { certificateOf } from '../../runner/certificate-cache.ts';
import { contentHash } from '../../runner/content-hash.ts';
import { packageVersion } from '../../runner/package-version.ts';
import { describeSandbox, openServices } from '../../runner/open-services.ts';
import type { PreparedTask } from '../../runner/prepared-run.ts';
import type { RunnerDependencies } from '../../runner/runner-dependencies.ts';
import { selectSamples } from '../../runner/select-samples.ts';
import { cacheFolder, systemDependencies } from '../../runner/system-dependencies.ts';
import { createRunDirectory, runDirectoryAt, writeJournal, writeResultDocument } from '../../store/run-directory.ts';
import { writeParquet } from '../../store/write-parquet.ts';
import { findImportedRun, writeReport } from './imported-runs.ts';
import type { ImportRequest } from './importer.ts';
import type { ImportedLog } from './imported-log.ts';
import { planImport } from './plan-import.ts';
import type { ImportReport } from './import-report.ts';
import { reportImport } from './report-import.ts';
import { resolveTask, type ResolvedTask } from './resolve-task.ts';
import { scoreLogged, type ScoredAnswer } from './score-logged.ts';

/**
 * Scores the answers of a log anew and leaves them as a run directory with a report on both sides' verdicts. A log that was imported before
 * changes nothing: its report is given again. Throws E_INPUT_INVALID where the log answers a question twice or holds nothing to score.
 */
export async function importLog(log: ImportedLog, request: ImportRequest): Promise<ImportReport> {
  const { options } = request;
  const before = findImportedRun(options.out, log.files);
  if (before?.report) return before.report;
  const dependencies = request.runtime.dependencies ?? systemDependencies(options);
  const tasks: ResolvedTask[] = [];
  for (const logged of log.tasks) {
    const resolved = await resolveTask(logged, dependencies);
    if (resolved !== null) tasks.push(resolved);
  }
  if (tasks.length === 0) throw nothingToScore(log);
  const document = documentOf(log, { tasks, dependencies, runId: before?.runId ?? null });
  const prepared = await Promise.all(tasks.map((entry) => prepare(entry, document)));
  const opened = await openServices(prepared, options);
  try {
    const certificates = await certify(prepared, { services: opened.services, cacheDir: cacheFolder(options) });
    const answers = await scoreLogged(tasks, opened.services);
    refuseRepeats(answers);
    const records = answers.map(({ record }) => record);
    const result = await aggregateResult({
      document,
      tasks: prepared,
      records,
      certificates,
      failures: new Map(),
      wastedTokens: 0,
      startedAt: log.startedAt,
      endedAt: log.endedAt,
      wallMs: log.wallMs,
      system: null,
      sandbox: await describeSandbox(opened.services),
      earlier: loadEarlierRuns(runDirectoryAt(join(options.out, document.runId)), document),
      warnings: [...document.plan.warnings, ...document.plan.preset.notes],
    });
    const report = reportImport(log, { tasks, answers, result });
    const directory = createRunDirectory(options.out, document);
    writeJournal(directory, records);
    writeResultDocument(directory, result);
    await writeParquet(directory.samplesFile, directory.parquetFile);
    // Last of all: a run without its report is one whose import was cut off.
    writeReport(directory, report);
    return report;
  } finally {
    await opened.close();
  }
}

const nothingToScore = (log: ImportedLog): QwenEvalError =>
  new QwenEvalError(
    'E_INPUT_INVALID',
    `${log.files[0]?.name ?? 'the log'} holds nothing that can be scored: ${log.tasks.map(({ name }) => name).join(', ') || 'no answers'}`,
    { hint: 'benchmarks of `qwen-eval list tasks`, multiple choice and answers that are numbers can be scored' },
  );

/** One (task, sample, epoch) has one answer. */
function refuseRepeats(answers: readonly ScoredAnswer[]): void {
  const seen = new Map<string, string>();
  for (const { logged, record } of answers) {
    const key = recordKey(record);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new QwenEvalError(
        'E_INPUT_INVALID',
        `${logged.where} answers ${record.sampleId} (epoch ${record.epoch}) again, as ${first} did`,
        { hint: 'give one evaluation at a time' },
      );
    }
    seen.set(key, logged.where);
  }
}

async function certify(
  tasks: readonly PreparedTask[],
  input: { readonly services: ScoringServices; readonly cacheDir: string },
): Promise<ReadonlyMap<string, Certificate>> {
  const certificates = new Map<string, Certificate>();
  for (const entry of tasks) {
    const certificate = await certificateOf(entry, { ...input, options: { scope: 'sample' } });
    if (certificate !== null) certificates.set(entry.plan.task, certificate);
  }
  return certificates;
}

async function prepare({ task, all }: ResolvedTask, document: RunDocument): Promise<PreparedTask> {
  const plan = document.plan.tasks.find((candidate) => candidate.task === task.id);
  if (plan === undefined) throw new Error(`the plan has no task ${task.id}`);
  const load = () => Promise.resolve(all);
  return { plan, task, selection: await selectSamples(load, plan.samples), loadGold: load };
}

function documentOf(
  log: ImportedLog,
  input: {
    readonly tasks: readonly ResolvedTask[];
    readonly dependencies: RunnerDependencies;
    readonly runId: string | null;
  },
): RunDocument {
  const plan = planImport(log, input.tasks);
  const planHash = contentHash(plan);
  const createdAt = log.startedAt ?? input.dependencies.clock.now();
  const stamp = createdAt.replaceAll(/[-:]|\.\d+/g, '');
  const suffix = BigInt(`0x${contentHash(log.files.map(({ sha256 }) => sha256))}`)
    .toString(36)
    .slice(0, 4);
  return {
    schemaVersion: 1,
    runId: input.runId ?? `${stamp}-${planHash.slice(0, 8)}-${suffix}`,
    planHash,
    createdAt,
    plan,
    engine: {},
    fingerprint: null,
    budgetProbes: null,
    environment: {},
    versions: { 'qwen-eval': packageVersion(), node: process.version, [log.tool]: log.version },
    options: {},
    resumed: [],
    imported: { tool: log.tool, version: log.version, files: log.files },
  };
}
