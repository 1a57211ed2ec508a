/** When to try again: exponential back-off with full jitter, never sooner than the server asked for. */
export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly retries: number;
  readonly baseDelayMs: number;
  readonly maximumDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { retries: 5, baseDelayMs: 500, maximumDelayMs: 60_000 };

/** Milliseconds to wait before attempt `attempt + 1` (attempts count from 1): uniform in [0, base × 2^(attempt−1)], capped, plus what the server asked for. */
export function retryDelayMs(
  policy: RetryPolicy,
  failure: { readonly attempt: number; readonly retryAfterMs: number | null },
  random: () => number,
): number {
  const ceiling = Math.min(policy.maximumDelayMs, policy.baseDelayMs * 2 ** (failure.attempt - 1));
  return (failure.retryAfterMs ?? 0) + random() * ceiling;
}
