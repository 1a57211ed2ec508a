import { isEstimated, type Estimate } from '../core/estimate.ts';
import type { RunComparison, TaskComparison } from '../diagnosis/compare/compare-runs.ts';
import type { SystemFigures } from '../diagnosis/compare/system-figures.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { formatEstimate, formatNumber, formatPercent, formatShare } from '../text/format-estimate.ts';
import { formatTable } from '../text/text-table.ts';

/** Flips that are listed for each task. */
const shownFlips = 5;

/** A comparison as tables for a terminal: verdicts, what differs, costs, and the samples that flipped. */
export function formatComparison(comparison: RunComparison): string {
  const { a, b, comparisons, differingIdentity, onlyIn } = comparison;
  return [
    `a: ${describeSide(a)}`,
    `b: ${describeSide(b)}`,
    ...(comparison.comparable ? [] : ['! not the same question on both sides: read the differences as such']),
    '',
    verdictTable(comparisons),
    ...comparisons.flatMap(notesOf),
    ...comparisons.flatMap(noiseLines),
    '',
    ...(differingIdentity.length === 0 ? [] : [differenceTable(comparison), '']),
    systemTable(comparison.system),
    ...comparisons.flatMap(categoryTable),
    '',
    ...comparisons.flatMap(flipLines),
    ...onlyLines(onlyIn),
  ].join('\n');
}

/** The verdicts of a comparison alone: what the sides are, one line a task, and what is undecided. */
export const formatVerdicts = ({ a, b, comparisons }: RunComparison): string =>
  [
    `a: ${describeSide(a)}`,
    `b: ${describeSide(b)}`,
    '',
    verdictTable(comparisons),
    ...comparisons.flatMap(notesOf),
  ].join('\n');

const describeSide = ({ runId, model, engine, preset, mode }: RunComparison['a']): string =>
  `${model} on ${engine}, preset ${preset}${mode === 'unspecified' ? '' : `, ${mode}`} (${runId})`;

const verdictTable = (comparisons: readonly TaskComparison[]): string =>
  formatTable(
    [
      { title: 'task' },
      { title: 'a' },
      { title: 'b' },
      { title: 'a − b' },
      { title: 'verdict' },
      { title: 'pairs', align: 'right' },
      { title: 'flips to a', align: 'right' },
      { title: 'to b', align: 'right' },
    ],
    comparisons.map(({ task, metric, a, b, difference, verdict, pairs, flips }) => [
      task,
      formatEstimate(metric, a),
      formatEstimate(metric, b),
      formatEstimate(metric, difference),
      verdict === 'a' || verdict === 'b' ? `${verdict} is better` : verdict,
      String(pairs),
      String(flips.gained),
      String(flips.lost),
    ]),
  );

function notesOf(comparison: TaskComparison): readonly string[] {
  const { task, difference, verdict, pairsToDecide, unpaired, averaged } = comparison;
  const left = unpaired.a + unpaired.b;
  return [
    ...averagedOver(comparison),
    ...(isEstimated(difference) ? [] : [`! ${task}: no difference: ${difference.unavailable}`]),
    ...(verdict === 'undecided' && pairsToDecide !== null
      ? [`! ${task} is undecided: about ${pairsToDecide} samples would decide if the difference stays as it is`]
      : []),
    ...(left > 0
      ? [`! ${task}: ${left} ${averaged === 'items' ? 'items' : 'samples'} are scored in one run only and left out`]
      : []),
  ];
}

/** What is averaged where that is not plainly the samples, so that nobody takes the flips for the difference; and headlines that say otherwise. */
function averagedOver({
  task,
  metric,
  averaged,
  headlines,
  a,
  b,
  unpaired,
  categories,
}: TaskComparison): readonly string[] {
  if (averaged === 'categories')
    return [
      `${task}: the mean over its ${categories.length} categories, each with the same weight; flips are of samples`,
    ];
  if (averaged === 'items') return [`${task}: pairs are items of several samples, right when all of these are`];
  const pairs = [
    [headlines.a, a],
    [headlines.b, b],
  ] as const;
  const differs = pairs.some(
    ([headline, mean]) => isEstimated(headline) && isEstimated(mean) && Math.abs(headline.value - mean.value) > 1e-9,
  );
  if (!differs || unpaired.a + unpaired.b > 0) return [];
  return [
    `${task} is compared by the mean over its samples; its ${metric} is ${formatEstimate(metric, headlines.a)} in a and ${formatEstimate(metric, headlines.b)} in b`,
  ];
}

