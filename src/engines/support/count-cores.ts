import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Cores that a quota in the form of cgroup v2 `cpu.max` (`<microseconds> <period>`) allows, rounded down to one at least; null for none. */
export function parseCpuQuota(text: string): number | null {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null;
  return Math.max(1, Math.floor(quota / period));
}

/** Cores this process may use: those it is bound to, within the quota of its container. */
export function countCores(): number {
  const cores = availableParallelism();
  try {
    return Math.min(cores, parseCpuQuota(readFileSync('/sys/fs/cgroup/cpu.max', 'utf8')) ?? cores);
  } catch {
    return cores;
  }
}
