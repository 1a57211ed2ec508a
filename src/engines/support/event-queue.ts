interface Waiter<Item> {
  readonly resolve: (item: Item) => void;
  readonly reject: (reason: unknown) => void;
}

/** Items pushed by one side and awaited one by one by the other; a failure is delivered after the items before it. */
export class EventQueue<Item> {
  readonly #items: Item[] = [];
  #failure: { readonly reason: unknown } | null = null;
  #waiter: Waiter<Item> | null = null;

  push(item: Item): void {
    const waiter = this.#take();
    if (waiter) waiter.resolve(item);
    else this.#items.push(item);
  }

  /** Ends the queue: `next` rejects with the reason, now or when the items have been taken. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#take()?.reject(reason);
  }

  next(): Promise<Item> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure.reason);
      else this.#waiter = { resolve, reject };
    });
  }

  #take(): Waiter<Item> | null {
    const waiter = this.#waiter;
    this.#waiter = null;
    return waiter;
  }
}
