import type { Options } from '../config/options.ts';
import type { EngineDependencies, EngineSettings } from '../core/ports/engine.ts';
import { findModel } from '../presets/find-model.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';

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
  isSameModel,
});

/** The same model of the registry in the same quantisation, whatever each is called. */
function isSameModel(one: string, other: string): boolean {
  const [first, second] = [findModel(one).match, findModel(other).match];
  if (first?.kind !== 'exact' || second?.kind !== 'exact') return false;
  return (
    first.model.id === second.model.id && (first.quantization === null || first.quantization === second.quantization)
  );
}

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
