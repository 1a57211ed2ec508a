import { isEstimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { formatDifference } from '../../text/format-difference.ts';
import { formatEstimate, formatShare } from '../../text/format-estimate.ts';
import type { Place, TrackerComparison } from '../compare/tracker-comparison.ts';
import type { Deployment } from '../deployment.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import { placeName, type TrackerCell } from '../tracker-cell.ts';
import type { Insight } from './insight.ts';

/** What insights are drawn from. */
export interface InsightSources {
  readonly cells: readonly TrackerCell[];
  readonly deployments: readonly Deployment[];
  readonly comparisons: readonly TrackerComparison[];
  readonly runs: readonly TrackedRun[];
  readonly tasks: ReadonlyMap<string, TrackedTask>;
}

/** Insights of one kind that are shown. */
const shownOfKind = 5;

/** What the runs show, the most urgent kinds first, within a kind the largest effect first. Only current results count. */
export const buildInsights = (sources: InsightSources): readonly Insight[] =>
  [alarms, differences, ties, truncations, bests].flatMap((rule) => rule(sources).slice(0, shownOfKind));

/** Scores that are named beside an alarm. */
const namedScores = 3;

/** Errors that the diagnosis of shown runs found, with the scores they cast doubt on. */
const alarms = ({ cells, deployments, runs }: InsightSources): readonly Insight[] => {
  const modes = new Map(runs.map(({ document }) => [document.runId, document.plan.mode]));
  return deployments.flatMap(({ model, preset, verdicts }) =>
    verdicts
      .filter((verdict) => verdict.severity === 'error')
      .map(({ summary, runId, evidence }): Insight => {
        const touched = cells.filter(
          (cell) => cell.runId === runId && (evidence['task'] === undefined || evidence['task'] === cell.task),
        );
        const [first] = touched;
        return {
          kind: 'alarm',
          text: `${placeName({ model, preset, mode: modes.get(runId) ?? null })}: ${summary}; ${touchedText(touched)}`,
          estimate: touched.length === 1 && first && isEstimated(first.estimate) ? first.estimate : null,
          runIds: [runId],
        };
      }),
  );
};

function touchedText(cells: readonly TrackerCell[]): string {
  const scored = cells.filter(({ estimate }) => isEstimated(estimate));
  if (scored.length === 0) return 'no score came of it';
  const named = scored
    .slice(0, namedScores)
    .map(({ task, headline, estimate }) => `${task} ${formatEstimate(headline, estimate)}`);
  const more = scored.length - named.length;
  return `in doubt: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const modeText = ({ mode }: Place): string => (mode === '' || mode === 'unspecified' ? '' : `, ${mode}`);

/** What is the same on both sides is said once. */
function sidesOf({ kind, a, b }: TrackerComparison): { readonly a: string; readonly b: string; readonly of: string } {
  if (kind === 'preset') return { a: a.preset, b: b.preset, of: `${a.model}${modeText(a)}: ` };
  if (kind === 'mode') return { a: a.mode, b: b.mode, of: `${a.model}, ${a.preset}: ` };
  return { a: a.model, b: b.model, of: `${a.preset}${modeText(a)}: ` };
}

function differences({ comparisons }: InsightSources): readonly Insight[] {
  const found = comparisons.flatMap((comparison) =>
    comparison.tasks.flatMap((task) => {
      const { difference, verdict } = task;
      if ((verdict !== 'a' && verdict !== 'b') || !isEstimated(difference)) return [];
      const sides = sidesOf(comparison);
      const [better, worse] = verdict === 'a' ? [sides.a, sides.b] : [sides.b, sides.a];
      const gain =
        verdict === 'a'
          ? difference
          : { ...difference, value: -difference.value, low: -difference.high, high: -difference.low };
      const size = gain.value / (task.metric === 'rating' ? 9 : 1);
      const insight: Insight = {
        kind: 'better',
        text: `${sides.of}${better} is better than ${worse} on ${task.task} by ${formatDifference(task.metric, gain)} (${task.pairs} pairs)`,
        estimate: gain,
        runIds: [task.runs.a, task.runs.b],
      };
      return [{ size, insight }];
    }),
  );
  return found.toSorted((x, y) => y.size - x.size).map(({ insight }) => insight);
}

/** Pairs that are tied on everything they share. */
const ties = ({ comparisons }: InsightSources): readonly Insight[] =>
  comparisons
    .filter(({ tasks }) => tasks.length > 0 && tasks.every(({ verdict }) => verdict === 'tied'))
    .map((comparison): Insight => {
      const sides = sidesOf(comparison);
      const [first] = comparison.tasks;
      const estimate =
        comparison.tasks.length === 1 && first && isEstimated(first.equivalence) ? first.equivalence : null;
      const names = comparison.tasks.map((task) => `${task.task} (${formatDifference(task.metric, task.equivalence)})`);
      return {
        kind: 'tied',
        text: `${sides.of}${sides.a} and ${sides.b} are tied on ${names.join(', ')}`,
        estimate,
        runIds: [...new Set(comparison.tasks.flatMap(({ runs }) => [runs.a, runs.b]))],
      };
    });

/** Share of truncated answers from which a score needs the word. */
const notableTruncation = 0.02;

function truncations({ cells, runs }: InsightSources): readonly Insight[] {
  const byId = new Map(runs.map((run) => [run.document.runId, run]));
  const found = cells.flatMap((cell) => {
    if (cell.status !== 'tested' || cell.runId === null) return [];
    const result = byId.get(cell.runId)?.result?.tasks.find((task) => task.task === cell.task);
    if (!result || !isEstimated(result.truncationRate) || result.truncationRate.value < notableTruncation) return [];
    const insight: Insight = {
      kind: 'truncation',
      text: `${placeName(cell)}: ${formatShare(result.truncationRate)} of the answers to ${cell.task} are truncated; all score ${formatEstimate(cell.headline, cell.estimate)}, completed ones ${formatEstimate(cell.headline, result.completedOnly)}`,
      estimate: result.truncationRate,
      runIds: [cell.runId],
    };
    return [{ size: result.truncationRate.value, insight }];
  });
  return found.toSorted((x, y) => y.size - x.size).map(({ insight }) => insight);
}

/** The highest score of each task that several configurations were tested on, with the range of the others. */
function bests({ cells }: InsightSources): readonly Insight[] {
  const tested = cells.filter((cell) => cell.status === 'tested' && cell.runId !== null);
  return groupBy(tested, (cell) => cell.task).flatMap(([task, own]): Insight[] => {
    const ranked = own
      .flatMap((cell) => (isEstimated(cell.estimate) ? [{ cell, estimate: cell.estimate }] : []))
      .toSorted((x, y) => y.estimate.value - x.estimate.value);
    const [first] = ranked;
    // Nobody is best where nothing is right.
    if (first === undefined || ranked.length < 2 || first.estimate.value === 0) return [];
    const rivals = ranked.filter(({ estimate }) => estimate !== first.estimate && estimate.high >= first.estimate.low);
    const others = ranked.length - 1;
    const beside =
      rivals.length === 0
        ? ''
        : `; not told apart from ${others === 1 ? 'the other one' : `${rivals.length} of ${others} others`}`;
    const { cell, estimate } = first;
    return [
      {
        kind: 'best',
        text: `highest measured on ${task}: ${placeName(cell)} with ${formatEstimate(cell.headline, estimate)}${beside}`,
        estimate,
        runIds: [cell.runId ?? ''],
      },
    ];
  });
}
