import { isEstimated } from '../core/estimate.ts';
import { formatNumber } from '../text/format-estimate.ts';
import type { Deployment } from './deployment.ts';

/** What deployments cost, a row a figure: its title, then its text for each. */
export const figureRows = (deployments: readonly Deployment[]): readonly (readonly [string, ...string[]])[] =>
  figures.map(({ title, text }) => [title, ...deployments.map(text)]);

const figures: readonly { readonly title: string; readonly text: (deployment: Deployment) => string }[] = [
  { title: 'Output throughput', text: throughputText },
  { title: 'Time to first token', text: firstTokenText },
];

/** Tokens a second over repetitions of one plan, or of the one run. */
export function throughputText({ performance }: Deployment): string {
  const { outputTokensPerSecond: estimate, lastOutputTokensPerSecond: last } = performance;
  if (isEstimated(estimate)) return `${formatNumber(estimate)} tokens/s over ${estimate.n} runs of one plan`;
  return last === null ? 'not measured' : `${last.toFixed(1)} tokens/s, measured once: no interval`;
}

/** Median and 95th percentile of the time to the first token. */
export function firstTokenText({ performance: { timeToFirstTokenMs: first } }: Deployment): string {
  if (first === null) return 'not measured';
  return `median ${first.p50.toFixed(0)} ms, 95 % within ${first.p95.toFixed(0)} ms (${first.n} requests)`;
}
