import { rmSync } from 'node:fs';
import { recordKey, type SampleRecord } from '../core/sample-record.ts';
import { Journal, readJournal } from '../store/journal.ts';

/**
 * Answers whose scoring failed for a cause that may pass (a judge that did not answer): kept beside the journal, so that `resume` and
 * `rescore` score them without asking the model again.
 */
export class KeptAnswers {
  readonly #path: string;
  readonly #answers = new Map<string, SampleRecord>();
  #journal: Journal | null = null;

  /** Reads what an earlier session kept; `isDone` tells of samples that the journal has by now. */
  constructor(path: string, isDone: (key: string) => boolean) {
    this.#path = path;
    for (const record of readJournal(path)) {
      const key = recordKey(record);
      if (!isDone(key)) this.#answers.set(key, record);
    }
  }

  /** All kept answers, in the order in which they were made. */
  get records(): readonly SampleRecord[] {
    return [...this.#answers.values()];
  }

  get(key: string): SampleRecord | null {
    return this.#answers.get(key) ?? null;
  }

  keep(record: SampleRecord): void {
    const key = recordKey(record);
    if (this.#answers.has(key)) return;
    this.#answers.set(key, record);
    this.#journal ??= Journal.open(this.#path);
    this.#journal.append(record);
    // Re-scoring takes answers out of the journal: they must stand here before.
    this.#journal.flush();
  }

  /** Forgets an answer that is scored by now. */
  release(key: string): void {
    this.#answers.delete(key);
  }

  /** Ends writing; a file in which nothing is left to score is removed. */
  close(): void {
    this.#journal?.close();
    this.#journal = null;
    if (this.#answers.size === 0) rmSync(this.#path, { force: true });
  }
}
