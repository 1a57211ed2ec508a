import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { listProcesses } from './process-table.ts';

/** A socket that listens on a port, with the processes that hold it as far as they can be seen. */
export interface Listener {
  readonly inode: string;
  readonly owners: readonly number[];
}

/** The sockets that listen on a TCP port; null where the system does not show them. Two servers may share a port without either noticing. */
export function listeners(port: number): readonly Listener[] | null {
  if (process.platform !== 'linux') return null;
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => listeningInodes(path, port));
  const holders = socketHolders(new Set(inodes));
  return inodes.map((inode) => ({ inode, owners: holders.get(inode) ?? [] }));
}

const listenState = '0A';

function listeningInodes(path: string, port: number): readonly string[] {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === listenState && local.endsWith(suffix))
    .map((fields) => fields[9] ?? '');
}

function socketHolders(inodes: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  if (inodes.size === 0) return holders;
  for (const { id } of listProcesses()) {
    for (const inode of socketsOf(id)) {
      if (!inodes.has(inode)) continue;
      const known = holders.get(inode) ?? [];
      if (!known.includes(id)) holders.set(inode, [...known, id]);
    }
  }
  return holders;
}

function socketsOf(id: number): readonly string[] {
  try {
    return readdirSync(`/proc/${id}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${id}/fd/${name}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
