// Peak of the resident memory of a process and all that it started, sampled from /proc; null where there is no /proc.
import { readdirSync, readFileSync } from 'node:fs';

const pageBytes = 4096;

function treeBytes(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(parent));
    } catch {
      continue;
    }
  }
  let total = 0;
  for (const id of parents.keys()) {
    let at = id;
    while (at !== root && at > 1 && parents.has(at)) at = parents.get(at);
    if (at !== root) continue;
    try {
      total += pageBytes * Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]);
    } catch {
      continue;
    }
  }
  return total;
}

/** Runs work while the tree below this process is watched; its own memory at the start is taken off. */
export async function withPeakMemory(root, work) {
  let peak = null;
  const look = () => {
    try {
      peak = Math.max(peak ?? 0, treeBytes(root));
    } catch {
      peak = null;
    }
  };
  look();
  const before = peak;
  const timer = setInterval(look, 100);
  try {
    const result = await work();
    look();
    return { result, peakBytes: peak === null ? null : peak - (before ?? 0) };
  } finally {
    clearInterval(timer);
  }
}
