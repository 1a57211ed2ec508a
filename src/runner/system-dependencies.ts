import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../config/options.ts';
import type { DownloadProgress } from '../datasets/download-file.ts';
import type { DatasetsOptions } from '../datasets/open-datasets.ts';
import { systemClock } from './clock.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';

/** Options that say where data files come from. */
export type DataOptions = Pick<
  Options,
  'cacheDir' | 'dataDir' | 'allowUnverifiedData' | 'offline' | 'hfEndpoint' | 'hfToken' | 'hfHome'
>;

/** Told how far a download is. */
export type OnDownload = (progress: DownloadProgress) => void;

/** Folder of downloaded and derived files. */
export const cacheFolder = (options: Pick<Options, 'cacheDir'>): string =>
  options.cacheDir ?? join(homedir(), '.cache', 'qwen-eval');

/** Where data files are looked for. */
export const dataOptions = (options: DataOptions): DatasetsOptions => ({
  dataDir: options.dataDir,
  cacheDir: cacheFolder(options),
  allowUnverified: options.allowUnverifiedData,
  offline: options.offline,
  hfEndpoint: options.hfEndpoint,
  hfToken: options.hfToken,
  hfCacheDir: join(options.hfHome ?? join(homedir(), '.cache', 'huggingface'), 'hub'),
});

/** The real clock, random numbers and data files of this machine; data code is loaded when first asked for. */
export function systemDependencies(options: DataOptions, onProgress?: OnDownload): RunnerDependencies {
  return {
    clock: systemClock,
    random: Math.random,
    loadData: async (artefacts, taskId) => {
      const { openDatasets } = await import('../datasets/open-datasets.ts');
      return openDatasets(dataOptions(options)).load(artefacts, { taskId, ...(onProgress ? { onProgress } : {}) });
    },
    fetchModelFile: async (location) => {
      const { openHub } = await import('../datasets/open-hub.ts');
      const file = await openHub(dataOptions(options)).fetchFile(location, { sha256: null, onProgress });
      return file.path;
    },
    log: () => undefined,
  };
}
