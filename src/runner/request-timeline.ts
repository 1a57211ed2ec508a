import type { SampleRecord } from '../core/sample-record.ts';
import { wasTurnedAway } from '../core/spent-tokens.ts';

/** One answered request on the wall clock, in milliseconds since the epoch. */
export interface TimedRequest {
  readonly startMs: number;
  /** Time of the first token; null for an answer without one. */
  readonly firstTokenMs: number | null;
  readonly endMs: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** Times of all requests of a run, and the work that lay in any part of it. Requests of imported runs have no place in time, but may have durations. */
export class RequestTimeline {
  /** Milliseconds from send to first token, of the requests that streamed one. */
  readonly firstTokenDelaysMs: number[] = [];
  /** Milliseconds from send to end. */
  readonly durationsMs: number[] = [];
  /** Tokens a second after the first one, of the requests that streamed more than one chunk. */
  readonly streamRates: number[] = [];
  // Columns of numbers, NaN for what is not known, so that a run of many samples stays small.
  readonly #requests = {
    startMs: column(),
    firstTokenMs: column(),
    endMs: column(),
    promptTokens: column(),
    completionTokens: column(),
  };
  readonly #samples = { endMs: column(), score: column() };
  #busy: readonly (readonly [number, number])[] | null = null;
  #starts: readonly BusyStart[] | null = null;

  /** Adds the requests of a sample: one, or one a turn. */
  add(record: SampleRecord): void {
    this.#busy = null;
    this.#starts = null;
    const { turns } = record;
    const generatesNothing = record.continuations !== null || wasTurnedAway(record);
    let lastEndMs = 0;
    for (const { timings, usage } of turns !== null && turns.length > 0 ? turns : [record]) {
      const { startedAt, latencyMs, timeToFirstTokenMs } = timings;
      if (timeToFirstTokenMs !== null) this.firstTokenDelaysMs.push(timeToFirstTokenMs);
      const rate = streamRate(timings, usage.completionTokens);
      if (rate !== null) this.streamRates.push(rate);
      if (latencyMs === null || latencyMs <= 0) continue;
      this.durationsMs.push(latencyMs);
      if (startedAt === null) continue;
      const startMs = Date.parse(startedAt);
      const columns = this.#requests;
      columns.startMs.push(startMs);
      columns.firstTokenMs.push(timeToFirstTokenMs === null ? Number.NaN : startMs + timeToFirstTokenMs);
      columns.endMs.push(startMs + latencyMs);
      columns.promptTokens.push(usage.promptTokens ?? Number.NaN);
      // Whatever the usage leaves open.
      columns.completionTokens.push(generatesNothing ? 0 : (usage.completionTokens ?? Number.NaN));
      lastEndMs = Math.max(lastEndMs, startMs + latencyMs);
    }
    if (lastEndMs === 0) return;
    this.#samples.endMs.push(lastEndMs);
    this.#samples.score.push(record.score ?? Number.NaN);
  }

  get requestCount(): number {
    return this.#requests.startMs.length;
  }

  get sampleCount(): number {
    return this.#samples.endMs.length;
  }

  /** Ends of the samples, with their scores; null for an unscored one. */
  *samples(): Generator<{ readonly endMs: number; readonly score: number | null }> {
    const { endMs, score } = this.#samples;
    for (let index = 0; index < endMs.length; index++) yield { endMs: endMs[index] ?? 0, score: known(score[index]) };
  }

  *requests(): Generator<TimedRequest> {
    const { startMs, firstTokenMs, endMs, promptTokens, completionTokens } = this.#requests;
    for (let index = 0; index < startMs.length; index++) {
      yield {
        startMs: startMs[index] ?? 0,
        firstTokenMs: known(firstTokenMs[index]),
        endMs: endMs[index] ?? 0,
        promptTokens: known(promptTokens[index]),
        completionTokens: known(completionTokens[index]),
      };
    }
  }

  /** Intervals in which at least one request was in flight, in order. */
  get busy(): readonly (readonly [number, number])[] {
    this.#busy ??= unionOf(this.#requests.startMs, this.#requests.endMs);
    return this.#busy;
  }

