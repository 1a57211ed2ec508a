import { statSync } from 'node:fs';
import type { Options } from '../config/options.ts';
import { closest } from '../core/closest.ts';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import { findModel } from '../presets/find-model.ts';
import { parseHubFile } from '../presets/gguf-location.ts';
import { loadAllTasks, loadTask } from './load-plugin.ts';
import { hubFiles } from './resolve-target.ts';
import { systemDependencies, type DataOptions, type OnDownload } from './system-dependencies.ts';

/** A file that is on this machine now. */
export interface FetchedFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** What was fetched for one name. */
export interface Fetched {
  readonly id: string;
  readonly kind: 'model' | 'task';
  readonly files: readonly FetchedFile[];
}

/** Brings what a name stands for to this machine: a model's GGUF files, or a task's data files. Throws E_MODEL_UNKNOWN for a name nobody knows, and what the hub throws. */
export async function fetchThing(
  name: string,
  options: DataOptions & Pick<Options, 'quantization'>,
  onDownload: OnDownload,
): Promise<Fetched> {
  const dependencies = systemDependencies(options, onDownload);
  const isModel = parseHubFile(name) !== null || findModel(name).match?.kind === 'exact';
  if (isModel) {
    const files: FetchedFile[] = [];
    for (const location of hubFiles(name, options.quantization)) {
      const path = await dependencies.fetchModelFile(location);
      files.push({ name: location.path, path, sizeBytes: statSync(path).size });
    }
    return { id: name, kind: 'model', files };
  }
  const task = await findTask(name);
  const data = await dependencies.loadData(task.artefacts, task.id);
  const files = [...data.files.values()].map(({ name: file, path, sizeBytes }) => ({ name: file, path, sizeBytes }));
  return { id: task.id, kind: 'task', files };
}

async function findTask(name: string) {
  try {
    return await loadTask(name);
  } catch (error) {
    if (!isQwenEvalError(error) || error.code !== 'E_TASK_UNKNOWN') throw error;
    const tasks = (await loadAllTasks()).map((task) => task.id);
    const near = [...findModel(name).suggestions, closest(name, tasks)].filter((id) => id !== null);
    throw new QwenEvalError('E_MODEL_UNKNOWN', `nothing called ${name} can be fetched: neither a model nor a task`, {
      hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'see `qwen-eval list models` and `list tasks`',
    });
  }
}
