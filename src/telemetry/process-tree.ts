import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { HostReading } from '../core/telemetry-record.ts';
import type { RunCommand } from './command-runner.ts';

/** One process as the system lists it. */
interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly rssBytes: number;
  /** Processor seconds it has used. */
  readonly cpuSeconds: number;
}

/** Linux counts processor time in hundredths of a second on every architecture that Node.js runs on. */
const ticksPerSecond = 100;
/** Readings after which the list of all processes is read again, for children that came since. */
const refreshEvery = 5;

/** Follows processor time and memory of a process and all its descendants. */
export class ProcessTree {
  readonly #root: number;
  readonly #run: RunCommand;
  readonly #isLinux: boolean;
  #pids: readonly number[] = [];
  #pageBytes: number | null = null;
  #readings = 0;
  #last: { readonly atMs: number; readonly cpuSeconds: ReadonlyMap<number, number> } | null = null;

  constructor(root: number, options: { readonly run: RunCommand; readonly platform: NodeJS.Platform }) {
    this.#root = root;
    this.#run = options.run;
    this.#isLinux = options.platform === 'linux';
  }

  /** Process ids of the tree at the last reading. */
  get processIds(): ReadonlySet<number> {
    return new Set(this.#pids.length === 0 ? [this.#root] : this.#pids);
  }

  /** Reads the tree; null when its root is gone or the system does not tell. `nowMs` is monotonic. */
  async read(nowMs: () => number): Promise<HostReading | null> {
    const rows = this.#isLinux ? await this.#readLinux() : treeOf(await readPs(this.#run), this.#root);
    this.#readings++;
    const atMs = nowMs();
    if (rows.length === 0) return null;
    this.#pids = rows.map(({ pid }) => pid);
    const cpuSeconds = new Map(rows.map((row) => [row.pid, row.cpuSeconds]));
    const before = this.#last;
    this.#last = { atMs, cpuSeconds };
    // A child that ended takes its seconds with it: only what each living process added counts.
    const added = rows.reduce((sum, row) => sum + row.cpuSeconds - (before?.cpuSeconds.get(row.pid) ?? 0), 0);
    const seconds = before === null ? 0 : (atMs - before.atMs) / 1000;
    return {
      processes: rows.length,
      rssBytes: rows.reduce((sum, row) => sum + row.rssBytes, 0),
      cpuCores: seconds > 0 ? Math.max(0, added / seconds) : null,
    };
  }

  async #readLinux(): Promise<readonly ProcessRow[]> {
    this.#pageBytes ??= measurePage();
    const pageBytes = this.#pageBytes;
    const readAll = async (pids: readonly number[]): Promise<readonly ProcessRow[]> =>
      (await Promise.all(pids.map((pid) => readStat(pid, pageBytes)))).filter(isRead);
    if (this.#pids.length === 0 || this.#readings % refreshEvery === 0) {
      const names = await readdir('/proc').catch(() => []);
      const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
      return treeOf(await readAll(pids), this.#root);
    }
    return readAll(this.#pids);
  }
}

const isRead = (row: ProcessRow | null): row is ProcessRow => row !== null;

async function readStat(pid: number, pageBytes: number): Promise<ProcessRow | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'), pageBytes);
  } catch {
    return null;
  }
}

/** Bytes of a memory page: this process knows its own memory in both units. */
function measurePage(): number {
  const own = readFileSync('/proc/self/stat', 'utf8');
  const pages = Number(own.slice(own.lastIndexOf(')') + 2).split(' ')[21]);
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
}

/** A line of /proc/PID/stat; the program's name may hold spaces and brackets, so fields count from its last bracket. Null for a line of another form, or a process that has ended. */
export function parseStat(line: string, pageBytes: number): ProcessRow | null {
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  const [state, parent] = [fields[0], Number(fields[1])];
  const [user, system, pages] = [Number(fields[11]), Number(fields[12]), Number(fields[21])];
  const pid = Number.parseInt(line, 10);
  if (close < 0 || ![pid, parent, user, system, pages].every(Number.isFinite) || state === 'Z') return null;
  return { pid, parent, rssBytes: pages * pageBytes, cpuSeconds: (user + system) / ticksPerSecond };
}

async function readPs(run: RunCommand): Promise<readonly ProcessRow[]> {
  const outcome = await run('ps', ['-axo', 'pid=,ppid=,rss=,time='], 3000);
  return outcome.kind === 'output' ? parsePs(outcome.text) : [];
}

/** The output of `ps -axo pid=,ppid=,rss=,time=`; sizes in KiB, times as `[[days-]hours:]minutes:seconds`. */
export function parsePs(text: string): readonly ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, rss, time] = line.trim().split(/\s+/);
    const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(time ?? '');
    if (!match) return [];
    const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        rssBytes: Number(rss) * 1024,
        cpuSeconds: (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0),
      },
    ];
  });
}

/** A process and its descendants; empty when it is not in the list. */
function treeOf(rows: readonly ProcessRow[], root: number): readonly ProcessRow[] {
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent);
    if (siblings) siblings.push(row);
    else children.set(row.parent, [row]);
  }
  const found = rows.filter((row) => row.pid === root);
  for (let index = 0; index < found.length; index++) found.push(...(children.get(found[index]?.pid ?? -1) ?? []));
  return found;
}
