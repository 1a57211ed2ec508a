import { isEstimated, type Estimate, type Estimated } from '../core/estimate.ts';
import type { RunMemory } from '../core/run-memory.ts';
import type { SystemReading, SystemReport } from '../core/system-report.ts';
import { formatBytes } from './format-bytes.ts';
import { formatNumber } from './format-estimate.ts';

/** Expected memory as a sentence: what it needs, for what, and whether that has room. */
export function formatMemory(memory: RunMemory): string {
  const { estimate, fit, sequences, contextTokens } = memory;
  if ('unavailable' in estimate) return `memory: not estimated: ${estimate.unavailable}`;
  const { weightBytes, kvBytes, stateBytes, overheadBytes, totalBytes, isRough } = estimate;
  const parts = [
    `weights ${formatBytes(weightBytes)}`,
    `cache ${formatBytes(kvBytes)} for ${sequences} × ${contextTokens} tokens`,
    ...(stateBytes > 0 ? [`state ${formatBytes(stateBytes)}`] : []),
    `overhead ${formatBytes(overheadBytes)}`,
  ];
  const needs = `memory: expects ${isRough ? 'about ' : ''}${formatBytes(totalBytes)} (${parts.join(', ')})`;
  if ('unavailable' in fit) return `${needs}; ${fit.unavailable}`;
  const has = `${formatBytes(fit.availableBytes)}, ${fit.source}`;
  if (!fit.fits) return `${needs}: too much for ${has}`;
  return totalBytes <= fit.availableBytes
    ? `${needs}: fits in ${has}`
    : `${needs}: ${fit.fullSequences} of ${sequences} sequences of full length fit in ${has}`;
}

const valueOf = (reading: SystemReading): number | null => ('unavailable' in reading ? null : reading.value);

/** What the system did during a run, a line a subject; what was not measured says why. */
export function systemLines(system: SystemReport): readonly string[] {
  return [
    memoryLine(system),
    ...cardLines(system),
    ...estimateLine('throughput', [
      ['output', system.throughput.outputTokensPerSecond, ' tokens/s'],
      ['prompt', system.throughput.promptTokensPerSecond, ' tokens/s'],
    ]),
    ...estimateLine('one request', [['p50', system.latency.streamTokensPerSecond.p50, ' tokens/s']]),
    ...estimateLine('first token', percentilesOf(system.latency.timeToFirstTokenMs)),
    ...estimateLine('gaps', percentilesOf(system.latency.gapMs)),
    ...processorLine(system),
    ...energyLine(system),
    ...costLine(system),
    `limited by: ${system.bottleneck.summary}`,
  ];
}

function memoryLine({ memory }: SystemReport): string {
  const { peak, mean } = memory.engineBytes;
  if ('unavailable' in peak) return `memory: ${peak.unavailable}`;
  const average = isEstimated(mean) ? `, mean ${formatBytes(mean.value)}` : '';
  const usage = valueOf(memory.kvUsage.peak);
  const cache = usage === null ? '' : `; KV cache at most ${(usage * 100).toFixed(1)} % in use`;
  return `memory: peak ${formatBytes(peak.value)}${average}${expected(memory)} (${memory.meaning ?? memory.where}, ${peak.readings === 1 ? 'one reading' : `${peak.readings} readings`})${cache}`;
}

const expected = ({ expectedBytes }: SystemReport['memory']): string =>
  'unavailable' in expectedBytes
    ? ''
    : `, expected ${formatBytes(expectedBytes.total)} of which weights ${formatBytes(expectedBytes.weights)}`;

const cardLines = ({ gpus }: SystemReport): readonly string[] =>
  'unavailable' in gpus
    ? []
    : gpus.map((card) => {
        const parts = [
          shareOf('busy', card.utilization.mean),
          ...(isEstimated(card.powerWatts.mean) ? [`${formatNumber(card.powerWatts.mean)} W`] : []),
        ].filter((part) => part !== null);
        return `card ${card.name ?? card.id}: ${parts.length === 0 ? 'too few readings under load' : parts.join(', ')}`;
      });

const shareOf = (word: string, estimate: Estimate): string | null =>
  isEstimated(estimate)
    ? `${word} ${(estimate.value * 100).toFixed(0)} % [${(estimate.low * 100).toFixed(0)}, ${(estimate.high * 100).toFixed(0)}]`
    : null;

type Part = readonly [name: string, estimate: Estimate, unit: string];

const percentilesOf = (percentiles: SystemReport['latency']['gapMs']): readonly Part[] =>
  (['p50', 'p95', 'p99'] as const).map((name) => [name, percentiles[name], ' ms']);

/** The known parts of a subject; nothing when none is known. */
function estimateLine(subject: string, parts: readonly Part[]): readonly string[] {
  const known = parts.filter(([, estimate]) => isEstimated(estimate));
  return known.length === 0
    ? []
    : [`${subject}: ${known.map(([name, estimate, unit]) => `${name} ${formatNumber(estimate)}${unit}`).join(', ')}`];
}

function processorLine({ processors }: SystemReport): readonly string[] {
  return estimateLine('processor cores', [
    ['engine', processors.engineCores.mean, ''],
    ['this program', processors.clientCores.mean, ''],
  ]);
}

function energyLine({ energyJoules }: SystemReport): readonly string[] {
  const joules = valueOf(energyJoules);
  return joules === null ? [] : [`energy: ${joules.toFixed(0)} J, idle power included`];
}

function costLine({ cost }: SystemReport): readonly string[] {
  const parts = [
    [cost.joulesPerThousandSamples, ' J for 1,000 samples'],
    [cost.joulesPerCorrect, ' J a right answer'],
    [cost.pricePerThousandSamples, ' for 1,000 samples'],
    [cost.pricePerCorrect, ' a right answer'],
  ] as const;
  const known = parts.flatMap(([estimate, unit]) => (isEstimated(estimate) ? [`${formatCost(estimate)}${unit}`] : []));
  return known.length === 0 ? [] : [`cost: ${known.join(', ')}`];
}

/** Costs run over many orders of magnitude: three significant digits each. */
function formatCost(estimate: Estimated): string {
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((number) =>
    Number(number.toPrecision(3)),
  );
  return `${value} [${low}, ${high}]`;
}
