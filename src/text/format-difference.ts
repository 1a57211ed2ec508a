import { isEstimated, type Estimate } from '../core/estimate.ts';
import { formatNumber, hasOwnUnit } from './format-estimate.ts';

/** A difference with its sign and interval: shares in points (`+2.4 points [0.3, 4.5]`), ratings and counts in their own unit; an unavailable one as `–`. */
export function formatDifference(metric: string, estimate: Estimate): string {
  if (!isEstimated(estimate)) return '–';
  const scale = hasOwnUnit(metric) ? 1 : 100;
  const scaled = {
    ...estimate,
    value: estimate.value * scale,
    low: estimate.low * scale,
    high: estimate.high * scale,
  };
  const [value = '', interval = ''] = formatNumber(scaled).split(/ (?=\[)/);
  const signed = scaled.value > 0 ? `+${value}` : value;
  return `${signed}${hasOwnUnit(metric) ? '' : ' points'} ${interval}`.replaceAll('-', '−');
}
