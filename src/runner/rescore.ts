import type { Options } from '../config/options.ts';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { Task } from '../core/ports/task.ts';
import type { Certificate, ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import { recordKey, type SampleRecord } from '../core/sample-record.ts';
import type { Judgement } from '../core/score.ts';
import { loadEarlierRuns } from '../diagnosis/earlier-runs.ts';
import { readJournal } from '../store/journal.ts';
import {
  findRunDirectory,
  loadResultDocument,
  loadRunDocument,
  writeJournal,
  writeResultDocument,
  writeRunDocument,
  type RunDirectory,
} from '../store/run-directory.ts';
import { headlineOf } from './headline-of.ts';
import { aggregateResult } from './aggregate-result.ts';
import { certificateOf } from './certificate-cache.ts';
import { holdRun } from './hold-run.ts';
import { KeptAnswers } from './kept-answers.ts';
import { loadTask } from './load-plugin.ts';
import { mapInOrder } from './map-in-order.ts';
import { isJudgeNamed, openJudge, type OpenJudge } from './open-judge.ts';
import { describeSandbox, openServices, type OpenServices } from './open-services.ts';
import { judgeWarnings, planJudge, scoringJudge } from './plan-judge.ts';
import type { PreparedTask } from './prepared-run.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { completeOptions, publicOptions, type RunOptions, type RunRuntime } from './run.ts';
import { hasAnswer, scoreRecord, type RescoredRecord } from './score-record.ts';
import { withBaseline } from './until-decided.ts';
import { selectSamples } from './select-samples.ts';
import { systemReporter } from './run-telemetry.ts';
import { cacheFolder, systemDependencies } from './system-dependencies.ts';

/** One sample whose verdict a re-scoring changed. */
export interface ChangedVerdict {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly code: string | null;
}

export interface Rescored {
  readonly result: ResultDocument;
  readonly directory: string;
  readonly changed: readonly ChangedVerdict[];
  /** Answers that could not be scored now, by task and code: rescoring again may help. */
  readonly failures: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** What rescoring shares over its steps. */
interface Rescoring {
  readonly options: Options;
  readonly dependencies: RunnerDependencies;
  readonly document: RunDocument;
  readonly judge: OpenJudge | null;
}

/** Scorings in flight in a scorer that waits (a judge, a sandbox). */
const inFlight = 16;

/**
 * Scores the recorded answers of a run again with today's scorers; nothing is generated. Judged answers are rated by the judge that is
 * named, or read again from what the recorded judge said. The journal keeps its answers and gets the new verdicts.
 */
export async function rescore(reference: string, given: RunOptions, runtime: RunRuntime = {}): Promise<Rescored> {
  const options = completeOptions(given);
  const dependencies = runtime.dependencies ?? systemDependencies(options);
  const directory = findRunDirectory(options.out, reference);
  const hold = await holdRun(directory);
  try {
    return await rescoreHeld(directory, options, dependencies);
  } finally {
    await hold.release();
  }
}

async function rescoreHeld(
  directory: RunDirectory,
  options: Options,
  dependencies: RunnerDependencies,
): Promise<Rescored> {
  const document = loadRunDocument(directory);
  const loaded = await Promise.all(document.plan.tasks.map((plan) => loadTask(plan.task)));
  const isJudged = loaded.some((task) => task.needs.includes('judge')) && isJudgeNamed(options);
  const judge = isJudged ? await openJudge(options, dependencies) : null;
  try {
    return await rescoreRun(directory, loaded, { options, dependencies, document, judge });
  } finally {
    await judge?.close();
  }
}

async function rescoreRun(directory: RunDirectory, loaded: readonly Task[], context: Rescoring): Promise<Rescored> {
  const { options, dependencies, document, judge } = context;
  const startMs = dependencies.clock.nowMs();
  const startedAt = dependencies.clock.now();
  const tasks: PreparedTask[] = [];
  for (const [index, task] of loaded.entries()) {
    const plan = document.plan.tasks[index];
    if (plan) tasks.push(await prepareStored(task, plan, context));
  }
  const opened = await openServices(
    tasks.filter((entry) => entry.selection !== null),
    options,
    judge === null ? null : scoringJudge(judge, { model: document.plan.model, signal: null }),
  );
  try {
    const certificates = await certifyAll(tasks, opened, options);
    const scored = await rescoreRecords(directory, tasks, opened);
    const updated: RunDocument = {
      ...document,
      plan: { ...document.plan, tasks: tasks.map((entry) => entry.plan) },
      options: judge === null ? document.options : { ...document.options, ...judgeOptions(options) },
    };
    const previous = loadResultDocument(directory);
    const times = previous?.timings ?? {
      startedAt,
      endedAt: dependencies.clock.now(),
      wallMs: dependencies.clock.nowMs() - startMs,
    };
    const result = await aggregateResult({
      document: updated,
      tasks,
      records: scored.records,
      certificates,
      failures: scored.failures,
      wastedTokens: previous?.usage.wasted ?? 0,
      startedAt: times.startedAt,
      endedAt: times.endedAt,
      wallMs: times.wallMs,
      system: systemReporter(directory, document),
      sandbox: await describeSandbox(opened.services),
      earlier: loadEarlierRuns(directory, document),
      warnings: [...updated.plan.warnings, ...updated.plan.preset.notes],
    });
    writeJournal(directory, scored.records);
    scored.kept.close();
    writeRunDocument(directory, updated);
    writeResultDocument(directory, result);
    return { result, directory: directory.path, changed: scored.changed, failures: scored.failures };
  } finally {
    await opened.close();
  }
}

/** The judge's options as run.json keeps them, so that `resume` goes on with the same judge. */
function judgeOptions(options: Options) {
  const { judgeModel, judgeBaseUrl, judgeEngine } = publicOptions(options);
  const named = Object.entries({ judgeModel, judgeBaseUrl, judgeEngine });
  return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function certifyAll(
  tasks: readonly PreparedTask[],
  { services }: OpenServices,
  options: Options,
): Promise<ReadonlyMap<string, Certificate>> {
  const certificates = new Map<string, Certificate>();
  for (const entry of tasks) {
    const request = { services, cacheDir: cacheFolder(options), options: { scope: 'sample' } as const };
    const certificate = await certificateOf(entry, request);
    if (certificate) certificates.set(entry.plan.task, certificate);
  }
  return certificates;
}

interface RescoredRecords {
  readonly records: readonly SampleRecord[];
  readonly changed: readonly ChangedVerdict[];
  readonly failures: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Answers that are still to be scored; to be closed when the journal is written. */
  readonly kept: KeptAnswers;
}

async function rescoreRecords(
  directory: RunDirectory,
  tasks: readonly PreparedTask[],
  opened: OpenServices,
): Promise<RescoredRecords> {
  const known = new Set<string>();
  for (const record of readJournal(directory.samplesFile)) known.add(recordKey(record));
  const kept = new KeptAnswers(directory.unscoredFile, (key) => known.has(key));
  const both = function* (): Generator<SampleRecord> {
    yield* readJournal(directory.samplesFile);
    yield* kept.records;
  };
  const samples = await samplesByTask(tasks);
  const records: SampleRecord[] = [];
  const changed: ChangedVerdict[] = [];
  const failures = new Map<string, Record<string, number>>();
  const score = async (before: SampleRecord): Promise<readonly [SampleRecord, RescoredRecord]> => [
    before,
    await rescoreRecord(before, { tasks, samples, opened }),
  ];
  for await (const [before, { record, isRepeatable }] of mapInOrder(both(), inFlight, score)) {
    if (before.score !== record.score) changed.push(changeOf(before, record));
    if (!isRepeatable) {
      records.push(record);
      kept.release(recordKey(record));
      continue;
    }
    kept.keep(record);
    const counts = failures.get(record.task) ?? {};
    counts[record.code ?? ''] = (counts[record.code ?? ''] ?? 0) + 1;
    failures.set(record.task, counts);
  }
  return { records, changed, failures, kept };
}

async function samplesByTask(
  tasks: readonly PreparedTask[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Sample>>> {
  const byTask = new Map<string, ReadonlyMap<string, Sample>>();
  for (const { plan, selection } of tasks) {
    if (selection === null) continue;
    byTask.set(plan.task, new Map([...(await selection.open())].map((sample) => [sample.id, sample])));
  }
  return byTask;
}

async function rescoreRecord(
  record: SampleRecord,
  input: {
    readonly tasks: readonly PreparedTask[];
    readonly samples: ReadonlyMap<string, ReadonlyMap<string, Sample>>;
    readonly opened: OpenServices;
  },
): Promise<RescoredRecord> {
  const entry = input.tasks.find((candidate) => candidate.plan.task === record.task);
  const sample = input.samples.get(record.task)?.get(record.sampleId);
  if (!entry || !sample || !hasAnswer(record)) return { record, isRepeatable: false };
  const { services } = input.opened;
  const judge = services.judge ?? (record.judgements ? recordedJudge(record.judgements) : null);
  const { task, plan } = entry;
  return scoreRecord(record, { task, sample, settings: plan.settings, services: { ...services, judge } });
}

/** The judge that rated a record, saying again what it said. */
function recordedJudge(judgements: readonly Judgement[]): Judge {
  let next = 0;
  return {
    identity: 'recorded',
    isSameFamily: false,
    ask: () => {
      const said = judgements[next++];
      return said === undefined
        ? Promise.reject(
            new QwenEvalError('E_JUDGE_FAILED', 'the judge said no more when it was asked; name one to ask again'),
          )
        : Promise.resolve(said.reply);
    },
  };
}

const changeOf = (before: SampleRecord, after: SampleRecord): ChangedVerdict => ({
  task: after.task,
  sampleId: after.sampleId,
  epoch: after.epoch,
  before: before.score,
  after: after.score,
  code: after.code,
});

/** A refused task has no answers, but for a judged one that only lacked its judge. */
const hasNoAnswers = (plan: TaskPlan): boolean => plan.refused !== null && plan.samples.count === 0;

async function prepareStored(task: Task, plan: TaskPlan, context: Rescoring): Promise<PreparedTask> {
  if (hasNoAnswers(plan)) return { plan, task, selection: null, loadGold: null };
  const current: TaskPlan = {
    ...plan,
    taskVersion: task.version,
    scorer: task.scorer.id,
    scorerVersion: task.scorer.version,
    ...headlineOf(task),
  };
  try {
    const data = await context.dependencies.loadData(task.artefacts, task.id);
    const { contextLength } = context.document.plan.engine;
    // Nothing is asked again, so no examples are needed.
    const settings = { ...plan.settings, fewShot: 0 };
    const load = () => task.loadSamples({ data, settings, tokenizer: null, contextLength });
    const judged = await withJudge(task, current, { ...context, data });
    const selection = await selectSamples(load, plan.samples);
    return { plan: judged, task, ...withBaseline(plan, { selection, out: context.options.out }), loadGold: load };
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    return {
      plan: { ...current, refused: { code: error.code, message: error.message, hint: error.hint } },
      task,
      selection: null,
      loadGold: null,
    };
  }
}

/** The plan with the judge that is named now in place of the one before it. */
async function withJudge(
  task: Task,
  plan: TaskPlan,
  { judge, document, data }: Rescoring & { readonly data: DatasetReader },
): Promise<TaskPlan> {
  if (judge === null || !task.needs.includes('judge')) return plan;
  const { model } = document.plan;
  const next = await planJudge(task, { judge, model, data, settings: plan.settings });
  const outdated = plan.judge ? judgeWarnings(task.id, plan.judge, model) : [];
  const warnings = plan.warnings.filter((warning) => !outdated.includes(warning));
  return { ...plan, judge: next, refused: null, warnings: [...judgeWarnings(task.id, next, model), ...warnings] };
}
