/** What one asking of a source gave: a value, or a reason why not; `final` when asking again is of no use. */
export type Reading<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'problem'; readonly reason: string; readonly final?: boolean };

/** Failures in a row after which a source is asked less often. */
const patience = 3;
/** Ticks left out between two askings of a source that keeps failing. */
const restTicks = 30;

/** Asks one source again and again, never twice at once: a source that hangs costs nobody anything but its own readings. */
export class PolledSource<Value> {
  readonly #ask: () => Promise<Reading<Value>>;
  #asking: Promise<void> | null = null;
  #fresh: Value | null = null;
  #problem: string | null = null;
  #failures = 0;
  #rest = 0;
  #isOver = false;

  constructor(ask: () => Promise<Reading<Value>>) {
    this.#ask = ask;
  }

  /** Asks unless an answer is still awaited; resolves when the answer is there. */
  async poll(): Promise<void> {
    if (this.#isOver) return;
    if (this.#asking === null) {
      if (this.#rest > 0) {
        this.#rest--;
        return;
      }
      this.#asking = this.#ask()
        .catch((error: unknown): Reading<Value> => ({ kind: 'problem', reason: String(error) }))
        .then((reading) => this.#take(reading));
    }
    await this.#asking;
  }

  /** The value that came since the last call, and what is wrong; each may be null. */
  take(): { readonly value: Value | null; readonly problem: string | null } {
    const value = this.#fresh;
    this.#fresh = null;
    return { value, problem: value === null ? (this.#problem ?? 'no answer yet') : null };
  }

  #take(reading: Reading<Value>): void {
    this.#asking = null;
    if (reading.kind === 'value') {
      this.#fresh = reading.value;
      this.#problem = null;
      this.#failures = 0;
      return;
    }
    this.#problem = reading.reason;
    this.#failures++;
    this.#isOver = reading.final === true;
    if (this.#failures >= patience) this.#rest = restTicks;
  }
}
