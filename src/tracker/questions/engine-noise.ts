import type { Estimate } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { noiseFloorEstimate } from '../../stats/noise-floor.ts';
import type { ComparisonSources } from '../compare/build-comparisons.ts';
import { compareText, type TrackedRun } from '../tracked-run.ts';

/** How often the same question flips between right and wrong on an engine at temperature 0. */
export interface EngineNoise {
  /** With its version, where it tells one. */
  readonly engine: string;
  readonly flips: Estimate;
  readonly runIds: readonly string[];
}

const engineOf = ({ document }: TrackedRun): string => {
  const { id, version } = document.plan.engine;
  return version === null ? id : `${id} ${version}`;
};

/** Tasks of a run that were asked several times at temperature 0. */
const repeatedTasks = ({ document }: TrackedRun): readonly string[] =>
  document.plan.tasks.flatMap(({ task, epochs, sampling }) => (epochs > 1 && sampling.temperature === 0 ? [task] : []));

/** The noise floor of each engine over the repeats in its runs, by name; engines without repeats are left out. */
export function engineNoise(
  runs: readonly TrackedRun[],
  readScores: ComparisonSources['readScores'],
): readonly EngineNoise[] {
  const repeated = runs.filter((run) => repeatedTasks(run).length > 0);
  return groupBy(repeated, engineOf)
    .map(([engine, group]) => {
      const samples = group.flatMap((run) => {
        const scores = readScores(run);
        return repeatedTasks(run).flatMap((task) => [...(scores?.get(task)?.values() ?? [])]);
      });
      const flips = noiseFloorEstimate(samples.map(({ right, epochs }) => ({ right, repeats: epochs })));
      return { engine, flips, runIds: group.map(({ document }) => document.runId) };
    })
    .toSorted((a, b) => compareText(a.engine, b.engine));
}
