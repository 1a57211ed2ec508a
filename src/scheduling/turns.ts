/**
 * Lets pieces of work that block the event loop come one a turn, in the order they were asked for, so that bytes which arrive meanwhile are
 * read, and their times stamped, between two of them.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #next = 0;

  /** Resolves when it is this piece's turn. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length - this.#next === 1) setImmediate(() => this.#give());
    });
  }

  #give(): void {
    this.#waiting[this.#next]?.();
    this.#next += 1;
    if (this.#next < this.#waiting.length) {
      // An immediate that is set by another runs after the next look at the network.
      setImmediate(() => this.#give());
      return;
    }
    this.#waiting = [];
    this.#next = 0;
  }
}
