import type { Json } from '../core/json.ts';
import type { Task } from '../core/ports/task.ts';
import { formatParameters } from '../presets/format-parameters.ts';
import { modelRegistry, type RegistryModel } from '../presets/model-registry.ts';
import { allPresets } from '../presets/presets.ts';
import { engineIds, loadAllTasks, loadEngine } from '../runner/load-plugin.ts';
import { dataOptions } from '../runner/system-dependencies.ts';
import { listRunDirectories, loadResultDocument, loadRunDocument } from '../store/run-directory.ts';
import type { Invocation } from './command.ts';
import type { Detail } from './detail.ts';
import { engineDetail } from './engine-detail.ts';
import { modelDetail } from './model-detail.ts';
import { presetDetail } from './preset-detail.ts';

type Row = Readonly<Record<string, Json>>;

/** One thing that `list` can list. */
export interface Listing {
  /** Keys of a row that the table shows; `--json` gives all. */
  readonly columns: readonly string[];
  readonly whenEmpty: string;
  readonly rows: (invocation: Pick<Invocation, 'options' | 'config'>) => Promise<readonly Row[]> | readonly Row[];
  /** What `show` shows; left out, the row. Null when there is nothing of that id. */
  readonly detail?: (
    id: string,
    invocation: Pick<Invocation, 'options' | 'arguments'>,
  ) => Promise<Detail | null> | Detail | null;
}

/** What `list` can list, by name. */
export const listings: Readonly<Record<string, Listing>> = {
  models: {
    columns: ['id', 'family', 'parameters', 'contextLength', 'modes', 'gguf', 'licence', 'priority'],
    whenEmpty: 'no models',
    rows: () => modelRegistry().map(modelRow),
    detail: (id, { options, arguments: given }) => modelDetail(id, { options, isNamedModel: given.length > 1 }),
  },
  presets: {
    columns: ['id', 'title', 'gpuMemoryFraction', 'sequences', 'evaluationBatch', 'prefixCaching', 'maxModelLen'],
    whenEmpty: 'no presets',
    rows: ({ options }) => allPresets(options.presets).map((preset) => ({ ...preset })),
    detail: (id, { options }) => presetDetail(id, options),
  },
  tasks: {
    columns: ['id', 'kind', 'headline', 'samples', 'dataFound', 'needs'],
    whenEmpty: 'no tasks',
    rows: taskRows,
  },
  engines: {
    columns: ['id', 'title', 'local'],
    whenEmpty: 'no engines',
    rows: async () => {
      const plugins = await Promise.all(engineIds().map(loadEngine));
      return plugins.map(({ id, title, local }) => ({ id, title, local }));
    },
    detail: engineDetail,
  },
  runs: {
    columns: ['id', 'status', 'model', 'engine', 'preset', 'mode', 'tasks'],
    whenEmpty: 'no runs yet: make one with `qwen-eval run`',
    rows: runRows,
  },
  datasets: { columns: ['id', 'file', 'licence', 'dataFound', 'sha256'], whenEmpty: 'no datasets', rows: datasetRows },
};

const modelRow = (model: RegistryModel): Row => ({
  id: model.id,
  name: model.name,
  hubId: model.hubId,
  family: model.family.title,
  variant: model.variant,
  parameters: formatParameters(model.architecture),
  contextLength: model.contextLength,
  extendedContextLength: model.extendedContextLength,
  modes: model.variant === 'base' ? [] : [...model.family.modes],
  defaultMode: model.variant === 'base' ? null : (model.defaultMode ?? model.family.defaultMode),
  gguf: model.gguf === null ? null : `${model.gguf.hubId} ${model.gguf.default}`,
  repositories: model.repositories.map((row) => row.hubId),
  licence: model.licence,
  priority: model.priority,
  incomplete: model.incomplete,
  sources: [...model.sources],
  reviewed: model.reviewed,
});

async function taskRows(invocation: Pick<Invocation, 'options'>): Promise<readonly Row[]> {
  const tasks = await loadAllTasks();
  return Promise.all(
    tasks.map(async (task) => ({
      id: task.id,
      title: task.title,
      kind: task.kind,
      category: task.category,
      headline: task.metrics[0].id,
      samples: task.sampleCount,
      dataFound: await isDataFound(task, invocation),
      needs: [...task.needs],
      licence: task.licence,
      chanceLevel: task.chanceLevel,
      choiceModes: [...task.choiceModes],
    })),
  );
}

async function isDataFound(task: Task, invocation: Pick<Invocation, 'options'>): Promise<boolean> {
  const { openDatasets, datasetsOptions } = await dataAccess(invocation);
  const datasets = openDatasets(datasetsOptions);
  const found = await Promise.all(
    task.artefacts.filter((artefact) => !artefact.optional).map((artefact) => datasets.locate(artefact)),
  );
  return found.every((location) => location.status === 'found');
}

async function dataAccess({ options }: Pick<Invocation, 'options'>) {
  const { openDatasets } = await import('../datasets/open-datasets.ts');
  return { openDatasets, datasetsOptions: dataOptions(options) };
}

async function datasetRows(invocation: Pick<Invocation, 'options'>): Promise<readonly Row[]> {
  const { openDatasets, datasetsOptions } = await dataAccess(invocation);
  const datasets = openDatasets(datasetsOptions);
  const tasks = await loadAllTasks();
  const rows = await Promise.all(
    tasks.flatMap((task) =>
      task.artefacts.map(async (artefact) => {
        const location = await datasets.locate(artefact);
        return {
          id: `${task.id}/${artefact.name}`,
          file: artefact.fileName,
          licence: artefact.licence,
          dataFound: location.status === 'found',
          path: location.status === 'found' ? location.file.path : null,
          sha256: artefact.sha256[0] ?? null,
        };
      }),
    ),
  );
  return rows;
}

function runRows({ options }: Pick<Invocation, 'options'>): readonly Row[] {
  return listRunDirectories(options.out).map((directory) => {
    const document = loadRunDocument(directory);
    const result = loadResultDocument(directory);
    return {
      id: directory.runId,
      status: result?.status ?? 'incomplete',
      model: document.plan.model.name,
      engine: document.plan.engine.id,
      preset: document.plan.preset.requested,
      mode: document.plan.mode,
      tasks: document.plan.tasks.map((task) => task.task),
      createdAt: document.createdAt,
      path: directory.path,
    };
  });
}
