import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { guardVariable } from './guard-protocol.ts';

/** A process of this machine. */
export interface ProcessRow {
  readonly id: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process that can be seen; zombies are left out. */
export function listProcesses(): readonly ProcessRow[] {
  return process.platform === 'linux' ? readProc() : askPs();
}

function readProc(): readonly ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may hold anything; what follows it is state, parent and group.
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' ? [] : [{ id: Number(name), parent: Number(parent), group: Number(group) }];
    } catch {
      // It ended in between.
      return [];
    }
  });
}

function askPs(): readonly ProcessRow[] {
  if (process.platform === 'win32') return [];
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [id, parent, group, state = 'Z'] = line.trim().split(/\s+/);
    return id === undefined || id === '' || state.startsWith('Z')
      ? []
      : [{ id: Number(id), parent: Number(parent), group: Number(group) }];
  });
}

/** A process and all that descend from it. */
export function processTree(root: number, rows: readonly ProcessRow[] = listProcesses()): readonly number[] {
  const below = (id: number): readonly number[] =>
    rows.filter(({ parent }) => parent === id).flatMap((child) => [child.id, ...below(child.id)]);
  return [root, ...below(root)];
}

/** Processes that carry a guard's mark in their environment, wherever they are by now; empty where environments cannot be read. */
export function markedProcesses(guard: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  const mark = `${guardVariable}=${guard}\0`;
  return listProcesses()
    .filter(({ id }) => {
      try {
        return `${readFileSync(`/proc/${id}/environ`, 'latin1')}\0`.includes(mark);
      } catch {
        return false;
      }
    })
    .map(({ id }) => id);
}
