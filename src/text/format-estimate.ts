import { isEstimated, type Estimate, type Estimated } from '../core/estimate.ts';

/** Digits after the point that an interval half-width justifies: two significant digits of it. */
function digitsFor(halfWidth: number): number {
  if (halfWidth <= 0) return 1;
  return Math.max(0, Math.min(3, 1 - Math.floor(Math.log10(halfWidth))));
}

/** A share as percent with its interval: `83.4 % [81.2, 85.5]`; an unavailable one as `–`. */
export function formatShare(estimate: Estimate): string {
  if (!isEstimated(estimate)) return '–';
  const { value, low, high } = estimate;
  const digits = Math.min(2, digitsFor(((high - low) * 100) / 2));
  const percent = (share: number): string => (share * 100).toFixed(digits);
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}

/** A number in its own unit with its interval: `7.85 [7.4, 8.3]`; an unavailable one as `–`. */
export function formatNumber(estimate: Estimate): string {
  if (!isEstimated(estimate)) return '–';
  const digits = digitsFor(halfWidthOf(estimate));
  return `${estimate.value.toFixed(digits)} [${estimate.low.toFixed(digits)}, ${estimate.high.toFixed(digits)}]`;
}

const halfWidthOf = ({ low, high }: Estimated): number => (high - low) / 2;

/** True for metrics that are no shares of anything: ratings, counts, ratios of counts, and lengths in tokens. */
export const hasOwnUnit = (metric: string): boolean =>
  /^(?:rating(?:_|$)|calls$|tokens_per_|effective_length$)/.test(metric);

/** An estimate by its metric: ratings and counts in their own unit, everything else as percent. */
export const formatEstimate = (metric: string, estimate: Estimate): string =>
  hasOwnUnit(metric) ? formatNumber(estimate) : formatShare(estimate);

/** A bare bound of a metric, for what lies between two: `7.3`, `84.0 %`. */
export const formatBound = (metric: string, value: number): string =>
  hasOwnUnit(metric) ? value.toFixed(1) : `${(value * 100).toFixed(1)} %`;

/** An estimate in a sentence: its value with half the width of its interval, `84 ± 4` (percent, but ratings and counts in their own unit). */
export function formatMargin(metric: string, estimate: Estimated): string {
  const scale = hasOwnUnit(metric) ? 1 : 100;
  const half = halfWidthOf(estimate) * scale;
  const digits = hasOwnUnit(metric) ? digitsFor(half) : half < 1 ? 1 : 0;
  return `${(estimate.value * scale).toFixed(digits)} ± ${half.toFixed(digits)}`;
}

/** A plain share of a whole in percent: `31 %`, with a digit after the point below ten. */
export function formatPercent(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (part * 100) / whole;
  return `${share.toFixed(share > 0 && share < 10 && !Number.isInteger(share) ? 1 : 0)} %`;
}
