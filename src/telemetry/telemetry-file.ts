import { appendFileSync, closeSync, createReadStream, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { telemetryRecordSchema, type TelemetryRecord } from '../core/telemetry-record.ts';

/** Appends lines to telemetry.jsonl; a disk that refuses them costs readings, never the run. */
export class TelemetryFile {
  readonly #path: string;
  #isBroken = false;

  constructor(path: string) {
    this.#path = path;
    // A torn last line of a killed run must not swallow the first line of the next sitting.
    if (endsTorn(path)) this.#append('\n');
  }

  write(record: TelemetryRecord): void {
    this.#append(`${JSON.stringify(record)}\n`);
  }

  #append(text: string): void {
    if (this.#isBroken) return;
    try {
      appendFileSync(this.#path, text);
    } catch {
      this.#isBroken = true;
    }
  }
}

function endsTorn(path: string): boolean {
  if (!existsSync(path)) return false;
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
  } finally {
    closeSync(descriptor);
  }
}

/** Lines of a telemetry.jsonl in order; a missing file has none, a torn line is left out. */
export async function* readTelemetry(path: string): AsyncGenerator<TelemetryRecord> {
  if (!existsSync(path)) return;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const record = parseLine(line);
    if (record !== null) yield record;
  }
}

function parseLine(line: string): TelemetryRecord | null {
  try {
    const parsed = telemetryRecordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
