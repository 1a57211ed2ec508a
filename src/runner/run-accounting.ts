import type { SampleRecord } from '../core/sample-record.ts';

/** Facts about a run's requests that are summed as records pass by. */
export class RunAccounting {
  readonly #intervals: [number, number][] = [];
  readonly #firstTokenMs: number[] = [];
  #promptTokens: number | null = 0;
  #completionTokens: number | null = 0;
  #attempts = 0;
  #records = 0;

  add(record: SampleRecord): void {
    this.#records += 1;
    this.#attempts += record.attempts;
    const { promptTokens, completionTokens } = record.usage;
    this.#promptTokens = addKnown(this.#promptTokens, promptTokens);
    this.#completionTokens = addKnown(this.#completionTokens, completionTokens);
    const { startedAt, latencyMs, timeToFirstTokenMs } = record.timings;
    if (startedAt !== null && latencyMs !== null && latencyMs > 0) {
      const startMs = Date.parse(startedAt);
      this.#intervals.push([startMs, startMs + latencyMs]);
    }
    if (timeToFirstTokenMs !== null) this.#firstTokenMs.push(timeToFirstTokenMs);
  }

  get usage(): { readonly promptTokens: number | null; readonly completionTokens: number | null } {
    return {
      promptTokens: this.#records === 0 ? null : this.#promptTokens,
      completionTokens: this.#records === 0 ? null : this.#completionTokens,
    };
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Milliseconds in which at least one request was in flight: the union of all requests' times. */
  busyMs(): number {
    let total = 0;
    let until = -Infinity;
    for (const [start, end] of this.#intervals.toSorted((a, b) => a[0] - b[0])) {
      if (end <= until) continue;
      total += end - Math.max(start, until);
      until = end;
    }
    return total;
  }

  /** Generated tokens a second of busy time; null when tokens are unknown. */
  outputTokensPerSecond(): number | null {
    const busy = this.busyMs();
    return this.usage.completionTokens === null || busy === 0 ? null : (this.usage.completionTokens * 1000) / busy;
  }

  samplesPerSecond(): number | null {
    const busy = this.busyMs();
    return busy === 0 ? null : (this.#records * 1000) / busy;
  }

  /** Quantiles of type 7; null without a streamed token. */
  timeToFirstTokenMs(): { readonly p50: number; readonly p95: number; readonly n: number } | null {
    const sorted = this.#firstTokenMs.toSorted((a, b) => a - b);
    if (sorted.length === 0) return null;
    const at = (p: number): number => {
      const position = p * (sorted.length - 1);
      const low = sorted[Math.floor(position)] ?? 0;
      const high = sorted[Math.ceil(position)] ?? low;
      return low + (high - low) * (position - Math.floor(position));
    };
    return { p50: at(0.5), p95: at(0.95), n: sorted.length };
  }
}

/** A sum that is unknown as soon as one part is. */
const addKnown = (sum: number | null, part: number | null): number | null =>
  sum === null || part === null ? null : sum + part;
