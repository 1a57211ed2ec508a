import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../config/options.ts';
import { systemClock } from './clock.ts';
import type { RunnerDependencies } from './prepare-run.ts';

/** Folder of downloaded and derived files. */
export const cacheFolder = (options: Pick<Options, 'cacheDir'>): string =>
  options.cacheDir ?? join(homedir(), '.cache', 'qwen-eval');

/** Where data files are looked for. */
export const dataOptions = (options: Pick<Options, 'cacheDir' | 'dataDir' | 'allowUnverifiedData'>) => ({
  dataDir: options.dataDir,
  cacheDir: cacheFolder(options),
  allowUnverified: options.allowUnverifiedData,
});

/** The real clock, random numbers and data files of this machine; data code is loaded when first asked for. */
export function systemDependencies(
  options: Pick<Options, 'cacheDir' | 'dataDir' | 'allowUnverifiedData'>,
): RunnerDependencies {
  return {
    clock: systemClock,
    random: Math.random,
    loadData: async (artefacts, taskId) => {
      const { openDatasets } = await import('../datasets/open-datasets.ts');
      return openDatasets(dataOptions(options)).load(artefacts, { taskId });
    },
    log: () => undefined,
  };
}
