import { availableParallelism, loadavg } from 'node:os';

const mostPatience = 5;

/**
 * Wall-clock milliseconds after which a program is ended even if it has not had its limit in processor time: the limit itself, and where more wants
 * to run than there are processors, the limit times their ratio (at most 5), so that a starved program is not called slow.
 */
export function lateLimitMs(limitMs: number): number {
  const [recent = 0] = loadavg();
  return Math.ceil(limitMs * Math.min(mostPatience, Math.max(1, recent / availableParallelism())));
}
