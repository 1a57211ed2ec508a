/** How a request that held a slot ended, as far as the limiter cares. */
export type SlotOutcome =
  | { readonly kind: 'success' }
  /** The server said it has too much to do; `retryAfterMs` when it said for how long. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number | null }
  /** Says nothing about load: a bad request, a cancelled one. */
  | { readonly kind: 'neutral' };

export interface AdaptiveLimitOptions {
  readonly start: number;
  readonly maximum: number;
  readonly minimum?: number;
  readonly nowMs: () => number;
  /** Told of each change and why. */
  readonly onChange?: (limit: number, reason: string) => void;
  /** How long growth stops after a decrease without Retry-After. */
  readonly cooldownMs?: number;
}

/** Holds one slot until it is released; releasing twice is harmless. */
export interface Slot {
  release(outcome: SlotOutcome): void;
}

const decreaseFactor = 0.8;
const increaseFraction = 0.05;
/** Growth needs the limit to have been used to this share, else success says nothing about a higher limit. */
const saturation = 0.8;

/**
 * Limits requests in flight and finds how many the server takes: doubles each round of successes until the first overload (slow start),
 * then grows by 5 % (at least 1) a round; an overload cuts to 0.8 of the limit, once per cooldown, and pauses new requests for `Retry-After`.
 * Successes during a cooldown and rounds below 80 % saturation do not grow it.
 */
export class AdaptiveLimit {
  #limit: number;
  #inFlight = 0;
  #slowStart = true;
  #successes = 0;
  #peakInFlight = 0;
  #cooldownUntilMs = -Infinity;
  #pauseUntilMs = -Infinity;
  #pauseTimer: NodeJS.Timeout | null = null;
  readonly #waiting: ((slot: Slot | null) => void)[] = [];
  #head = 0;
  readonly #options: Required<Omit<AdaptiveLimitOptions, 'onChange'>> & Pick<AdaptiveLimitOptions, 'onChange'>;

  constructor(options: AdaptiveLimitOptions) {
    const { start, maximum, minimum = 1 } = options;
    if (!(minimum >= 1 && maximum >= minimum && start >= 1)) {
      throw new RangeError(
        `limits must satisfy 1 <= minimum (${minimum}) <= maximum (${maximum}) and start (${start}) >= 1`,
      );
    }
    this.#options = { minimum, cooldownMs: 15_000, ...options };
    this.#limit = Math.min(start, maximum);
  }

  get limit(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Waits for a slot; null when the signal aborts first. */
  acquire(signal?: AbortSignal): Promise<Slot | null> {
    if (signal?.aborted) return Promise.resolve(null);
    if (this.#canStart() && this.#head === this.#waiting.length) return Promise.resolve(this.#take());
    return new Promise((resolve) => {
      const wake = (slot: Slot | null): void => {
        signal?.removeEventListener('abort', abort);
        resolve(slot);
      };
      const abort = (): void => {
        const index = this.#waiting.indexOf(wake, this.#head);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve(null);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(wake);
      this.#wakeAfterPause();
    });
  }

  #canStart(): boolean {
    return this.#inFlight < Math.floor(this.#limit) && this.#options.nowMs() >= this.#pauseUntilMs;
  }

  #take(): Slot {
    this.#inFlight += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight);
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        this.#inFlight -= 1;
        if (outcome.kind === 'success') this.#succeed();
        else if (outcome.kind === 'overloaded') this.#backOff(outcome.retryAfterMs);
        this.#wake();
      },
    };
  }

  #wake(): void {
    while (this.#head < this.#waiting.length && this.#canStart()) {
      const next = this.#waiting[this.#head];
      this.#head += 1;
      next?.(this.#take());
    }
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    this.#wakeAfterPause();
  }

  #wakeAfterPause(): void {
    const waitMs = this.#pauseUntilMs - this.#options.nowMs();
    if (waitMs <= 0 || this.#pauseTimer !== null || this.#head === this.#waiting.length) return;
    this.#pauseTimer = setTimeout(() => {
      this.#pauseTimer = null;
      this.#wake();
    }, waitMs);
  }

  #succeed(): void {
    if (this.#options.nowMs() < this.#cooldownUntilMs) return;
    this.#successes += 1;
    if (this.#successes < Math.floor(this.#limit)) return;
    const wasSaturated = this.#peakInFlight >= saturation * Math.floor(this.#limit);
    this.#successes = 0;
    this.#peakInFlight = this.#inFlight;
    if (!wasSaturated || this.#limit >= this.#options.maximum) return;
    const grown = this.#slowStart ? this.#limit * 2 : this.#limit + Math.max(1, this.#limit * increaseFraction);
    this.#set(Math.min(this.#options.maximum, grown), this.#slowStart ? 'slow start' : 'additive increase');
  }

  #backOff(retryAfterMs: number | null): void {
    const nowMs = this.#options.nowMs();
    if (retryAfterMs !== null) this.#pauseUntilMs = Math.max(this.#pauseUntilMs, nowMs + retryAfterMs);
    if (nowMs < this.#cooldownUntilMs) return;
    this.#slowStart = false;
    this.#successes = 0;
    this.#cooldownUntilMs = nowMs + (retryAfterMs ?? this.#options.cooldownMs);
    this.#set(Math.max(this.#options.minimum, this.#limit * decreaseFactor), 'server overloaded');
  }

  #set(limit: number, reason: string): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#options.onChange?.(Math.floor(limit), reason);
  }
}
