import type { Artefact, DatasetReader } from '../core/ports/dataset.ts';
import type { EngineDependencies } from '../core/ports/engine.ts';
import type { Clock } from './clock.ts';
import type { FetchModelFile } from './resolve-target.ts';

/** What planning and running use of the outside world. */
export interface RunnerDependencies {
  readonly clock: Clock;
  readonly random: () => number;
  /** Finds and reads data files. */
  readonly loadData: (artefacts: readonly Artefact[], taskId: string) => Promise<DatasetReader>;
  /** Brings a model file of the hub to this machine. */
  readonly fetchModelFile: FetchModelFile;
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
  /** Told what an engine that takes long to start is doing. */
  readonly onProgress?: EngineDependencies['onProgress'];
  /** Gives up the start of an engine. */
  readonly signal?: AbortSignal;
}
