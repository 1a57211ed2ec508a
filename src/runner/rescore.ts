import { isQwenEvalError } from '../core/errors.ts';
import type { ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { loadEarlierRuns } from '../diagnosis/earlier-runs.ts';
import { readJournal } from '../store/journal.ts';
import {
  findRunDirectory,
  loadResultDocument,
  loadRunDocument,
  writeJournal,
  writeResultDocument,
  writeRunDocument,
} from '../store/run-directory.ts';
import { aggregateResult } from './aggregate-result.ts';
import { loadTask } from './load-plugin.ts';
import { openServices } from './open-services.ts';
import type { PreparedTask, RunnerDependencies } from './prepare-run.ts';
import { recordedResponse } from './recorded-response.ts';
import { completeOptions, type RunOptions, type RunRuntime } from './run.ts';
import { scoreFields } from './run-sample.ts';
import { scoreResponse } from './score-response.ts';
import { selectSamples } from './select-samples.ts';
import { systemDependencies } from './system-dependencies.ts';

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
}

/** Scores the recorded answers of a run again with today's scorers; nothing is generated. The journal keeps its answers and gets the new verdicts. */
export async function rescore(reference: string, given: RunOptions, runtime: RunRuntime = {}): Promise<Rescored> {
  const options = completeOptions(given);
  const dependencies = runtime.dependencies ?? systemDependencies(options);
  const directory = findRunDirectory(options.out, reference);
  const document = loadRunDocument(directory);
  const startMs = dependencies.clock.nowMs();
  const startedAt = dependencies.clock.now();
  const tasks: PreparedTask[] = [];
  for (const plan of document.plan.tasks)
    tasks.push(await prepareStored(plan, dependencies, document.plan.engine.contextLength));
  const opened = await openServices(
    tasks.filter((entry) => entry.selection !== null).map((entry) => entry.task),
    options,
  );
  const records: SampleRecord[] = [];
  const changed: ChangedVerdict[] = [];
  try {
    for await (const [before, after] of rescoreRecords(readJournal(directory.samplesFile), {
      tasks,
      services: opened.services,
    })) {
      records.push(after);
      if (before.score !== after.score) changed.push(changeOf(before, after));
    }
  } finally {
    await opened.close();
  }
  const updated: RunDocument = { ...document, plan: { ...document.plan, tasks: tasks.map((entry) => entry.plan) } };
  const previous = loadResultDocument(directory);
  const result = await aggregateResult({
    document: updated,
    tasks,
    records,
    certificates: new Map(),
    failures: new Map(),
    wastedTokens: previous?.usage.wasted ?? 0,
    startedAt: previous?.timings.startedAt ?? startedAt,
    endedAt: previous?.timings.endedAt ?? dependencies.clock.now(),
    wallMs: previous?.timings.wallMs ?? dependencies.clock.nowMs() - startMs,
    system: previous?.system ?? {},
    earlier: loadEarlierRuns(directory, document),
    warnings: [],
  });
  writeJournal(directory, records);
  writeRunDocument(directory, updated);
  writeResultDocument(directory, result);
  return { result, directory: directory.path, changed };
}

const changeOf = (before: SampleRecord, after: SampleRecord): ChangedVerdict => ({
  task: after.task,
  sampleId: after.sampleId,
  epoch: after.epoch,
  before: before.score,
  after: after.score,
  code: after.code,
});

async function* rescoreRecords(
  records: Iterable<SampleRecord>,
  input: {
    readonly tasks: readonly PreparedTask[];
    readonly services: Parameters<typeof scoreResponse>[0]['services'];
  },
): AsyncGenerator<readonly [SampleRecord, SampleRecord]> {
  const samples = new Map<string, ReadonlyMap<string, Sample>>();
  for (const record of records) {
    const entry = input.tasks.find((candidate) => candidate.plan.task === record.task);
    if (!entry?.selection) {
      yield [record, record];
      continue;
    }
    let byId = samples.get(record.task);
    if (!byId) {
      byId = new Map([...(await entry.selection.open())].map((sample) => [sample.id, sample]));
      samples.set(record.task, byId);
    }
    const sample = byId.get(record.sampleId);
    // A sample without an answer (its context was exceeded, say) has nothing to score again.
    if (
      !sample ||
      (record.response === null &&
        record.reasoning === null &&
        record.continuations === null &&
        record.toolCalls.length === 0)
    ) {
      yield [record, record];
      continue;
    }
    const explained = await scoreResponse({
      task: entry.task,
      sample,
      settings: entry.plan.settings,
      response: recordedResponse(record),
      services: input.services,
    });
    yield [record, { ...record, ...scoreFields(explained) }];
  }
}

async function prepareStored(
  plan: TaskPlan,
  dependencies: RunnerDependencies,
  contextLength: number | null,
): Promise<PreparedTask> {
  const task = await loadTask(plan.task);
  if (plan.refused) return { plan, task, selection: null, loadGold: null };
  const current: TaskPlan = {
    ...plan,
    taskVersion: task.version,
    scorer: task.scorer.id,
    scorerVersion: task.scorer.version,
    headline: task.metrics[0].id,
  };
  try {
    const data = await dependencies.loadData(task.artefacts, task.id);
    const load = () => task.loadSamples({ data, settings: plan.settings, tokenizer: null, contextLength });
    return { plan: current, task, selection: await selectSamples(load, plan.samples), loadGold: load };
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
