import { readdirSync, readFileSync } from 'node:fs';

interface ProcessLine {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

function processLines(): readonly ProcessLine[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      // The name in parentheses may hold anything; what follows it is state and parent.
      const [, parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ id: Number(name), parent: Number(parent), command }];
    } catch {
      return [];
    }
  });
}

/** Ids of the processes that this one started, and theirs; empty where there is no /proc. */
export function descendantProcesses(): readonly number[] {
  const lines = processLines();
  const below = (id: number): readonly number[] =>
    lines.filter(({ parent }) => parent === id).flatMap((child) => [child.id, ...below(child.id)]);
  return below(process.pid);
}

/** Command lines of the machine's processes that hold a text; arguments are divided by NUL. */
export const commandsWith = (text: string): readonly string[] =>
  processLines()
    .map(({ command }) => command)
    .filter((command) => command.includes(text));