  /** Milliseconds in which at least one request was in flight. */
  busyMs(): number {
    return this.busy.reduce((total, [start, end]) => total + end - start, 0);
  }

  /**
   * Rates a second in equal parts of the busy time: what an amount comes to when it is spread evenly over its interval. The mean of the
   * rates is the total over the busy time. Null when an amount is not known.
   */
  rates(
    parts: number,
    amountOf: (request: TimedRequest) => { readonly amount: number | null; readonly fromMs: number },
  ): readonly number[] | null {
    const partMs = this.busyMs() / parts;
    if (partMs === 0) return null;
    for (const request of this.requests()) if (amountOf(request).amount === null) return null;
    const amounts = function* (requests: Iterable<TimedRequest>): Generator<SpreadAmount> {
      for (const request of requests) {
        const { amount, fromMs } = amountOf(request);
        yield { amount: amount ?? 0, fromMs, toMs: request.endMs };
      }
    };
    return this.spread(parts, amounts(this.requests())).map((sum) => (sum * 1000) / partMs);
  }

  /** Amounts spread evenly over their intervals, added up in equal parts of the busy time. */
  spread(parts: number, amounts: Iterable<SpreadAmount>): readonly number[] {
    const sums = Array.from({ length: parts }, () => 0);
    const partMs = this.busyMs() / parts;
    if (partMs === 0) return sums;
    for (const { amount, fromMs, toMs } of amounts)
      addSpread(sums, { amount, from: this.#busyBefore(fromMs) / partMs, to: this.#busyBefore(toMs) / partMs });
    return sums;
  }

  /** Busy milliseconds between two times. */
  busyBetween(fromMs: number, toMs: number): number {
    return this.#busyBefore(toMs) - this.#busyBefore(fromMs);
  }

  /** Milliseconds of busy time before a time. */
  #busyBefore(ms: number): number {
    this.#starts ??= startsOf(this.busy);
    const starts = this.#starts;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle]?.start ?? 0) <= ms) low = middle;
      else high = middle - 1;
    }
    const found = starts[low];
    return found ? found.before + Math.min(Math.max(0, ms - found.start), found.end - found.start) : 0;
  }
}

const column = (): number[] => [];

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** Busy intervals with the busy time before each. */
function startsOf(busy: readonly (readonly [number, number])[]): readonly BusyStart[] {
  let before = 0;
  return busy.map(([start, end]) => {
    const entry = { start, end, before };
    before += end - start;
    return entry;
  });
}

interface BusyStart {
  readonly start: number;
  readonly end: number;
  readonly before: number;
}

/** An amount and the wall-clock interval it belongs to. */
export interface SpreadAmount {
  readonly amount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Tokens after the first, over the time from the first token-bearing chunk to the last; null for an answer of one chunk. */
function streamRate(timings: SampleRecord['timings'], tokens: number | null): number | null {
  const { meanGapMs, chunks } = timings;
  if (meanGapMs === null || meanGapMs <= 0 || chunks === null || chunks < 2 || tokens === null || tokens < 2)
    return null;
  return ((tokens - 1) * 1000) / (meanGapMs * (chunks - 1));
}

/** Intervals that overlap made one, in order. */
function unionOf(startMs: readonly number[], endMs: readonly number[]): readonly (readonly [number, number])[] {
  const merged: [number, number][] = [];
  const order = Uint32Array.from(startMs.keys()).sort((a, b) => (startMs[a] ?? 0) - (startMs[b] ?? 0));
  for (const index of order) {
    const [start, end] = [startMs[index] ?? 0, endMs[index] ?? 0];
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Adds an amount to the parts that its interval covers, by how much it covers. */
function addSpread(
  sums: number[],
  { amount, from, to }: { readonly amount: number; readonly from: number; readonly to: number },
): void {
  const last = sums.length - 1;
  const first = Math.min(last, Math.floor(from));
  if (to <= from) {
    sums[first] = (sums[first] ?? 0) + amount;
    return;
  }
  for (let part = first; part <= Math.min(last, Math.floor(to)); part++) {
    const covered = Math.min(to, part === last ? Infinity : part + 1) - Math.max(from, part);
    sums[part] = (sums[part] ?? 0) + (amount * covered) / (to - from);
  }
}
