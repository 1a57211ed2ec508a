import { expect, it } from 'vitest';
import { defaultRetryPolicy, retryDelayMs } from './retry-policy.ts';

it('backs off exponentially with full jitter, capped, on top of what the server asked for', () => {
  const delay = (attempt: number, random: number, retryAfterMs: number | null = null): number =>
    retryDelayMs(defaultRetryPolicy, { attempt, retryAfterMs }, () => random);
  expect([1, 2, 3, 4].map((attempt) => delay(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
  expect(delay(30, 1)).toBe(60_000);
  expect(delay(3, 0)).toBe(0);
  expect(delay(1, 0.5, 7_000)).toBe(7_250);
});
