import type { Task } from '../core/ports/task.ts';
import { dataOptions, type DataOptions } from './system-dependencies.ts';

/** Tasks whose data is neither in the data folder nor in the cache; nothing is fetched. */
export async function tasksWithoutData(tasks: readonly Task[], options: DataOptions): Promise<readonly Task[]> {
  const { openDatasets } = await import('../datasets/open-datasets.ts');
  const datasets = openDatasets(dataOptions(options));
  const missing: Task[] = [];
  for (const task of tasks) {
    const needed = task.artefacts.filter((artefact) => !artefact.optional);
    const found = await Promise.all(needed.map((artefact) => datasets.locate(artefact)));
    if (found.some((location) => location.status !== 'found')) missing.push(task);
  }
  return missing;
}
