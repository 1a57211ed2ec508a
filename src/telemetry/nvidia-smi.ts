import type { GpuReading } from '../core/telemetry-record.ts';
import type { RunCommand } from './command-runner.ts';

/** What the driver and its cards say of themselves; null where they do not. */
export interface NvidiaFacts {
  readonly driver: string | null;
  readonly cards: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly memoryTotalBytes: number | null;
    readonly computeCapability: string | null;
    readonly isPartitioned: boolean;
  }[];
}

/** A query's cards, or why there are none; `missing` when there is no nvidia-smi. */
export type NvidiaReading =
  | { readonly kind: 'read'; readonly gpus: readonly GpuReading[] }
  | { readonly kind: 'missing' | 'failed'; readonly reason: string };

/** Fields by what they mean; the first that this driver knows is asked for. */
const fieldNames = {
  id: ['uuid'],
  name: ['name'],
  memoryUsed: ['memory.used'],
  memoryTotal: ['memory.total'],
  utilization: ['utilization.gpu'],
  memoryUtilization: ['utilization.memory'],
  power: ['power.draw.instant', 'power.draw'],
  temperature: ['temperature.gpu'],
  mig: ['mig.mode.current'],
  driver: ['driver_version'],
  computeCapability: ['compute_cap'],
} as const satisfies Record<string, readonly string[]>;

type Field = keyof typeof fieldNames;

const readingFields: readonly Field[] = [
  'id',
  'name',
  'memoryUsed',
  'memoryTotal',
  'utilization',
  'memoryUtilization',
  'power',
  'temperature',
  'mig',
];

/** Seconds a query may take; the driver of a machine without persistence mode wakes its cards first. */
const deadlineMs = 5000;
const mebibyte = 2 ** 20;

/** Asks nvidia-smi for the cards of this machine. One unknown field fails a whole query: it is left out of the next one. */
export class NvidiaSmi {
  readonly #run: RunCommand;
  readonly #program: string;
  readonly #unknown = new Set<string>();
  #tellsProcesses = true;

  constructor(run: RunCommand, program = 'nvidia-smi') {
    this.#run = run;
    this.#program = program;
  }

  /** Reads all cards; memory of `processIds` apart, where the driver tells processes apart. */
  async read(processIds: ReadonlySet<number>): Promise<NvidiaReading> {
    const [table, held] = await Promise.all([this.#query(readingFields), this.#heldBy(processIds)]);
    if (!('rows' in table)) return table;
    return { kind: 'read', gpus: table.rows.map((row) => gpuOf(row, held)) };
  }

  /** Driver and cards, for the run's environment; null without a driver that answers. */
  async describe(): Promise<NvidiaFacts | null> {
    const table = await this.#query(['id', 'name', 'memoryTotal', 'computeCapability', 'mig', 'driver']);
    if (!('rows' in table)) return null;
    return {
      driver: table.rows.map((row) => textOf(row.driver)).find((driver) => driver !== null) ?? null,
      cards: table.rows.map((row) => ({
        id: row.id ?? '',
        name: textOf(row.name),
        memoryTotalBytes: scaled(row.memoryTotal, mebibyte),
        computeCapability: textOf(row.computeCapability),
        isPartitioned: row.mig === 'Enabled',
      })),
    };
  }

  async #query(
    fields: readonly Field[],
  ): Promise<{ readonly rows: readonly Row[] } | { readonly kind: 'missing' | 'failed'; readonly reason: string }> {
    for (;;) {
      const asked = fields.flatMap((field) => {
        const name = fieldNames[field].find((candidate) => !this.#unknown.has(candidate));
        return name === undefined ? [] : [{ field, name }];
      });
      const outcome = await this.#run(
        this.#program,
        [`--query-gpu=${asked.map(({ name }) => name).join(',')}`, '--format=csv,noheader,nounits'],
        deadlineMs,
      );
      if (outcome.kind === 'output') return tableOf(outcome.text, asked);
      const refused = /Field "([^"]+)" is not a valid field/.exec(outcome.reason)?.[1];
      if (refused === undefined || !asked.some(({ name }) => name === refused)) return outcome;
      this.#unknown.add(refused);
    }
  }

  /** Memory of the given processes by card; null where the driver tells no processes, as in containers. */
  async #heldBy(processIds: ReadonlySet<number>): Promise<ReadonlyMap<string, number> | null> {
    if (processIds.size === 0 || !this.#tellsProcesses) return null;
    const outcome = await this.#run(
      this.#program,
      ['--query-compute-apps=gpu_uuid,pid,used_memory', '--format=csv,noheader,nounits'],
      deadlineMs,
    );
    if (outcome.kind !== 'output') {
      if (/not a valid field|not supported/i.test(outcome.reason)) this.#tellsProcesses = false;
      return null;
    }
    const held = new Map<string, number>();
    for (const line of linesOf(outcome.text)) {
      const [card = '', pid = '', memory = ''] = line;
      const bytes = scaled(memory, mebibyte);
      if (processIds.has(Number(pid)) && bytes !== null) held.set(card, (held.get(card) ?? 0) + bytes);
    }
    return held.size === 0 ? null : held;
  }
}

type Row = Partial<Readonly<Record<Field, string>>>;

const linesOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()));

function tableOf(
  text: string,
  asked: readonly { readonly field: Field }[],
): { readonly rows: readonly Row[] } | { readonly kind: 'failed'; readonly reason: string } {
  // A driver in trouble says so on the output and ends well all the same.
  const lines = linesOf(text).filter((cells) => cells.length === asked.length);
  if (lines.length === 0) return { kind: 'failed', reason: `nvidia-smi: ${text.trim().slice(0, 200) || 'no card'}` };
  return {
    rows: lines.map((cells) => Object.fromEntries(asked.map(({ field }, index) => [field, cells[index] ?? '']))),
  };
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `ERR!` and their like are null, never 0. */
const textOf = (cell: string | undefined): string | null =>
  cell === undefined || cell === '' || cell.startsWith('[') || cell === 'N/A' || cell === 'ERR!' ? null : cell;

function scaled(cell: string | undefined, factor: number): number | null {
  const text = textOf(cell);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value * factor : null;
}

function gpuOf(row: Row, held: ReadonlyMap<string, number> | null): GpuReading {
  const id = row.id ?? '';
  return {
    id,
    name: textOf(row.name),
    memoryUsedBytes: scaled(row.memoryUsed, mebibyte),
    memoryTotalBytes: scaled(row.memoryTotal, mebibyte),
    utilization: scaled(row.utilization, 0.01),
    memoryUtilization: scaled(row.memoryUtilization, 0.01),
    powerWatts: scaled(row.power, 1),
    temperatureCelsius: scaled(row.temperature, 1),
    engineMemoryBytes: held === null ? null : (held.get(id) ?? 0),
    isPartitioned: row.mig === 'Enabled',
  };
}