/** What repeats of the same run flip by themselves, beside what flipped here. */
function noiseLines({ task, noiseFloor, flips, pairs }: TaskComparison): readonly string[] {
  const sides = (['a', 'b'] as const).flatMap((side) => {
    const floor = noiseFloor[side];
    return isEstimated(floor) ? [`${formatShare(floor)} of the samples flip when ${side} is repeated`] : [];
  });
  if (sides.length === 0 || pairs === 0) return [];
  return [
    `${task}, noise floor: ${sides.join(', ')}; between a and b ${formatPercent(flips.gained + flips.lost, pairs)} do`,
  ];
}

/** Differences by category, for tasks that have two or more: a place to look, without correction for many. */
function categoryTable({ task, metric, categories }: TaskComparison): readonly string[] {
  if (categories.length < 2) return [];
  const table = formatTable(
    [{ title: `${task} by category` }, { title: 'a − b' }, { title: 'pairs', align: 'right' }],
    categories.map(({ category, pairs, difference }) => [category, formatEstimate(metric, difference), String(pairs)]),
  );
  return ['', table];
}

const differenceTable = ({ differingIdentity }: RunComparison): string =>
  formatTable(
    [{ title: 'differs' }, { title: 'a' }, { title: 'b' }],
    differingIdentity.map(({ identity, a, b, mustBeEqual }) => [
      mustBeEqual ? `${identity} (allowed)` : identity,
      a,
      b,
    ]),
  );

function systemTable({ a, b }: RunComparison['system']): string {
  const row = (title: string, value: (figures: SystemFigures) => string): readonly string[] => [
    title,
    value(a),
    value(b),
  ];
  const number = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));
  const estimated = (estimate: Estimate): string => (isEstimated(estimate) ? formatNumber(estimate) : '–');
  return formatTable(
    [{ title: 'cost' }, { title: 'a', align: 'right' }, { title: 'b', align: 'right' }],
    [
      row('output tokens/s', ({ measured, outputTokensPerSecond }) =>
        isEstimated(measured.outputTokensPerSecond)
          ? formatNumber(measured.outputTokensPerSecond)
          : number(outputTokensPerSecond, 1),
      ),
      row('first token, median ms', ({ measured, timeToFirstTokenMs }) =>
        isEstimated(measured.timeToFirstTokenMs)
          ? formatNumber(measured.timeToFirstTokenMs)
          : number(timeToFirstTokenMs?.p50 ?? null, 0),
      ),
      row('tokens/answer', (figures) => number(figures.tokensPerAnswer, 0)),
      row('samples/s', (figures) => number(figures.samplesPerSecond, 2)),
      row('engine memory, peak', ({ memory }) =>
        memory === null || 'unavailable' in memory.peak ? '–' : formatBytes(memory.peak.value),
      ),
      row('joules/1,000 samples', (figures) => estimated(figures.joulesPerThousandSamples)),
      row('price/1,000 samples', (figures) => estimated(figures.pricePerThousandSamples)),
    ].filter((cells) => cells.slice(1).some((cell) => cell !== '–')),
  );
}

function flipLines({ task, flips }: TaskComparison): readonly string[] {
  if (flips.samples.length === 0) return [];
  const shown = flips.samples
    .slice(0, shownFlips)
    .map(({ sampleId, a, b, code }) => `${sampleId} (${a} → ${b}${code === null ? '' : `, ${code}`})`);
  const more =
    flips.samples.length > shownFlips ? `, and ${flips.samples.length - shownFlips} more (--json has all)` : '';
  return [`${task}, scored differently: ${shown.join(', ')}${more}`];
}

const onlyLines = ({ a, b }: RunComparison['onlyIn']): readonly string[] => [
  ...(a.length > 0 ? [`only in a: ${a.join(', ')}`] : []),
  ...(b.length > 0 ? [`only in b: ${b.join(', ')}`] : []),
];
