import { resolveOptions } from '../config/resolve-options.ts';
import type { Options } from '../config/options.ts';
import type { Task } from '../core/ports/task.ts';
import { formatParameters } from '../presets/format-parameters.ts';
import { modelRegistry, type RegistryModel } from '../presets/model-registry.ts';
import { allPresets } from '../presets/presets.ts';
import { packageVersion } from '../runner/package-version.ts';
import { loadAllTasks } from '../runner/load-plugin.ts';
import { suites } from '../runner/suites.ts';
import { loadKnownIssues } from '../tracker/known-issues/known-issue.ts';
import type { TrackedModel } from '../tracker/tracked-model.ts';
import type { TaskGroup, TrackedTask } from '../tracker/tracked-task.ts';
import type { TrackerCatalogue } from '../tracker/update-tracker.ts';

/** Models, presets, tasks and suites as they are installed: what the tracker plans cells from. */
export async function trackerCatalogue(options: Pick<Options, 'presets'>): Promise<TrackerCatalogue> {
  const tasks = await loadAllTasks();
  return {
    models: modelRegistry().map(trackedModel),
    presets: allPresets(options.presets).map(({ id, title, ...values }) => ({
      id,
      title,
      values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value ?? 'model’s own')])),
    })),
    tasks: new Map(tasks.map((task) => [task.id, trackedTask(task)])),
    suite: tasksOf('tracker'),
    advanced: [...new Set([...tasksOf('synthetic'), ...tasksOf('long_context')])].filter(
      (task) => !tasksOf('tracker').includes(task),
    ),
    basePreset: resolveOptions({ flags: {}, environment: {}, config: {} }).values.preset,
    knownIssues: loadKnownIssues(),
    frameworkVersion: packageVersion(),
  };
}

const tasksOf = (suite: string): readonly string[] => (suites[suite] ?? []).map((entry) => entry.task);

const priorities = { high: 1, medium: 2, low: 3 } as const;

const trackedModel = (model: RegistryModel): TrackedModel => ({
  id: model.id,
  title: model.name,
  hubId: model.hubId,
  family: model.family.title,
  variant: model.variant,
  size: formatParameters(model.architecture),
  parameters: model.architecture.parameters,
  contextLength: model.contextLength,
  licence: model.licence,
  priority: priorities[model.priority],
  defaultMode: model.variant === 'base' ? null : (model.defaultMode ?? model.family.defaultMode),
  hasGguf: model.gguf !== null,
});

const trackedTask = (task: Task): TrackedTask => ({
  id: task.id,
  title: task.title,
  kind: task.kind,
  category: task.category,
  group: groupOf(task),
  version: task.version,
  scorer: task.scorer.id,
  scorerVersion: task.scorer.version,
  headline: task.metrics[0].id,
  sampleCount: task.defaults.size ?? task.sampleCount,
  maxTokens: task.defaults.maxTokens,
  needs: task.needs,
  files: Object.fromEntries(task.artefacts.map(({ name, sha256 }) => [name, sha256])),
});

function groupOf(task: Task): TaskGroup {
  if (task.kind === 'long_context') return 'long_context';
  if (task.kind === 'tools') return 'function_calling';
  return tasksOf('agents').includes(task.id) || task.kind === 'dialogue' ? 'agent' : 'dataset';
}
