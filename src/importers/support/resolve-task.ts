import type { JsonObject } from '../../core/json.ts';
import type { Task, TaskSettings } from '../../core/ports/task.ts';
import type { Sample } from '../../core/sample.ts';
import { loadAllTasks, loadTask } from '../../runner/load-plugin.ts';
import type { RunnerDependencies } from '../../runner/runner-dependencies.ts';
import type { LoggedSample, LoggedTask } from './imported-log.ts';
import { ownSamples } from './own-samples.ts';
import { matchSamples } from './match-samples.ts';

/** What a part of a log is scored as. */
export interface ResolvedTask {
  readonly logged: LoggedTask;
  readonly task: Task;
  readonly settings: TaskSettings;
  readonly datasets: readonly { readonly name: string; readonly sha256: string; readonly verified: boolean }[];
  /** All samples of the task, in order. */
  readonly all: readonly Sample[];
  readonly samples: ReadonlyMap<LoggedSample, Sample>;
  /** Answers to questions that the benchmark does not have. */
  readonly unknown: readonly LoggedSample[];
  /** Why it is not scored as one of our benchmarks; null when it is. */
  readonly isForeignBecause: string | null;
}

/** Name of a benchmark without path and dialect: `inspect_evals/ARC-Challenge` is `arc_challenge`. */
const plainName = (name: string): string =>
  (name.split('/').at(-1) ?? name).toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');

const answersTo = (task: Task, name: string): boolean =>
  task.id === name ||
  (task.inLogs?.names ?? []).some((known) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : known === name,
  );

/**
 * Decides which benchmark a part of a log answers: ours when name and questions agree, else the log's own questions and key. Null when
 * neither can be scored. Throws E_DATASET_MISSING and its like when the data of our benchmark are not at hand.
 */
export async function resolveTask(logged: LoggedTask, dependencies: RunnerDependencies): Promise<ResolvedTask | null> {
  const name = plainName(logged.name);
  const task = (await loadAllTasks()).find((candidate) => answersTo(candidate, name));
  if (task === undefined) return resolveForeign(logged, `${logged.name} is no benchmark of this program`);
  const settings = settingsOf(task, logged, {});
  const data = await dependencies.loadData(task.artefacts, task.id);
  // Nothing is asked again, so no examples are needed.
  const plain = { ...settings, fewShot: 0 };
  const all = [...(await task.loadSamples({ data, settings: plain, tokenizer: null }))];
  const { samples, unknown } = matchSamples(task, { samples: all, settings: plain, logged: logged.samples });
  if (samples.size === 0) return resolveForeign(logged, `its questions are not those of ${task.id}`);
  const datasets = [...data.files.values()]
    .map(({ name: file, sha256, verified }) => ({ name: file, sha256, verified }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { logged, task, settings, datasets, all, samples, unknown, isForeignBecause: null };
}

async function resolveForeign(logged: LoggedTask, reason: string): Promise<ResolvedTask | null> {
  const own = ownSamples(logged);
  if (own === null) return null;
  const task = await loadTask(`imported_${own.kind}_${plainName(logged.name)}`);
  const settings = settingsOf(task, logged, { samples: own.rows });
  const all = [...(await task.loadSamples({ data: noData, settings, tokenizer: null }))];
  const byId = new Map(all.map((sample) => [sample.id, sample]));
  const samples = new Map<LoggedSample, Sample>();
  for (const [answer, id] of own.ids) {
    const sample = byId.get(id);
    if (sample !== undefined) samples.set(answer, sample);
  }
  const unknown = logged.samples.filter((answer) => !samples.has(answer));
  return { logged, task, settings, datasets: [], all, samples, unknown, isForeignBecause: reason };
}

/** A reader of nothing: imported tasks have no files. */
const noData = {
  files: new Map(),
  text: () => Promise.resolve(''),
  jsonLines: () => Promise.resolve([]),
  json: () => Promise.resolve(null),
  csv: () => Promise.resolve([]),
  parquet: () => Promise.resolve([]),
  zip: () => Promise.resolve(new Map()),
};

const settingsOf = (task: Task, logged: LoggedTask, extra: JsonObject): TaskSettings => ({
  fewShot: logged.fewShot ?? 0,
  choiceMode: task.choiceModes.length === 0 ? null : (logged.choiceMode ?? 'generative'),
  maxTokens: logged.maxTokens ?? task.defaults.maxTokens,
  toolFormat: null,
  seed: 0,
  split: 'pinned',
  size: Math.max(1, logged.samples.length),
  extra: { ...task.defaults.extra, ...extra },
});
