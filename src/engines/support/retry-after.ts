/** Header values by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const first = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/**
 * Milliseconds that a response asks to wait: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date, read against the
 * response's own `date` where it has one. Null without a readable wish; never negative.
 */
export function parseRetryAfterMs(headers: ResponseHeaders, wallClockMs: number): number | null {
  const exact = Number.parseFloat(first(headers['retry-after-ms']) ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = first(headers['retry-after'])?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse also takes "-5" and the like for a date.
  const until = /^[a-z]{3}/iu.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return null;
  const served = Date.parse(first(headers['date']) ?? '');
  return Math.max(0, until - (Number.isNaN(served) ? wallClockMs : served));
}
