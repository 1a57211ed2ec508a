import { readdir, readFile, readlink } from 'node:fs/promises';

/** The process that listens on a port of this machine. */
export interface Listener {
  readonly pid: number;
  readonly name: string;
}

/** Programs that pass a port on to something elsewhere: their memory is not the engine's. */
const forwarders =
  /^(ssh|sshd|docker-proxy|rootlessport|kubectl|socat|nginx|haproxy|envoy|caddy|traefik|slirp4netns|pasta)/;

/** Finds the process that listens on a port of this machine, or says why it cannot; on Linux only, and only for processes this user may look into. */
export async function findListener(port: number, platform: NodeJS.Platform): Promise<Listener | string> {
  if (platform !== 'linux') return 'the process behind a port is looked up on Linux only';
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return `no process of this machine listens on port ${port}`;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.toSorted((a, b) => a - b)) {
    if (!(await holdsSocket(pid, inodes))) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    return forwarders.test(name)
      ? `port ${port} belongs to ${name}, which passes it on to something else`
      : { pid, name };
  }
  return `the process that listens on port ${port} belongs to another user or another container`;
}

/** Socket inodes that listen on the port, of both address families. */
async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const inodes = tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const cells = line.trim().split(/\s+/);
      const isListening = cells[3] === '0A';
      return isListening && Number.parseInt(cells[1]?.split(':').at(-1) ?? '', 16) === port ? [cells[9] ?? ''] : [];
    }),
  );
  return new Set(inodes);
}

async function holdsSocket(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return targets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''));
}
