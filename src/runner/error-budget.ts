/** Failures in a row at the very start after which going on makes no sense. */
const hopelessStart = 10;

/** Counts samples that failed for infrastructure, and says when a run should stop. */
export class ErrorBudget {
  readonly #allowed: number;
  #failed = 0;
  #succeeded = 0;

  /** `maxErrors` below 1 is a fraction of the planned samples, else a count. */
  constructor(options: { readonly planned: number; readonly maxErrors: number }) {
    const { planned, maxErrors } = options;
    this.#allowed = maxErrors < 1 ? Math.max(hopelessStart, Math.ceil(planned * maxErrors)) : maxErrors;
  }

  succeed(): void {
    this.#succeeded += 1;
  }

  fail(): void {
    this.#failed += 1;
  }

  /** True when more failed than allowed, or the first ten all did. */
  get isSpent(): boolean {
    return this.#failed > this.#allowed || (this.#succeeded === 0 && this.#failed >= hopelessStart);
  }
}
