import { createWriteStream, type WriteStream } from 'node:fs';

/** Lines kept in memory before there is a file, and the last ones after. */
const keptBefore = 20_000;
const keptAfter = 500;

/** What a server wrote: kept until there is a file for it, then written there. */
export class EngineLog {
  #lines: string[] = [];
  #file: WriteStream | null = null;
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The lines so far, or the last ones once they go to a file. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  write(line: string): void {
    this.#lines.push(line);
    const most = this.#file === null ? keptBefore : keptAfter;
    // Cut in bulk: shifting one by one would move the whole array for each line.
    if (this.#lines.length > 2 * most) this.#lines = this.#lines.slice(-most);
    this.#file?.write(`${line}\n`);
    this.#onLine(line);
  }

  /** Appends what is kept, and from now on every line, to a file. A file that cannot be written is left alone: a run does not end for its log. */
  attach(path: string): void {
    this.#file?.end();
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#file.on('error', () => {
      this.#file = null;
    });
    for (const line of this.#lines) this.#file.write(`${line}\n`);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (file !== null) await new Promise<void>((resolve) => file.end(resolve));
  }
}
