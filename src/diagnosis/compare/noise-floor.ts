import { unavailable, type Estimate } from '../../core/estimate.ts';
import { noiseFloorEstimate, type Repeats } from '../../stats/noise-floor.ts';
import type { TaskScores } from './task-scores.ts';

/** How often the same question under the same setting flips between right and wrong: over the epochs of a run and over runs of the same plan. */
export function noiseFloor(repeated: readonly TaskScores[]): Estimate {
  const samples = new Map<string, Repeats>();
  for (const scores of repeated)
    for (const [sampleId, { right, epochs }] of scores) {
      const before = samples.get(sampleId);
      samples.set(sampleId, {
        right: right + (before?.right ?? 0),
        repeats: epochs + (before?.repeats ?? 0),
      });
    }
  return samples.size === 0 ? unavailable('no sample was scored') : noiseFloorEstimate([...samples.values()]);
}
