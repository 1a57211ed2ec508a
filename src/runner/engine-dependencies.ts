import type { Options } from '../config/options.ts';
import type { EngineDependencies, EngineSettings } from '../core/ports/engine.ts';
import type { RunnerDependencies } from './prepare-run.ts';

/** What an engine may use of the runner's outside world. */
export const engineDependencies = ({
  clock,
  random,
  log,
  onProgress,
  signal,
}: RunnerDependencies): EngineDependencies => ({
  nowMs: () => clock.nowMs(),
  random,
  log,
  ...(onProgress ? { onProgress } : {}),
  ...(signal ? { signal } : {}),
});

const seconds = (value: number): number | null => (value === 0 ? null : value * 1000);

/** An engine's patience by the options; 0 seconds is no limit. */
export const engineDeadlines = (
  options: Pick<Options, 'requestTimeout' | 'idleTimeout'>,
): EngineSettings['deadlines'] => ({
  connectMs: 30_000,
  firstByteMs: seconds(options.requestTimeout),
  idleMs: seconds(options.idleTimeout),
  totalMs: seconds(options.requestTimeout),
});
