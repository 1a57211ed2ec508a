/** Requests in flight from which on a request waits for others; below it a server has time to be woken for each. */
const busyFrom = 32;
/** How long a request waits for others, far below what a busy server takes for a token. */
const waitMs = 1;
/** The most that go out together: what a server reads one after another, the last of them has waited for unseen. */
const mostTogether = 8;

/**
 * Sends requests together that become ready within a millisecond while many are in flight, at most eight. A server on the same machine then wakes once for
 * all of them: waking it for each costs the sender more than the request itself.
 */
export class Departures {
  #ready: (() => void)[] = [];

  /** Calls `send` now, or soon with others. */
  leave(send: () => void, inFlight: number): void {
    if (inFlight < busyFrom) {
      send();
      return;
    }
    this.#ready.push(send);
    if (this.#ready.length === 1) setTimeout(() => this.#sendSome(), waitMs);
  }

  #sendSome(): void {
    for (const send of this.#ready.splice(0, mostTogether)) send();
    if (this.#ready.length > 0) setTimeout(() => this.#sendSome(), waitMs);
  }
}
