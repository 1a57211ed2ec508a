import type { TrackedRun } from '../tracked-run.ts';

/** Bytes a second of this machine's memory as the newest run of a local engine measured them; null where none did. Runs are given oldest first. */
export function measuredBandwidth(runs: readonly TrackedRun[]): number | null {
  for (const { result } of runs.toReversed()) {
    const reading = result?.system?.processors.memoryBandwidth;
    if (reading !== undefined && !('unavailable' in reading)) return reading.value;
  }
  return null;
}
