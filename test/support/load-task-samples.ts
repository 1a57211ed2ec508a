import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import { openDatasets } from '../../src/datasets/open-datasets.ts';
import { sharedData } from './shared-data.ts';
import { defaultSettings } from './task-settings.ts';

/** Settings of a task by its own defaults. */
export const settingsOf = <Input, Target>(
  task: Task<Input, Target>,
  changes: Partial<TaskSettings> = {},
): TaskSettings => ({
  ...defaultSettings,
  fewShot: task.defaults.fewShot,
  maxTokens: task.defaults.maxTokens,
  size: task.defaults.size ?? defaultSettings.size,
  extra: task.defaults.extra ?? {},
  ...changes,
});

let cacheDir: string | null = null;

/** Samples of a task from the real benchmark files; without files for synthetic tasks. */
export async function loadTaskSamples<Input, Target>(
  task: Task<Input, Target>,
  settings: TaskSettings,
): Promise<readonly Sample<Input, Target>[]> {
  cacheDir ??= mkdtempSync(join(tmpdir(), 'qe-samples-'));
  const datasets = openDatasets({
    dataDir: sharedData,
    cacheDir,
    allowUnverified: false,
    offline: true,
    hfCacheDir: null,
    hfEndpoint: null,
    hfToken: null,
  });
  const data = await datasets.load(task.artefacts, { taskId: task.id });
  return [...(await task.loadSamples({ data, settings, tokenizer: null }))];
}
