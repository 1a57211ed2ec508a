import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { QwenEvalError } from '../core/errors.ts';
import { sampleRecordSchema, type SampleRecord } from '../core/sample-record.ts';

const chunkBytes = 1 << 20;
const flushBytes = 1 << 17;
const flushDelayMs = 25;

/** Turns a failed write into an error that says which disk and what to do. */
export function outputError(path: string, cause: unknown): QwenEvalError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new QwenEvalError('E_DISK_FULL', `no space left to write ${path}`, {
      hint: 'free space or choose another folder with --out; what is written is kept, and the run can be resumed',
      cause,
    });
  }
  return new QwenEvalError('E_OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}`, {
    hint: 'choose a folder you may write to with --out',
    cause,
  });
}

/**
 * The append-only journal of a run: one complete JSON line a finished sample. Opening cuts a torn last line.
 * Lines are written in batches at most 25 ms late; `flush` writes them at once, `close` also syncs them to the disk.
 */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #timer: NodeJS.Timeout | null = null;
  #failure: QwenEvalError | null = null;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  static open(path: string): Journal {
    let descriptor: number;
    try {
      descriptor = openSync(path, 'a+');
    } catch (cause) {
      throw outputError(path, cause);
    }
    cutTornLine(descriptor);
    return new Journal(path, descriptor);
  }

  /** Adds a record. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE, also for an earlier batch that failed. */
  append(record: SampleRecord): void {
    if (this.#failure) throw this.#failure;
    const line = `${JSON.stringify(record)}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
    if (this.#pendingLength >= flushBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushQuietly(), flushDelayMs);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#pendingLength = 0;
    const start = fstatSync(this.#descriptor).size;
    try {
      for (let offset = 0; offset < bytes.length;) offset += writeSync(this.#descriptor, bytes, offset);
    } catch (cause) {
      this.#failure = outputError(this.path, cause);
      cutBack(this.#descriptor, start);
      throw this.#failure;
    }
  }

  // A timer has no caller to throw to: the failure is kept for the next append or close.
  #flushQuietly(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failure ??= outputError(this.path, error);
    }
  }

  close(): void {
    try {
      this.flush();
      fdatasyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
    if (this.#failure) throw this.#failure;
  }
}

// What a failed batch left behind is torn anyway: where it cannot be cut now, the next opening cuts it.
function cutBack(descriptor: number, size: number): void {
  try {
    ftruncateSync(descriptor, size);
  } catch {
    return;
  }
}

/** Cuts everything after the last newline. */
function cutTornLine(descriptor: number): void {
  const { size } = fstatSync(descriptor);
  const buffer = Buffer.alloc(Math.min(size, chunkBytes));
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - buffer.length);
    const length = readSync(descriptor, buffer, 0, end - start, start);
    const newline = buffer.subarray(0, length).lastIndexOf(0x0a);
    if (newline >= 0) {
      if (start + newline + 1 < size) ftruncateSync(descriptor, start + newline + 1);
      return;
    }
    end = start;
  }
  if (size > 0) ftruncateSync(descriptor, 0);
}

/** Lines of a file with their 1-based numbers, in constant memory. A last line without a newline is left out as torn, unless `keepTornLine`. */
export function* readLines(
  path: string,
  options: { readonly keepTornLine?: boolean } = {},
): Generator<{ readonly line: string; readonly number: number }> {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(chunkBytes);
    let rest: Buffer[] = [];
    let number = 0;
    for (;;) {
      const length = readSync(descriptor, buffer, 0, buffer.length, null);
      if (length === 0) {
        if (options.keepTornLine && rest.length > 0)
          yield { line: Buffer.concat(rest).toString('utf8'), number: ++number };
        return;
      }
      let from = 0;
      for (
        let newline = buffer.indexOf(0x0a, from);
        newline >= 0 && newline < length;
        newline = buffer.indexOf(0x0a, from)
      ) {
        const piece = buffer.subarray(from, newline);
        const line = rest.length === 0 ? piece.toString('utf8') : Buffer.concat([...rest, piece]).toString('utf8');
        rest = [];
        from = newline + 1;
        yield { line, number: ++number };
      }
      if (from < length) rest.push(Buffer.from(buffer.subarray(from, length)));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Records of a journal in the order they were written, in constant memory. A missing file has none; a line that is no record is E_INPUT_INVALID naming the line. */
export function* readJournal(path: string): Generator<SampleRecord> {
  if (!existsSync(path)) return;
  for (const { line, number } of readLines(path)) {
    let parsed;
    try {
      parsed = sampleRecordSchema.safeParse(JSON.parse(line));
    } catch (cause) {
      throw new QwenEvalError('E_INPUT_INVALID', `line ${number} of ${path} is not JSON`, {
        hint: 'the journal was changed by hand: restore it, or delete the line and resume the run',
        cause,
      });
    }
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new QwenEvalError(
        'E_INPUT_INVALID',
        `line ${number} of ${path} is not a sample record: ${issue?.path.join('.')}: ${issue?.message}`,
        {
          hint: 'the journal was written by another version or changed by hand',
        },
      );
    }
    yield parsed.data;
  }
}
