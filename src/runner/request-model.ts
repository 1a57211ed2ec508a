import { isQwenEvalError, type QwenEvalError } from '../core/errors.ts';
import type { FailureCode } from '../core/failure-code.ts';
import type { AdaptiveLimit, Slot, SlotOutcome } from '../scheduling/adaptive-limit.ts';
import { retryDelayMs, type RetryPolicy } from '../scheduling/retry-policy.ts';
import type { Clock } from './clock.ts';

/** What a request to a model needs besides the request itself. */
export interface RequestContext {
  readonly limit: AdaptiveLimit;
  /** A slot taken beforehand for the first request; null when each request takes its own. */
  readonly takeSlot: () => Slot | null;
  readonly retryPolicy: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hard stop: requests in flight are cancelled. */
  readonly signal: AbortSignal;
  /** The run is to end: what failed is not tried again. */
  readonly ending: AbortSignal;
  /** Told of each failed attempt, for the log. */
  readonly onFailure: (failure: { readonly attempt: number; readonly error: QwenEvalError }) => void;
}

/** A request's answer, or why there is none after all attempts. */
export type Requested<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly attempts: number }
  | { readonly kind: 'failed'; readonly error: QwenEvalError; readonly attempts: number }
  | { readonly kind: 'cancelled' };

/** Sends one request in a slot of the limiter, again after failures that may pass, with back-off outside the slot. Errors that are not ours are bugs and are thrown. */
export async function requestModel<T>(
  send: (signal: AbortSignal) => Promise<T>,
  context: RequestContext,
): Promise<Requested<T>> {
  for (let attempt = 1; ; attempt++) {
    const slot = context.takeSlot() ?? (await context.limit.acquire(context.signal));
    if (slot === null) return { kind: 'cancelled' };
    try {
      const value = await send(context.signal);
      slot.release({ kind: 'success' });
      return { kind: 'answered', value, attempts: attempt };
    } catch (error) {
      slot.release(outcomeOf(error));
      if (context.signal.aborted) return { kind: 'cancelled' };
      if (!isQwenEvalError(error)) throw error;
      context.onFailure({ attempt, error });
      if (!error.retryable || attempt > context.retryPolicy.retries)
        return { kind: 'failed', error, attempts: attempt };
      // The limiter already waits for Retry-After; the jitter spreads those that were refused together.
      await context.clock.sleep(
        retryDelayMs(context.retryPolicy, { attempt, retryAfterMs: null }, context.random),
        context.signal,
      );
    }
  }
}

function outcomeOf(error: unknown): SlotOutcome {
  if (isQwenEvalError(error) && error.code === 'E_ENGINE_RATE_LIMIT') {
    const { retryAfterMs } = error.details;
    return { kind: 'overloaded', retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null };
  }
  if (isQwenEvalError(error) && (error.code === 'E_ENGINE_TIMEOUT' || error.code === 'E_ENGINE_SERVER')) {
    return { kind: 'overloaded', retryAfterMs: null };
  }
  return { kind: 'neutral' };
}

/** The failure code of a sample whose request failed for good, and whether doing it again can help. */
export function failureOfRequest(error: QwenEvalError): { readonly code: FailureCode; readonly repeatable: boolean } {
  switch (error.code) {
    case 'E_CONTEXT_EXCEEDED':
      return { code: 'ctx.exceeded', repeatable: false };
    case 'E_ENGINE_RATE_LIMIT':
      return { code: 'infra.rate_limit', repeatable: true };
    case 'E_ENGINE_TIMEOUT':
      return { code: 'infra.timeout', repeatable: true };
    case 'E_ENGINE_UNREACHABLE':
    case 'E_ENGINE_STREAM':
    case 'E_ENGINE_TLS':
      return { code: 'infra.network', repeatable: true };
    case 'E_ENGINE_CRASHED':
      return { code: 'infra.engine', repeatable: true };
    default:
      return { code: 'infra.http', repeatable: true };
  }
}

/** True for failures that every further request would meet too. */
export const isFatal = (error: QwenEvalError): boolean =>
  error.code === 'E_ENGINE_AUTH' ||
  error.code === 'E_ENGINE_TLS' ||
  error.code === 'E_MODEL_UNKNOWN' ||
  // A server that ended answers nothing more; the embedded engine starts once more by itself.
  (error.code === 'E_ENGINE_CRASHED' && !error.retryable) ||
  error.code === 'E_MODEL_FILE';
