import { isEstimated } from '../core/estimate.ts';
import { formatNumber } from '../text/format-estimate.ts';
import { bottleneckText, memoryShort } from './cell-system.ts';
import type { Deployment } from './deployment.ts';

/** What deployments cost, a row a figure: its title, then its text for each. */
export const figureRows = (deployments: readonly Deployment[]): readonly (readonly [string, ...string[]])[] =>
  figures.map(({ title, text }) => [title, ...deployments.map(text)]);

const figures: readonly { readonly title: string; readonly text: (deployment: Deployment) => string }[] = [
  { title: 'Output throughput', text: throughputText },
  { title: 'Time to first token', text: firstTokenText },
  { title: 'Memory estimated', text: ({ figures: { estimated } }) => memoryShort(estimated) },
  { title: 'Memory measured', text: ({ figures: { measured } }) => memoryShort(measured) },
  { title: 'Bottleneck', text: ({ figures: { bottleneck } }) => bottleneck?.kind ?? 'not measured' },
];

/** Tokens a second: over repetitions of one plan, else over the time of the one run. */
export function throughputText({ performance, system }: Deployment): string {
  const { outputTokensPerSecond: repeated, lastOutputTokensPerSecond: last } = performance;
  if (isEstimated(repeated)) return `${formatNumber(repeated)} tokens/s over ${repeated.n} runs of one plan`;
  const within = system?.throughput.outputTokensPerSecond;
  if (within && isEstimated(within)) return `${formatNumber(within)} tokens/s within the run`;
  return last === null ? 'not measured' : `${last.toFixed(1)} tokens/s, measured once: no interval`;
}

/** Median and 95th percentile of the time to the first token. */
export function firstTokenText({ performance: { timeToFirstTokenMs: first }, system }: Deployment): string {
  const within = system?.latency.timeToFirstTokenMs;
  if (within && isEstimated(within.p50))
    return `median ${formatNumber(within.p50)} ms${isEstimated(within.p95) ? `, 95 % within ${formatNumber(within.p95)} ms` : ''}`;
  if (first === null) return 'not measured';
  return `median ${first.p50.toFixed(0)} ms, 95 % within ${first.p95.toFixed(0)} ms (${first.n} requests)`;
}

/** Measured memory; null when it was not measured. */
export const measuredMemoryText = ({ figures: { measured } }: Deployment): string | null =>
  'unavailable' in measured ? null : memoryShort(measured);

/** What limited the run with its evidence; null when it was not measured or nothing stood out. */
export const limitText = ({ figures: { bottleneck } }: Deployment): string | null =>
  bottleneck === null || bottleneck.kind === 'unknown' ? null : bottleneckText(bottleneck);
